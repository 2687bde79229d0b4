"""What waits for a word, and what became of the rest."""
