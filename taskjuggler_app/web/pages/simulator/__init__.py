"""The flight simulator's page."""
