"""Leave to do one thing once: asked for, given by a person, spent."""
