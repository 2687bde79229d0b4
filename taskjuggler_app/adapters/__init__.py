"""The outside world: one file a vendor, each behind a port of `core.ports`."""
