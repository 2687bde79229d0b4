"""The list as it is filtered, as a file: CSV for sheets, iCalendar (RFC 5545, VTODO) for calendars and reminders.

Either says in its head which workspace it is of, when it was made and what the filters were.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Todo
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.sheets import harmless
from taskjuggler_app.domain.tasks import listing
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.rows import TaskRow
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.projects import Project
from taskjuggler_app.models.teams import Team

MOST = 20_000
_CHUNK = 1_000
_COLUMNS = ("Title", "Status", "Priority", "Doer", "Due", "Tags", "Project", "Source", "Created", "Link")
_PRIORITY = {"urgent": 1, "high": 3, "normal": 5, "low": 9}
_STATUS = {
    "pending": "NEEDS-ACTION",
    "in_progress": "IN-PROCESS",
    "completed": "COMPLETED",
    "cancelled": "CANCELLED",
}


def as_csv(session: Session, principal: Principal, wanted: TaskFilter) -> str:
    """Two lines that say what this is, the names of the columns, a line a task; times in the person's zone."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    zone = ZoneInfo(principal.timezone)
    writer.writerow([harmless(_head(session, principal, zone))])
    writer.writerow([harmless(_filters(session, principal, wanted))])
    writer.writerow(_COLUMNS)
    projects = _projects(session, principal)
    for row in _rows(session, principal, wanted):
        texts = (
            row.title,
            row.status.replace("_", " "),
            row.priority,
            row.doer,
            _local(row.due_at, zone),
            " ".join(f"#{tag}" for tag in row.tags),
            projects.get(row.project_id, ""),
            row.source_channel or row.source_type,
            _local(row.created_at, zone),
            _link(row),
        )
        writer.writerow([harmless(text) for text in texts])
    return out.getvalue()


def as_ics(session: Session, principal: Principal, wanted: TaskFilter) -> str:
    """One VTODO a task; times in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//TaskJuggler//Tasks//EN")
    calendar.add("version", "2.0")
    head = _head(session, principal, ZoneInfo(principal.timezone))
    calendar.add("x-wr-calname", head)
    calendar.add("x-wr-caldesc", _filters(session, principal, wanted))
    now = clock.utcnow()
    for row in _rows(session, principal, wanted):
        todo = Todo()
        todo.add("uid", f"{row.id}@taskjuggler")
        todo.add("dtstamp", now)
        todo.add("created", datetime.fromisoformat(row.created_at))
        todo.add("summary", row.title)
        todo.add("status", _STATUS[row.status])
        todo.add("priority", _PRIORITY[row.priority])
        todo.add("sequence", row.version)
        todo.add("url", _link(row))
        if row.due_at:
            todo.add("due", datetime.fromisoformat(row.due_at))
        if row.tags:
            todo.add("categories", row.tags)
        calendar.add_component(todo)
    text: str = calendar.to_ical().decode()
    return text


def _head(session: Session, principal: Principal, zone: ZoneInfo) -> str:
    name = session.exec(select(Team.name).where(Team.id == principal.team_id)).one()
    return f"Tasks of {name}, {clock.utcnow().astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def _filters(session: Session, principal: Principal, wanted: TaskFilter) -> str:
    """The filters in words, people and projects by name."""
    named = {}
    if wanted.project:
        named["project"] = _projects(session, principal).get(wanted.project, wanted.project)
    if wanted.doer:
        people = {row.id: row.name for row in teams.members(session, principal)}
        named["doer"] = people.get(wanted.doer, wanted.doer)
    return f"Filters: {replace(wanted, **named).worded()}"


def _rows(session: Session, principal: Principal, wanted: TaskFilter) -> Iterator[TaskRow]:
    cursor, given = "", 0
    while given < MOST:
        page = listing.page(session, principal, wanted, cursor, _CHUNK)
        yield from page.rows
        given, cursor = given + len(page.rows), page.next_cursor
        session.expunge_all()
        if not cursor:
            return


def _projects(session: Session, principal: Principal) -> dict[str, str]:
    found = session.exec(select(Project.id, Project.name).where(Project.team_id == principal.team_id))
    return {str(project_id): name for project_id, name in found}


def _local(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _link(row: TaskRow) -> str:
    return f"{settings().public_url.rstrip('/')}/tasks/{row.id}"
