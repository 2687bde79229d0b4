"""Job name -> domain function, a file a domain. Handlers run at least once, so each is idempotent."""

from jobs.handlers import (
    ai_tools,
    analytics,
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
    webhooks,
)

__all__ = [
    "ai_tools",
    "analytics",
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
    "webhooks",
]
