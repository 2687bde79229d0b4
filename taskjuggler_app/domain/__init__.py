"""The business rules: no web framework, no vendor, no HTTP."""
