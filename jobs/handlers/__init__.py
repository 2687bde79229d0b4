"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import (
    ai_tools,
    appointments,
    contacts,
    files,
    incoming,
    marketplace,
    notifications,
    outgoing,
    payments,
    receptionist,
    routing,
    simulator,
    sitehealth,
    tef,
)

__all__ = [
    "ai_tools",
    "appointments",
    "contacts",
    "files",
    "incoming",
    "marketplace",
    "notifications",
    "outgoing",
    "payments",
    "receptionist",
    "routing",
    "simulator",
    "sitehealth",
    "tef",
]
