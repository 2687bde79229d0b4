"""The REST API, version 1: one file a domain, each a router; app.py puts them together."""
