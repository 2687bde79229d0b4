"""The task exchange: actors, what they are to each other, how far they are trusted, and the messages between them."""
