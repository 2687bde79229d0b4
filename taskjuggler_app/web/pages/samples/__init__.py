"""The card that takes sample data away, on Today and among the settings."""
