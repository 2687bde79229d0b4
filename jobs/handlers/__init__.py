"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import appointments, contacts, files, incoming, notifications, outgoing, receptionist, sitehealth

__all__ = ["appointments", "contacts", "files", "incoming", "notifications", "outgoing", "receptionist", "sitehealth"]
