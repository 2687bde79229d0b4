"""The flat dict of a message that the routing engine reads; its names are those of `routing.fields`."""

from datetime import datetime
from typing import Any

from taskjuggler_app.domain.receptionist.extraction.extract import local_time
from taskjuggler_app.domain.receptionist.extraction.values import Extraction, Found

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def facts(
    extraction: Extraction,
    *,
    body: str,
    sender: str,
    received_at: datetime,
    zone: str,
    subject: str | None = None,
    sender_name: str | None = None,
    channel: str | None = None,
    source_type: str | None = None,
    has_attachments: bool = False,
) -> dict[str, Any]:
    """Every field of `routing.fields.MESSAGE_FIELDS`, as JSON values; None or [] where the message does not say.

    `sender` is the phone number or address the message came from (field `from`); `contact_*` is what the message
    itself says, with the sender's name standing in for `contact_name` when it says none. Received fields are on
    the clock of `zone`, the workspace's IANA zone, and so are times. Ranges count by their first day or minute.
    """
    local = local_time(received_at, zone)
    contact = extraction.contact
    return {
        "category": extraction.category.value.value,
        "category_confidence": extraction.category.confidence,
        "urgency": extraction.urgency.level.value,
        "priority": extraction.urgency.level.value,
        "sentiment": extraction.sentiment.label.value,
        "sentiment_score": extraction.sentiment.score,
        "summary": extraction.summary or None,
        "keywords": _values(extraction.keywords),
        "subject": subject,
        "body": body,
        "from": sender,
        "from_name": sender_name,
        "channel": channel,
        "source_type": source_type,
        "contact_name": _value(contact.name) or sender_name,
        "contact_phone": _value(contact.phone),
        "contact_email": _value(contact.email),
        "location": _value(extraction.locations[0]) if extraction.locations else None,
        "locations": _values(extraction.locations),
        "dates": _values(extraction.dates),
        "times": [one.here[-5:] if one.here else one.value for one in extraction.times],
        "phones": _values(extraction.phones),
        "emails": _values(extraction.emails),
        "urls": _values(extraction.urls),
        "has_attachments": has_attachments,
        "received_hour": local.hour,
        "received_weekday": _WEEKDAYS[local.weekday()],
        "received_date": local.date().isoformat(),
        "received_time": f"{local:%H:%M}",
    }


def _value(found: Found | None) -> str | None:
    return found.value if found else None


def _values(found: tuple[Found, ...]) -> list[str]:
    return [f.value for f in found]
