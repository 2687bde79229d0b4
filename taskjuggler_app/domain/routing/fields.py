"""The fields of a message that a rule may speak about, and what kind of value each has.

A message is a flat dict of these names; an absent or null field means that the message does not say.
"""

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


LEVELS = ("low", "normal", "high", "urgent")

MESSAGE_FIELDS: dict[str, Kind] = {
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
    "received_weekday": Kind.TEXT,  # monday … sunday
    "received_date": Kind.DATES,
    "received_time": Kind.TIMES,
}
ORDERED = frozenset({Kind.NUMBER, Kind.LEVEL, Kind.DATES, Kind.TIMES})
LEVEL_FIELDS = frozenset(name for name, kind in MESSAGE_FIELDS.items() if kind is Kind.LEVEL)
