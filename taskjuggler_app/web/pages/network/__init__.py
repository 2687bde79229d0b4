"""The network: actors, their trust, what was handed to them, deliveries, quarantine, delegation rules."""
