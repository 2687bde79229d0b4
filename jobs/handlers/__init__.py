"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import contacts, files, outgoing, receptionist

__all__ = ["contacts", "files", "outgoing", "receptionist"]
