"""What a visitor sees before signing in."""
