"""AI tools: set up, tried, watched at work; and the card of a task that has one work on it."""
