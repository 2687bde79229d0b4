"""The web app: Reflex pages on top of the domain."""
