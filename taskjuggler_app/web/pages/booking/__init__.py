"""What visitors without an account see: times to book, their own appointment."""
