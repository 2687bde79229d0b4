"""The fields of a message that a rule may speak about, and what kind of value each has.

A message is a flat dict of these names; an absent or null field means that the message does not say.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, which settles what can be asked of it."""

    TEXT = "text"
    NUMBER = "number"
    LEVEL = "level"  # low < normal < high < urgent; numbers too, as older rules have them
    FLAG = "flag"
    LIST = "list"  # of text
    DATES = "dates"  # a list of YYYY-MM-DD
    TIMES = "times"  # a list of HH:MM
    MOMENT = "moment"  # an ISO datetime with its offset
    DAY = "day"  # monday … sunday


LEVELS = ("low", "normal", "high", "urgent")

EXTRACTED_FIELDS: dict[str, Kind] = {
    "category": Kind.TEXT,
    "category_confidence": Kind.NUMBER,
    "urgency": Kind.LEVEL,
    "priority": Kind.LEVEL,  # another name for urgency, as the reference schema's example has it
    "sentiment": Kind.TEXT,  # negative, neutral, positive
    "sentiment_score": Kind.NUMBER,  # -1 to 1
    "summary": Kind.TEXT,
    "keywords": Kind.LIST,
    "subject": Kind.TEXT,
    "body": Kind.TEXT,
    "from": Kind.TEXT,  # phone number (E.164) or address of the sender
    "from_name": Kind.TEXT,
    "channel": Kind.TEXT,  # the channel's name
    "source_type": Kind.TEXT,  # phone, email, sms, web, api
    "contact_name": Kind.TEXT,
    "contact_phone": Kind.TEXT,
    "contact_email": Kind.TEXT,
    "location": Kind.TEXT,  # the first place named
    "locations": Kind.LIST,
    "dates": Kind.DATES,
    "times": Kind.TIMES,
    "phones": Kind.LIST,
    "emails": Kind.LIST,
    "urls": Kind.LIST,
    "has_attachments": Kind.FLAG,
    "received_hour": Kind.NUMBER,  # 0 to 23, on the workspace's clock
    "received_weekday": Kind.DAY,
    "received_date": Kind.DATES,
    "received_time": Kind.TIMES,
}
CIRCUMSTANCE_FIELDS: dict[str, Kind] = {
    "received": Kind.MOMENT,  # on the clock of the workspace's zone
    "business_hours": Kind.FLAG,  # whether it came in while the business was open
    "language": Kind.TEXT,  # ISO 639-1
    "contact_lists": Kind.LIST,  # names of the lists that have the sender
    "attachment_count": Kind.NUMBER,
    "attachment_names": Kind.LIST,
    "attachment_types": Kind.LIST,  # media types
    "is_first_message": Kind.FLAG,  # nothing came from this sender before
    "earlier_messages": Kind.NUMBER,  # from the same sender
    "has_open_task": Kind.FLAG,  # an earlier message of the sender became a task that is still open
}
"""What surrounds a message: when it came, from whom, and what came before it."""

MESSAGE_FIELDS: dict[str, Kind] = {**EXTRACTED_FIELDS, **CIRCUMSTANCE_FIELDS}
CUSTOM_PREFIX = "custom."
"""A field of the workspace's own: `custom.` and its name, any kind of value."""
ORDERED = frozenset({Kind.NUMBER, Kind.LEVEL, Kind.DATES, Kind.TIMES, Kind.MOMENT})
CLOCKED = frozenset({Kind.TIMES, Kind.MOMENT})
LEVEL_FIELDS = frozenset(name for name, kind in MESSAGE_FIELDS.items() if kind is Kind.LEVEL)


def kind_of(field: str, fields: Mapping[str, Kind]) -> Kind | None:
    """The kind of a field's values; None for a custom field, which may hold anything. KeyError if there is none."""
    if field.startswith(CUSTOM_PREFIX) and len(field) > len(CUSTOM_PREFIX):
        return None
    return fields[field]
