"""Web sites: scans and issues."""
