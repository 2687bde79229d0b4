"""Contact lists, imports and bulk messages."""
