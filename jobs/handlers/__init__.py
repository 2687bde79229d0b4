"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import contacts, outgoing, receptionist

__all__ = ["contacts", "outgoing", "receptionist"]
