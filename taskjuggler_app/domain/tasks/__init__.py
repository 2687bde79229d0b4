"""Tasks: one accountable doer, one table of allowed transitions."""
