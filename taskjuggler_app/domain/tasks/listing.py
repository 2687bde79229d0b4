"""Pages of tasks by keyset, each arm of a scope along an index of its own.

A person's tasks are those they own and those given to their membership: two arms of a UNION ALL, each of which stops
after a page, never one OR that reads everything. Conditions of the partial indexes are written out literally, so that
the planner knows them also in a plan that was prepared.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, bindparam, literal, literal_column, text, tuple_, union_all
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import lines
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.rows import TaskRow, task_row
from taskjuggler_app.domain.teams.faces import face_of
from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.tasks import Priority, Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
COUNTED_TO = 1000
"""Badges count this far: what is more is more."""
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
IS_OPEN: ColumnElement[bool] = literal_column("(tasks.status IN ('pending', 'in_progress'))")
IS_KEPT: ColumnElement[bool] = literal_column("(tasks.deleted_at IS NULL)")
DUE: ColumnElement[Any] = literal_column("COALESCE(tasks.due_date, 'infinity'::timestamptz)")
NOBODYS: ColumnElement[bool] = literal_column(
    "(num_nonnulls(tasks.owner_id, tasks.team_member_id, tasks.marketplace_vendor_id) = 0)"
)
_NO_DATE = "infinity"

Arm = list[ColumnElement[bool]]


def page(
    session: Session, principal: Principal, wanted: TaskFilter, cursor: str = "", size: int = PAGE_SIZE
) -> Page[TaskRow]:
    """One page of tasks, newest or soonest due first. Invalid for a cursor that is not ours."""
    if wanted.text.strip():
        from taskjuggler_app.domain.tasks import searching  # it pages with what is here

        return searching.page(session, principal, wanted, cursor, size)
    found = session.execute(page_query(session, principal, wanted, cursor, size + 1)).all()
    now = clock.utcnow()
    last = found[size - 1] if len(found) > size else None
    return Page([lines.line(one, now) for one in found[:size]], cursor_at(wanted, last) if last is not None else "")


def page_json(
    session: Session, principal: Principal, wanted: TaskFilter, cursor: str = "", size: int = PAGE_SIZE
) -> Page[str]:
    """As `page`, each row the JSON that programs get: the database writes it."""
    if wanted.text.strip():
        from taskjuggler_app.domain.tasks import searching  # it pages with what is here

        found = searching.page(session, principal, wanted, cursor, size)
        ids = [UUID(row.id) for row in found.rows]
        made = dict(session.execute(sa_select(col(Task.id), lines.JSON).where(col(Task.id).in_(ids))).all())
        return Page([made[one] for one in ids if one in made], found.next_cursor)
    if wanted.scope == "all" and not (wanted.doer or wanted.due or cursor):
        query, values = _first_page(wanted, size + 1), {"team": principal.team_id}
    else:
        query, values = page_query(session, principal, wanted, cursor, size + 1, (lines.JSON,)), {}
    rows = session.connection().execute(query, values).scalars().all()
    if len(rows) <= size:
        return Page(list(rows))
    last = json.loads(rows[size - 1])  # read again, so that the others need no columns besides
    at = last["due_at"] if wanted.sort == "due" else last["created_at"]
    return Page(list(rows[:size]), Cursor(datetime.fromisoformat(at) if at else NEVER, UUID(last["id"])).dump())


@lru_cache(maxsize=64)
def _first_page(wanted: TaskFilter, limit: int) -> Select[Any]:
    """The first page of a whole workspace (`team`), made once: to find that a new statement is one that was compiled
    before takes as long as to run it.
    """
    arm = [col(Task.team_id) == bindparam("team"), *conditions_of("UTC", wanted)]
    return sa_select(lines.JSON).where(*arm).order_by(*_order(wanted)).limit(literal_column(str(limit)))


def page_query(
    session: Session,
    principal: Principal,
    wanted: TaskFilter,
    cursor: str,
    limit: int,
    columns: Sequence[ColumnElement[Any]] = lines.COLUMNS,
) -> Select[Any]:
    """The lines of a page in order: arms merged, each already limited.

    The limit is written out: with one that it does not know, a statement that was prepared is planned anew each time.
    """
    most: ColumnElement[int] = literal_column(str(limit))
    conditions = conditions_of(principal.timezone, wanted)
    if cursor:
        conditions.append(_after(wanted, cursor))
    order = _order(wanted)
    arms = arms_of(session, principal, wanted)
    if len(arms) == 1:
        return sa_select(*columns).where(*arms[0], *conditions).order_by(*order).limit(most)
    place = (col(Task.id), DUE.label("place") if wanted.sort == "due" else col(Task.created_at).label("place"))
    found = [sa_select(*place).where(*arm, *conditions).order_by(*order).limit(most).subquery() for arm in arms]
    merged = union_all(*[sa_select(one.c.id, one.c.place) for one in found]).subquery()
    ids = sa_select(merged.c.id).limit(most)
    ids = (
        ids.order_by(merged.c.place, merged.c.id)
        if wanted.sort == "due"
        else ids.order_by(merged.c.place.desc(), merged.c.id.desc())
    )
    first = ids.subquery()
    return sa_select(*columns).join(first, first.c.id == col(Task.id)).order_by(*order)


def arms_of(session: Session, principal: Principal, wanted: TaskFilter) -> list[Arm]:
    """The scope as sets that do not overlap, each with an index of its own."""
    team: Arm = [col(Task.team_id) == principal.team_id]
    if wanted.doer:
        member = session.get(TeamMember, _id(wanted.doer))
        if member is None or member.team_id != principal.team_id:
            raise NotFound("That person is not in this workspace.")
        return _arms_of_person(team, member.user_id, member.id)
    if wanted.scope == "mine":
        return _arms_of_person(team, principal.user_id, _membership(session, principal))
    if wanted.scope == "asked":
        return [[*team, col(Task.requestor_id) == principal.user_id]]
    if wanted.scope == "unassigned":
        return [[*team, NOBODYS]]
    return [team]


def conditions_of(zone: str, wanted: TaskFilter) -> Arm:
    """What every arm must satisfy besides."""
    conditions: Arm = [IS_KEPT]
    if wanted.status == "open":
        conditions.append(IS_OPEN)
    elif wanted.status in TaskStatus._value2member_map_:
        conditions.append(is_status(TaskStatus(wanted.status)))
    if wanted.priority in Priority._value2member_map_:
        conditions.append(_literally("priority", Priority(wanted.priority)))
    if wanted.tag:
        conditions.append(col(Task.tags).contains([wanted.tag.removeprefix("#").lower()]))
    if wanted.project:
        conditions.append(col(Task.project_id) == _id(wanted.project))
    return [*conditions, *_due_conditions(wanted.due, zone)]


def is_status(status: TaskStatus) -> ColumnElement[bool]:
    """Written out, so that the planner knows how many there are also in a plan that was prepared."""
    return _literally("status", status)


def _literally(column: str, value: StrEnum) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = literal_column(f"(tasks.{column} = '{value.value}')")
    return condition


def rows_of(session: Session, tasks: Sequence[Task]) -> list[TaskRow]:
    """The rows, with the doers' names and pictures read once each."""
    doers = _doers(session, tasks)
    return [task_row(task, *doers.get(task.id, ())) for task in tasks]


def _doers(session: Session, tasks: Sequence[Task]) -> dict[UUID, tuple[str, str]]:
    """Task -> name and picture of who does it; a vendor has no picture."""
    members = {task.team_member_id for task in tasks if task.team_member_id}
    users = {(task.owner_id, task.team_id) for task in tasks if task.owner_id and not task.team_member_id}
    vendors = {task.marketplace_vendor_id for task in tasks if task.marketplace_vendor_id}
    by_id: dict[UUID | None, tuple[str, str]] = {}
    if members:
        face = face_of(col(TeamMember.user_id), col(TeamMember.team_id))
        query = sa_select(col(TeamMember.id), col(User.name), face).join(User, col(User.id) == col(TeamMember.user_id))
        found = session.execute(query.where(col(TeamMember.id).in_(members)))
        by_id |= {one: (name, picture or "") for one, name, picture in found}
    for team_id in {team_id for _, team_id in users}:
        theirs = [user_id for user_id, their_team in users if their_team == team_id]
        face = face_of(col(User.id), literal(team_id))
        found = session.execute(sa_select(col(User.id), col(User.name), face).where(col(User.id).in_(theirs)))
        by_id |= {one: (name, picture or "") for one, name, picture in found}
    if vendors:
        named = select(MarketplaceVendor.id, MarketplaceVendor.name).where(col(MarketplaceVendor.id).in_(vendors))
        by_id |= {one: (name, "") for one, name in session.exec(named)}
    doers = {task.id: task.team_member_id or task.owner_id or task.marketplace_vendor_id for task in tasks}
    return {task_id: by_id[doer] for task_id, doer in doers.items() if doer in by_id}


def counts(session: Session, principal: Principal) -> dict[str, int]:
    """Numbers for tabs and badges, each counted to COUNTED_TO: open, mine, unassigned, urgent, overdue, unrouted (all
    open) and each status."""
    team = col(Task.team_id) == principal.team_id
    mine = _arms_of_person([team], principal.user_id, _membership(session, principal))
    status = {one.value: [[team, IS_KEPT, col(Task.status) == one]] for one in TaskStatus}
    open_: Arm = [team, IS_KEPT, IS_OPEN]
    wanted: dict[str, list[Arm]] = {
        **status,
        "open": [open_],
        "mine": [[*arm, IS_KEPT, IS_OPEN] for arm in mine],
        "unassigned": [[*open_, NOBODYS]],
        "urgent": [[*open_, col(Task.priority) == Priority.URGENT]],
        "overdue": [[*open_, clock.utcnow() > DUE]],
        "unrouted": [[*open_, col(Task.tags).contains(["unrouted"])]],
    }
    columns = []
    for name, arms in wanted.items():
        limited: list[Select[Any]] = [
            sa_select(literal_column("1")).select_from(Task).where(*arm).limit(COUNTED_TO) for arm in arms
        ]
        numbers = [sa_select(func.count()).select_from(one.subquery()).scalar_subquery() for one in limited]
        total: Any = numbers[0]
        for number in numbers[1:]:
            total = total + number
        columns.append(func.least(total, COUNTED_TO).label(name))
    row = session.execute(sa_select(*columns)).one()
    return {name: int(getattr(row, name)) for name in wanted}


def created_by_day(session: Session, principal: Principal, zone: str, days: int) -> list[tuple[str, int]]:
    """How many tasks came in on each of the last `days` days of `zone`'s calendar: (ISO date, number)."""
    day = func.date(func.timezone(zone, col(Task.created_at)))
    today = clock.utcnow().astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=days - 1)
    start = datetime.combine(first, time(), ZoneInfo(zone))
    query = (
        select(day, func.count())
        .where(col(Task.team_id) == principal.team_id, IS_KEPT, col(Task.created_at) >= start)
        .group_by(day)
    )
    found = {made.isoformat(): number for made, number in session.exec(query)}
    dates = [(first + timedelta(days=offset)).isoformat() for offset in range(days)]
    return [(date, found.get(date, 0)) for date in dates]


def between(
    session: Session, principal: Principal, start: datetime, end: datetime, *, mine: bool = False, most: int = 500
) -> list[TaskRow]:
    """The open and finished tasks that are due in the span, soonest first: the calendar's."""
    conditions: Arm = [IS_KEPT, start <= DUE, end > DUE]
    conditions.append(col(Task.status) != TaskStatus.CANCELLED)
    order = (DUE, col(Task.id))
    arms = [
        sa_select(col(Task.id)).where(*arm, *conditions).order_by(*order).limit(most)
        for arm in arms_of(session, principal, TaskFilter(scope="mine" if mine else "all"))
    ]
    ids = union_all(*[sa_select(arm.subquery().c.id) for arm in arms]).subquery()
    query = sa_select(Task).join(ids, ids.c.id == col(Task.id)).order_by(*order).limit(most)
    return rows_of(session, session.scalars(query).all())


def cursor_at(wanted: TaskFilter, task: Task | Row[Any]) -> str:
    """The place of a task in the order of the list."""
    at = task.created_at if wanted.sort != "due" else (task.due_date or NEVER)
    return Cursor(at, task.id).dump()


def _after(wanted: TaskFilter, cursor: str) -> ColumnElement[bool]:
    place = Cursor.parse(cursor)
    if wanted.sort != "due":
        return tuple_(col(Task.created_at), col(Task.id)) < (place.at, place.id)
    at = place.at.isoformat() if place.at.year < NEVER.year else _NO_DATE
    after = text("(COALESCE(tasks.due_date, 'infinity'::timestamptz), tasks.id) > (CAST(:at AS timestamptz), :last)")
    compared: Any = after.bindparams(at=at, last=place.id)
    return compared  # type: ignore[no-any-return]  # a text clause serves as a condition


def _order(wanted: TaskFilter) -> tuple[Any, ...]:
    if wanted.sort == "due":
        return DUE, col(Task.id)
    return col(Task.created_at).desc(), col(Task.id).desc()


def _due_conditions(due: str, zone: str) -> Arm:
    now = clock.utcnow()
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
    if due == "overdue":
        return [now > DUE]
    if due == "today":
        return [today <= DUE, today + timedelta(days=1) > DUE]
    if due == "week":
        return [today <= DUE, today + timedelta(days=7) > DUE]
    return [col(Task.due_date).is_(None)] if due == "none" else []


def _arms_of_person(team: Arm, user_id: UUID | None, member_id: UUID | None) -> list[Arm]:
    arms: list[Arm] = [[*team, col(Task.owner_id) == user_id]]
    if member_id is not None:
        arms.append([*team, col(Task.team_member_id) == member_id])
    return arms


def _membership(session: Session, principal: Principal) -> UUID | None:
    mine = aliased(TeamMember)
    return session.exec(
        select(mine.id).where(mine.team_id == principal.team_id, mine.user_id == principal.user_id)
    ).first()


def _id(value: str) -> UUID:
    try:
        return parse_uuid(value)
    except NotFound:
        raise Invalid("That filter is not one of ours.", "filter") from None
