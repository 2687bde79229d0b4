"""Direct messages."""
