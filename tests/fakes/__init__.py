"""Stand-ins for vendors, over HTTP."""
