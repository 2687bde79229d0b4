"""The notification centre, and what is mailed when."""
