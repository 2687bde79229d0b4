"""Today: what needs attention."""
