"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import files, outgoing, receptionist

__all__ = ["files", "outgoing", "receptionist"]
