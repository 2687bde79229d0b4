"""What AI vendors work with: their tools, and each run of one on a task."""
