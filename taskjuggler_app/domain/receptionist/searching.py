"""What a person types into the inbox's search, as conditions on messages.

`faucet 4b` finds messages with both words, the last letters of a word may be missing. `from:rosa` looks at the sender,
`subject:invoice` at the subject, `has:attachment`, `is:unread` and `is:mine` say what they say, `before:2026-03-01` and
`after:2026-03-01` are days on the person's own clock. A filter that cannot be read is taken as words.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Boolean, ColumnElement, exists, func, literal_column
from sqlmodel import col

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.receptionist import INBOX_SEARCH, InboxItem, InboxRead

MOST_WORDS = 12
LONGEST_WORD = 60
_PART = re.compile(r'(?:(\w+):)?(?:"([^"]*)"|(\S+))')
_WEIGHTS = {"from": "A", "subject": "B"}
_TOKEN = re.compile(r"[^\W_]+")


def conditions(principal: Principal, text: str) -> list[ColumnElement[bool]]:
    """The conditions that `text` asks for; none for blank text."""
    found: list[ColumnElement[bool]] = []
    words: list[str] = []
    for name, quoted, plain in _PART.findall(text):
        value = quoted or plain
        condition = _filter(principal, name.lower(), value) if name else None
        if condition is not None:
            found.append(condition)
        else:
            weight = _WEIGHTS.get(name.lower(), "")
            prefix = f"{name} " if name and not weight else ""
            words += _tokens(prefix + value, weight, is_whole=bool(quoted))
    if words:
        query = func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(words[:MOST_WORDS]))
        found.append(INBOX_SEARCH.op("@@")(query))
    return found


def is_unread(principal: Principal) -> ColumnElement[bool]:
    """The person has not opened the message."""
    return ~exists().where(col(InboxRead.item_id) == col(InboxItem.id), col(InboxRead.user_id) == principal.user_id)


def _filter(principal: Principal, name: str, value: str) -> ColumnElement[bool] | None:
    value = value.lower()
    if name == "has" and value in ("attachment", "attachments", "file"):
        return literal_column("inbox_items.attachments <> '[]'::jsonb", Boolean)
    if name == "is" and value == "unread":
        return is_unread(principal)
    if name == "is" and value == "mine":
        return col(InboxItem.assigned_to) == principal.user_id
    if name in ("before", "after") and (moment := _moment(value, principal.timezone, next_day=name == "after")):
        received = col(InboxItem.received_at)
        return received < moment if name == "before" else received >= moment
    return None


def _moment(day: str, zone: str, *, next_day: bool) -> datetime | None:
    """Midnight at the start of `day` in the zone, or of the day after it."""
    try:
        first = date.fromisoformat(day) + timedelta(days=int(next_day))
        return datetime.combine(first, time(), ZoneInfo(zone or "UTC"))
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None


def _tokens(text: str, weight: str, *, is_whole: bool) -> list[str]:
    """The words of a tsquery. A word that more of the text follows is whole; the last may go on."""
    parts: list[str] = []
    for chunk in text.split():
        for match in _TOKEN.finditer(chunk):
            goes_on = not is_whole and match.end() == len(chunk)
            flags = ("*" if goes_on else "") + weight
            parts.append(match.group()[:LONGEST_WORD] + (f":{flags}" if flags else ""))
    return parts
