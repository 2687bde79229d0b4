"""Counts for dashboards, kept from the case log: exact, rebuildable, read in milliseconds."""
