"""The inbox and a message's own page."""
