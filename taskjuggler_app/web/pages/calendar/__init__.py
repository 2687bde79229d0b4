"""A host's calendar, types, hours and what is coming."""
