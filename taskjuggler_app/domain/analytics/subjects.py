"""The facts behind a count, with the names of what they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.analytics import histogram
from taskjuggler_app.domain.analytics.facts import EPOCH
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.people import names_of
from taskjuggler_app.domain.analytics.tiles import duration
from taskjuggler_app.models.analytics import NOBODY
from taskjuggler_app.models.appointments import Appointment, AppointmentType
from taskjuggler_app.models.marketplace import MarketplaceListing
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import Task

_ITEMS = frozenset({"messages", "message_hour", "routed", "response", "read", "corrected", "category", "stage"})
_APPOINTMENTS = frozenset({"booked", "meetings", "no_show", "cancelled"})
_LISTINGS = frozenset({"listed", "listing_stage", "award", "bids"})
_DURATIONS = frozenset({"cycle", "response", "award"})


@dataclass
class Row:
    """One of what was counted. `at` is ISO 8601; `amount` is what it adds where that is not 1, or how long it took."""

    title: str = ""
    note: str = ""
    at: str = ""
    href: str = ""
    who: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Only buckets from `low` to `high`, only one weekday (1 is Monday, 0 any)."""

    low: int | None = None
    high: int | None = None
    weekday: int = 0

    @classmethod
    def parse(cls, wanted: Mapping[str, str]) -> "Narrowed":
        """`bucket` as 3, 3-7 or 0,1; `weekday` as 1 to 7. Invalid otherwise."""
        said, day = wanted.get("bucket", ""), wanted.get("weekday", "")
        parts = said.replace(",", "-").split("-") if said else []
        if len(parts) > 2 or not all(part.isdecimal() and len(part) < 5 for part in parts):
            raise Invalid("That is no part of a count.", "bucket")
        if day and day not in "1234567":
            raise Invalid("That is no weekday.", "weekday")
        low, high = (int(parts[0]), int(parts[-1])) if parts else (None, None)
        return cls(low, high, int(day or 0))


_FACTS = """
  FROM analytics_facts
 WHERE team_id = :team AND metric = :metric AND day BETWEEN :first AND :last
   AND (CAST(:low AS int) IS NULL OR bucket BETWEEN :low AND :high)
   AND (CAST(:channel AS text) IS NULL OR channel = :channel)
   AND (CAST(:doer AS uuid) IS NULL OR doer = :doer)
   AND (:weekday = 0 OR extract(isodow FROM day) = :weekday)
 GROUP BY subject_id HAVING sum(n) <> 0
"""
_PAGE = text(
    f"SELECT subject_id, sum(n) AS n, max(doer::text) AS doer, max(bucket) AS bucket {_FACTS}"  # ours
    " ORDER BY max(day) DESC, subject_id OFFSET :offset LIMIT :size"
)
_SUMS = text(f"SELECT count(*), coalesce(sum(n), 0) FROM (SELECT sum(n) AS n {_FACTS}) AS found")  # noqa: S608  # ours


def counted(
    session: Session, frame: Frame, metric: str, narrowed: Narrowed, offset: int, size: int
) -> tuple[list[Row], int, str]:
    """Some of the subjects that a count is made of, newest first; how many there are; what they add up to.

    `flow` is a level: what came into the state until the last day and had not left it.
    """
    first, last = frame.first, frame.last
    if metric == "now":
        first = last = EPOCH
    elif metric == "flow":
        first = EPOCH
    values = {
        "team": frame.team_id,
        "metric": metric,
        "first": first,
        "last": last,
        "low": narrowed.low,
        "high": narrowed.high,
        "channel": frame.channel,
        "doer": frame.doer,
        "weekday": narrowed.weekday,
    }
    count, total = session.execute(_SUMS, values).one()
    found = session.execute(_PAGE, {**values, "offset": offset, "size": size}).all()
    about = _about(session, metric, [subject_id for subject_id, *_ in found])
    names = names_of(session, [UUID(doer) for *_, doer, _ in found])
    rows = []
    for subject_id, n, doer, bucket in found:
        title, note, at, href = about.get(subject_id, ("Something that is gone", "", None, ""))
        amount = _took(bucket) if metric in _DURATIONS else f"{n:,} times" if n != 1 else ""
        who = names.get(UUID(doer), "") if UUID(doer) != NOBODY else ""
        rows.append(Row(title, note, at.isoformat() if at else "", href, who, amount))
    return rows, count, f"{total:,}"


def _took(step: int) -> str:
    """A duration's step in words, as near as the counts know it."""
    return f"about {duration(histogram.middle(step))}"


_About = dict[Any, tuple[str, str, datetime | None, str]]


def _about(session: Session, metric: str, ids: Sequence[UUID]) -> _About:
    """Title, what more there is to say, when, and address, by id."""
    if metric in _ITEMS:
        return _items(session, ids)
    if metric in _APPOINTMENTS:
        return _appointments(session, ids)
    if metric in _LISTINGS:
        rows = session.exec(select(MarketplaceListing).where(col(MarketplaceListing.id).in_(ids)))
        return {
            one.id: (one.title, one.status.value, one.created_at, f"/marketplace/listings/{one.id}") for one in rows
        }
    return {one.id: task_row(one) for one in session.exec(select(Task).where(col(Task.id).in_(ids)))}


def task_row(task: Task) -> tuple[str, str, datetime | None, str]:
    """A task's title, state, time and address."""
    return task.title, task.status.value.replace("_", " "), task.created_at, f"/tasks/{task.id}"


def message_row(message: Any) -> tuple[str, str, datetime | None, str]:
    """A message's first words, sender, time and address."""
    title = (message.subject or message.body.strip() or "Without words")[:120]
    return title, message.from_name or message.from_identifier, message.received_at, f"/inbox/{message.id}"


def _items(session: Session, ids: Sequence[UUID]) -> _About:
    columns = (
        InboxItem.id,
        InboxItem.subject,
        InboxItem.body,
        InboxItem.from_name,
        InboxItem.from_identifier,
        InboxItem.received_at,
    )
    rows = session.execute(select(*columns).where(col(InboxItem.id).in_(ids)))  # type: ignore[call-overload]  # six
    return {one.id: message_row(one) for one in rows}


def _appointments(session: Session, ids: Sequence[UUID]) -> _About:
    rows = session.exec(
        select(Appointment, AppointmentType.name)
        .join(AppointmentType, col(AppointmentType.id) == col(Appointment.appointment_type_id))
        .where(col(Appointment.id).in_(ids))
    )
    return {
        one.id: (
            f"{kind}: {one.guest_name}",
            one.status.value.replace("_", " "),
            one.start_time,
            f"/calendar?day={one.start_time.date().isoformat()}",
        )
        for one, kind in rows
    }
