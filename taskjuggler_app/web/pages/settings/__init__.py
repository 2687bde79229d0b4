"""A person's own profile, password and devices."""
