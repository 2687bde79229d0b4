"""The audit log: the whole case log of a workspace, for its admins, newest first. Pages are by the event's number."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy import text as sql
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.errors import Invalid, NotFound, require
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.core.sheets import harmless
from taskjuggler_app.domain.cases import naming, policy
from taskjuggler_app.models.cases import CaseEvent
from taskjuggler_app.models.tef import Actor
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
MOST = 50_000
"""Events of one sheet."""
SYSTEM = "system"
"""In place of a person: what TaskJuggler did by itself."""
DOORS = {
    Door.WEB: "Browser",
    Door.API: "API key",
    Door.MCP: "Assistant (MCP)",
    Door.TEF: "Task exchange",
    Door.WEBHOOK: "Vendor's webhook",
    Door.RULE: "Routing rule",
    Door.JOB: "In the background",
}
_CHUNK = 1_000
_GROUP: ColumnElement[Any] = literal_column("split_part(case_events.kind, '.', 1)")
# One step of the index for each group, however many events there are.
_GROUPS = sql(
    """
    WITH RECURSIVE groups(name) AS (
      (SELECT split_part(kind, '.', 1) FROM case_events WHERE team_id = :team ORDER BY 1 LIMIT 1)
      UNION ALL
      SELECT (SELECT split_part(kind, '.', 1) FROM case_events
               WHERE team_id = :team AND split_part(kind, '.', 1) > name ORDER BY 1 LIMIT 1)
        FROM groups WHERE name IS NOT NULL)
    SELECT name FROM groups WHERE name IS NOT NULL
    """
)
_COLUMNS = ("Number", "Time (UTC)", "Who", "Door", "What", "Subject", "Subject's id", "Details", "Hash")
_LONGEST_DETAIL = 300


@dataclass(frozen=True)
class AuditFilter:
    """What to show; "" is everything. `who` is an id or SYSTEM; `kind` is `task` or `task.created`; days are local."""

    who: str = ""
    door: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> "AuditFilter":
        """The filter out of an address's query; names that are not ours are passed over."""
        return cls(**{name: str(given.get(name) or "")[:80] for name in cls.__dataclass_fields__})


@dataclass
class AuditRow:
    """One event: who did what to what, when, through which door. `at` is ISO 8601 in UTC."""

    id: str = ""
    at: str = ""
    who: str = ""
    who_id: str = ""
    door: str = ""
    kind: str = ""
    subject_type: str = ""
    subject_id: str = ""
    subject: str = ""
    refused: str = ""
    detail: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    hash: str = ""


def page(
    session: Session, principal: Principal, wanted: AuditFilter, cursor: str = "", size: int = PAGE_SIZE
) -> Page[AuditRow]:
    """One page of events. Forbidden for who is no admin, Invalid for a filter or a cursor that is none."""
    require(policy.can_read_audit(principal), "The audit log is for admins of the workspace.")
    conditions = _conditions(principal, wanted)
    if cursor:
        conditions.append(col(CaseEvent.id) < _number(cursor))
    query = (
        select(CaseEvent, func.coalesce(User.name, Actor.display_name))
        .outerjoin(User, col(User.id) == col(CaseEvent.principal_id))
        .outerjoin(Actor, col(Actor.id) == col(CaseEvent.principal_id))
        .where(*conditions)
        .order_by(col(CaseEvent.id).desc())
        .limit(size + 1)
    )
    found = session.exec(query).all()
    names = naming.names(session, [(one.subject_type, one.subject_id) for one, _ in found[:size]])
    rows = [_row(one, who, names) for one, who in found[:size]]
    return Page(rows, rows[-1].id if len(found) > size else "")


def kinds(session: Session, principal: Principal) -> list[str]:
    """The kinds' first words that this workspace's log has, in alphabetical order."""
    require(policy.can_read_audit(principal), "The audit log is for admins of the workspace.")
    return list(session.execute(_GROUPS, {"team": principal.team_id}).scalars())


def as_csv(session: Session, principal: Principal, wanted: AuditFilter) -> str:
    """The events as a sheet, newest first, with each row's hash, so that the chain can be checked."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in _all(session, principal, wanted):
        texts = (row.id, row.at, row.who, row.door, row.kind, row.subject, row.subject_id, row.detail, row.hash)
        writer.writerow([harmless(text) for text in texts])
    return out.getvalue()


def _all(session: Session, principal: Principal, wanted: AuditFilter) -> Iterator[AuditRow]:
    cursor, given = "", 0
    while given < MOST:
        found = page(session, principal, wanted, cursor, _CHUNK)
        yield from found.rows
        given, cursor = given + len(found.rows), found.next_cursor
        session.expunge_all()
        if not cursor:
            return


def _conditions(principal: Principal, wanted: AuditFilter) -> list[Any]:
    conditions: list[Any] = [CaseEvent.team_id == principal.team_id]
    if wanted.who == SYSTEM:
        conditions.append(CaseEvent.principal_type == SYSTEM)
    elif wanted.who:
        conditions.append(CaseEvent.principal_id == _id(wanted.who))
    if wanted.door:
        if wanted.door not in set(Door):
            raise Invalid("There is no such door.", "door")
        conditions.append(CaseEvent.door == wanted.door)
    if "." in wanted.kind:
        conditions.append(CaseEvent.kind == wanted.kind)
    if wanted.kind:
        conditions.append(wanted.kind.partition(".")[0] == _GROUP)
    zone = ZoneInfo(principal.timezone)
    if wanted.since:
        conditions.append(CaseEvent.created_at >= _midnight(wanted.since, zone, "since"))
    if wanted.until:
        end = _midnight(wanted.until, zone, "until", days=1)
        conditions.append(CaseEvent.created_at < end)
    return conditions


def _row(event: CaseEvent, who: str | None, names: Mapping[tuple[str, str], str]) -> AuditRow:
    data = event.data
    return AuditRow(
        id=str(event.id),
        at=event.created_at.isoformat(),
        who=who or ("TaskJuggler" if event.principal_id is None else "Somebody who has left"),
        who_id=str(event.principal_id or ""),
        door=event.door,
        kind=event.kind,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        subject=names.get((event.subject_type, event.subject_id), "")
        or str(data.get("name") or data.get("title") or ""),
        refused=str(data.get("refused") or ""),
        detail=_detail(data),
        data=data,
        hash=event.hash,
    )


def _detail(data: Mapping[str, Any]) -> str:
    """The event's own facts in a line; what is empty is left out."""
    parts = [
        f"{name.replace('_', ' ')}: {_short(value)}" for name, value in data.items() if value not in ("", None, [])
    ]
    return "; ".join(parts)[:_LONGEST_DETAIL]


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(one)}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_short(one) for one in _first(value))
    return str(value)


def _first(values: Iterable[Any]) -> list[Any]:
    return list(values)[:10]


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 19):
        raise Invalid("That page link is not one of ours.", "cursor")
    return int(cursor)


def _id(text: str) -> UUID:
    try:
        return parse_uuid(text)
    except NotFound:
        raise Invalid("That person is not one of ours.", "who") from None


def _midnight(day: str, zone: ZoneInfo, place: str, days: int = 0) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time(), zone)
    except (ValueError, OverflowError):
        raise Invalid("Give the day as 2026-03-02.", place) from None
