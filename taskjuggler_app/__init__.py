"""TaskJuggler: every request that reaches a small business becomes a task with one accountable doer."""
