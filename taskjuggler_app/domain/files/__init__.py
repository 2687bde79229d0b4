"""Files that people attach: who may read them, and what they belong to."""
