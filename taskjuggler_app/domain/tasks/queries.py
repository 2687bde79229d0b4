"""Reading tasks: what a principal may see, one page at a time."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import Priority, Task, TaskAction, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
_STATUSES = {status.value for status in TaskStatus}

_Owner = aliased(User)
_MemberUser = aliased(User)
_DOER = func.coalesce(col(_Owner.name), col(_MemberUser.name))


@dataclass
class TaskRow:
    """A task in a list; times are ISO 8601 in UTC, empty for none. `doer` is a name, empty while unclaimed."""

    id: str = ""
    title: str = ""
    status: str = ""
    priority: str = ""
    category: str = ""
    doer: str = ""
    source_type: str = ""
    source_channel: str = ""
    tags: list[str] = field(default_factory=list)
    due_at: str = ""
    overdue: bool = False
    created_at: str = ""


@dataclass
class ActionRow:
    """A line of the task's own history."""

    id: str = ""
    action: str = ""
    who: str = ""
    at: str = ""
    data: dict[str, str] = field(default_factory=dict)


@dataclass
class TaskDetail:
    """A task's page."""

    row: TaskRow
    description: str = ""
    requestor: str = ""
    doer_member_id: str = ""
    version: int = 1
    inbox_item_id: str = ""
    sender: str = ""
    started_at: str = ""
    completed_at: str = ""
    actions: list[ActionRow] = field(default_factory=list)
    trace: dict[str, Any] | None = None


@dataclass(frozen=True)
class TaskFilter:
    """What a list shows. scope: all, mine, unassigned; status: open, or one status, or empty for any."""

    scope: str = "all"
    status: str = "open"
    text: str = ""


def visible(principal: Principal) -> ColumnElement[bool]:
    """What the principal may see: the workspace's tasks that are not in the bin."""
    return and_(col(Task.team_id) == principal.team_id, col(Task.deleted_at).is_(None))


def get_for_update(session: Session, principal: Principal, task_id: UUID) -> Task:
    """The task, locked until the transaction ends. NotFound if it is not the principal's to see."""
    task = session.exec(select(Task).where(Task.id == task_id, visible(principal)).with_for_update()).first()
    if task is None:
        raise NotFound("That task does not exist, or it is not yours to see.")
    return task


def doer_id(session: Session, task: Task) -> UUID | None:
    """The person who does the task: its owner, or the member it is given to."""
    if task.team_member_id is None:
        return task.owner_id
    return session.exec(select(TeamMember.user_id).where(TeamMember.id == task.team_member_id)).first()


def page(session: Session, principal: Principal, wanted: TaskFilter, cursor: str = "") -> Page[TaskRow]:
    """One page of tasks, newest first. Invalid for a cursor that is not ours."""
    query = (
        select(Task, _DOER)
        .outerjoin(_Owner, col(_Owner.id) == col(Task.owner_id))
        .outerjoin(TeamMember, col(TeamMember.id) == col(Task.team_member_id))
        .outerjoin(_MemberUser, col(_MemberUser.id) == col(TeamMember.user_id))
        .where(visible(principal), *_conditions(principal, wanted))
        .order_by(col(Task.created_at).desc(), col(Task.id).desc())
        .limit(PAGE_SIZE + 1)
    )
    if cursor:
        after = Cursor.parse(cursor)
        query = query.where(tuple_(col(Task.created_at), col(Task.id)) < (after.at, after.id))
    found = session.exec(query).all()
    rows = [_row(task, doer) for task, doer in found[:PAGE_SIZE]]
    last = found[PAGE_SIZE - 1][0] if len(found) > PAGE_SIZE else None
    return Page(rows, Cursor(last.created_at, last.id).dump() if last else "")


def counts(session: Session, principal: Principal) -> dict[str, int]:
    """Numbers for tabs and badges: open, mine, unassigned, urgent, overdue, unrouted (all open) and each status."""
    open_ = col(Task.status).in_(OPEN)
    mine = _is_mine(principal)
    wanted = {
        **{status.value: col(Task.status) == status for status in TaskStatus},
        "open": open_,
        "mine": and_(open_, mine),
        "unassigned": and_(open_, _is_unassigned()),
        "urgent": and_(open_, col(Task.priority) == Priority.URGENT),
        "overdue": and_(open_, col(Task.due_date) < clock.utcnow()),
        "unrouted": and_(open_, col(Task.tags).contains(["unrouted"])),
    }
    columns = [func.count().filter(which).label(name) for name, which in wanted.items()]
    row = session.execute(sa_select(*columns).where(visible(principal))).one()
    return {name: int(getattr(row, name)) for name in wanted}


def detail(session: Session, principal: Principal, task_id: UUID) -> TaskDetail:
    """One task with its history. NotFound if it is not the principal's to see."""
    requestor = aliased(User)
    found = session.exec(
        select(Task, _DOER, requestor.name, InboxItem)
        .join(requestor, col(requestor.id) == col(Task.requestor_id))
        .outerjoin(_Owner, col(_Owner.id) == col(Task.owner_id))
        .outerjoin(TeamMember, col(TeamMember.id) == col(Task.team_member_id))
        .outerjoin(_MemberUser, col(_MemberUser.id) == col(TeamMember.user_id))
        .outerjoin(InboxItem, col(InboxItem.id) == col(Task.inbox_item_id))
        .where(Task.id == task_id, visible(principal))
    ).first()
    if found is None:
        raise NotFound("That task does not exist, or it is not yours to see.")
    task, doer, requestor_name, item = found
    return TaskDetail(
        row=_row(task, doer),
        description=task.description or "",
        requestor=requestor_name,
        doer_member_id=str(_doer_member_id(session, task) or ""),
        version=task.version,
        inbox_item_id=str(task.inbox_item_id or ""),
        sender=(item.from_name or item.from_identifier) if item else "",
        started_at=_iso(task.started_at),
        completed_at=_iso(task.completed_at),
        actions=_actions(session, task_id),
        trace=item.routing_trace if item else None,
    )


def created_by_day(session: Session, principal: Principal, zone: str, days: int) -> list[tuple[str, int]]:
    """How many tasks came in on each of the last `days` days of `zone`'s calendar: (ISO date, number)."""
    day = func.date(func.timezone(zone, col(Task.created_at)))
    today = clock.utcnow().astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=days - 1)
    start = datetime.combine(first, time(), ZoneInfo(zone))
    query = select(day, func.count()).where(visible(principal), col(Task.created_at) >= start).group_by(day)
    found = {made.isoformat(): number for made, number in session.exec(query)}
    dates = [(first + timedelta(days=offset)).isoformat() for offset in range(days)]
    return [(date, found.get(date, 0)) for date in dates]


def search(session: Session, principal: Principal, text: str, limit: int = 6) -> list[TaskRow]:
    """The newest tasks whose title contains `text`."""
    return page(session, principal, TaskFilter(status="", text=text)).rows[:limit]


def _conditions(principal: Principal, wanted: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status == "open":
        conditions.append(col(Task.status).in_(OPEN))
    elif wanted.status in _STATUSES:
        conditions.append(col(Task.status) == TaskStatus(wanted.status))
    if wanted.scope == "mine":
        conditions.append(_is_mine(principal))
    elif wanted.scope == "unassigned":
        conditions.append(_is_unassigned())
    if words := wanted.text.strip():
        conditions.append(or_(col(Task.title).icontains(words, autoescape=True), _has_tag(words)))
    return conditions


def _is_mine(principal: Principal) -> ColumnElement[bool]:
    memberships = select(TeamMember.id).where(
        TeamMember.team_id == principal.team_id, TeamMember.user_id == principal.user_id
    )
    return or_(col(Task.owner_id) == principal.user_id, col(Task.team_member_id).in_(memberships))


def _is_unassigned() -> ColumnElement[bool]:
    return func.num_nonnulls(Task.owner_id, Task.team_member_id, Task.marketplace_vendor_id) == 0


def _has_tag(words: str) -> ColumnElement[bool]:
    return col(Task.tags).contains([words.removeprefix("#").lower()])


def _doer_member_id(session: Session, task: Task) -> UUID | None:
    if task.team_member_id is not None or task.owner_id is None:
        return task.team_member_id
    return session.exec(
        select(TeamMember.id).where(TeamMember.team_id == task.team_id, TeamMember.user_id == task.owner_id)
    ).first()


def _actions(session: Session, task_id: UUID) -> list[ActionRow]:
    rows = session.exec(
        select(TaskAction, User.name)
        .outerjoin(User, col(User.id) == col(TaskAction.user_id))
        .where(TaskAction.task_id == task_id)
        .order_by(col(TaskAction.created_at), col(TaskAction.action_type) != "created", col(TaskAction.id))
    ).all()
    people = _names(session, {str(row.action_data.get("to") or "") for row, _ in rows if row.action_type == "assigned"})
    return [
        ActionRow(
            id=str(row.id),
            action=row.action_type,
            who=name or "TaskJuggler",
            at=row.created_at.isoformat(),
            data={key: people.get(str(value), str(value or "")) for key, value in row.action_data.items()},
        )
        for row, name in rows
    ]


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    wanted = [UUID(one) for one in ids if one]
    if not wanted:
        return {}
    return {
        str(user_id): name for user_id, name in session.exec(select(User.id, User.name).where(col(User.id).in_(wanted)))
    }


def _row(task: Task, doer: str | None) -> TaskRow:
    return TaskRow(
        id=str(task.id),
        title=task.title,
        status=task.status.value,
        priority=task.priority.value,
        category=str(task.meta.get("category", "")),
        doer=doer or "",
        source_type=task.source_type.value if task.source_type else "",
        source_channel=task.source_channel or "",
        tags=[str(tag) for tag in task.tags],
        due_at=_iso(task.due_date),
        overdue=task.due_date is not None and task.status in OPEN and task.due_date < clock.utcnow(),
        created_at=_iso(task.created_at),
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
