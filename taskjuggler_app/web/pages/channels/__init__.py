"""The ways in: phone numbers."""
