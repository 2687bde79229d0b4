"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import appointments, outgoing, receptionist

__all__ = ["appointments", "outgoing", "receptionist"]
from jobs.handlers import outgoing, receptionist, sitehealth

__all__ = ["outgoing", "receptionist", "sitehealth"]
from jobs.handlers import contacts, files, notifications, outgoing, receptionist

__all__ = ["contacts", "files", "notifications", "outgoing", "receptionist"]
from jobs.handlers import contacts, files, incoming, outgoing, receptionist

__all__ = ["contacts", "files", "incoming", "outgoing", "receptionist"]
