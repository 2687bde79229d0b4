"""What people say a fact is: kept beside what was read, one row a correction, and as labelled examples."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist import queries
from taskjuggler_app.domain.receptionist.channels import DEFAULT_REGION
from taskjuggler_app.domain.receptionist.extraction.values import Category, Level, Mood
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem
from taskjuggler_app.models.understanding import FactCorrection
from taskjuggler_app.models.users import User

JUDGED = ("category", "urgency", "sentiment", "language")
LISTED = ("dates", "times", "phones", "emails", "urls", "locations", "money", "numbers")
CHOICES = {
    "category": tuple(one.value for one in Category),
    "urgency": tuple(one.value for one in Level),
    "sentiment": tuple(one.value for one in Mood),
}
_LONGEST = 300
_MOST_EXAMPLES = 5_000


@dataclass
class CorrectionRow:
    """The last word of a person on a fact. An empty value: there is no such fact in the message."""

    fact: str = ""
    value: str = ""
    person: str = ""
    created_at: str = ""


def correct(session: Session, principal: Principal, item_id: UUID, fact: str, value: str) -> FactCorrection:
    """Say what a fact is, or with "" that it is none. Invalid for an unknown fact or a value it cannot have.

    `fact` is a judgement's name, "name" for the writer's, or a kind and a place as in "dates.0". What was read stays.
    """
    item = queries.get_for_update(session, principal, item_id)
    machine = _read(item, fact)
    row = FactCorrection(
        team_id=item.team_id,
        inbox_item_id=item.id,
        fact=fact,
        machine=machine,
        value=_checked(fact.partition(".")[0], value.strip(), _region(session, item)),
        created_by=principal.user_id,
    )
    session.add(row)
    data = {"fact": fact, "machine": machine.get("value"), "value": row.value}
    record_event(session, principal, kind="message.corrected", subject_type="inbox_item", subject_id=item.id, data=data)
    live.publish(session, topics.inbox_item(item.id))
    return row


def of_item(session: Session, principal: Principal, item_id: UUID) -> list[CorrectionRow]:
    """The last correction of each fact of a message."""
    rows = session.exec(
        select(FactCorrection, User.name)
        .outerjoin(User, col(User.id) == col(FactCorrection.created_by))
        .where(FactCorrection.inbox_item_id == item_id, FactCorrection.team_id == principal.team_id)
        .order_by(col(FactCorrection.created_at), col(FactCorrection.id))
    )
    last = {row.fact: CorrectionRow(row.fact, row.value, name or "", row.created_at.isoformat()) for row, name in rows}
    return list(last.values())


def examples(session: Session, principal: Principal) -> list[dict[str, Any]]:
    """The workspace's corrections as labelled examples, the oldest first: {text, fact, machine, value}."""
    rows = session.exec(
        select(FactCorrection, InboxItem.body)
        .join(InboxItem, col(InboxItem.id) == col(FactCorrection.inbox_item_id))
        .where(FactCorrection.team_id == principal.team_id)
        .order_by(col(FactCorrection.created_at), col(FactCorrection.id))
        .limit(_MOST_EXAMPLES)
    )
    return [{"text": body, "fact": row.fact, "machine": row.machine, "value": row.value} for row, body in rows]


def _read(item: InboxItem, fact: str) -> dict[str, Any]:
    """What was read as this fact. Invalid when the message has no such fact."""
    extracted = item.extracted_data or {}
    kind, _, place = fact.partition(".")
    if kind in JUDGED and not place:
        return dict(extracted.get(kind) or {})
    if fact == "name":
        return dict((extracted.get("contact") or {}).get("name") or {})
    values = extracted.get(kind) if kind in LISTED else None
    if values is None or not place.isdecimal() or int(place[:4]) >= len(values):
        raise Invalid("The message has no such fact.", "fact")
    return dict(values[int(place)])


def _region(session: Session, item: InboxItem) -> str:
    """The country that a number without a country code is from: the channel's."""
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    return channel.region if channel is not None else DEFAULT_REGION


def _checked(kind: str, value: str, region: str) -> str:
    """The value in normal form. Invalid says what it should look like."""
    if not value:
        if kind in CHOICES:
            raise Invalid("Choose one.", "value")
        return ""
    if kind in CHOICES:
        if value not in CHOICES[kind]:
            raise Invalid("Choose one.", "value")
        return value
    try:
        if kind == "dates":
            return date.fromisoformat(value).isoformat()
        if kind == "times":
            return f"{time.fromisoformat(value):%H:%M}"
    except ValueError:
        shape = "2026-03-31" if kind == "dates" else "14:30"
        raise Invalid(f"Write it like {shape}.", "value") from None
    if kind == "phones":
        return normalise_phone(value, region)
    if kind == "emails":
        return normalise_email(value)
    if len(value) > _LONGEST:
        raise Invalid(f"That is longer than {_LONGEST} characters.", "value")
    return value
