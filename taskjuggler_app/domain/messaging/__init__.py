"""Direct messages between people who share a workspace or a task."""
