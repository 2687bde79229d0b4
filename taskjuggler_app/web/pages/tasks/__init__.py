"""The task list and a task's own page."""
