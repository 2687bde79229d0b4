"""What surrounds every page of a signed-in person."""
