"""Addresses, message ids and dates out of headers that may be malformed."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from taskjuggler_app.domain.receptionist.mail.parsed import Address
from taskjuggler_app.domain.receptionist.mail.words import clean, header_text, unescaped

MAILBOX = re.compile(r"[^\s<>\"'(),:;\[\]@]{1,128}@[^\s<>\"'(),:;@]{1,253}")
_ID = re.compile(r"<\s*([^<>\s]{1,500})\s*>")


def first(headers: Iterable[tuple[str, str]], name: str) -> str:
    """The first header of that name, or ''."""
    return next((value for key, value in headers if key.lower() == name), "")


def addresses(headers: Iterable[tuple[str, str]], name: str) -> tuple[Address, ...]:
    """The mailboxes of all headers of that name; groups are opened, their names are dropped."""
    values = [" ".join(unescaped(value[:65_536]).split()) for key, value in headers if key.lower() == name]
    return tuple(found for value in values for found in mailboxes(value))


def mailboxes(value: str) -> list[Address]:
    """The mailboxes of one header's value. Names are decoded after the commas are read, as RFC 2047 wants."""
    try:
        pairs = getaddresses([value])
    except (ValueError, IndexError, TypeError, RecursionError):
        pairs = []
    found = [Address(header_text(name), clean(address)) for name, address in pairs if MAILBOX.fullmatch(address)]
    if found:
        return found
    return [Address("", address) for address in MAILBOX.findall(header_text(value))]


def message_ids(value: str) -> tuple[str, ...]:
    """The ids without their angle brackets, in their order, each once."""
    text = header_text(value)
    found = _ID.findall(text) or [word for word in text.split() if "@" in word]
    return tuple(dict.fromkeys(found))


def date(value: str) -> datetime | None:
    """When the sender says it was sent, in UTC; None when that is no date. A zone of -0000 counts as UTC."""
    try:
        said = parsedate_to_datetime(header_text(value))
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
