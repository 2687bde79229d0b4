"""A task as lists read it: only what a row shows, its doer's name and picture too, in one statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, literal_column

from taskjuggler_app.domain.tasks.rows import OPEN, TaskRow
from taskjuggler_app.domain.teams.faces import face_of
from taskjuggler_app.models.tasks import Task

# Looked up for each row that is shown, after the limit, so that the names cannot change how the tasks are found.
_DOER = """
CASE WHEN tasks.team_member_id IS NOT NULL THEN
       (SELECT users.name FROM team_members JOIN users ON users.id = team_members.user_id
         WHERE team_members.id = tasks.team_member_id)
     WHEN tasks.owner_id IS NOT NULL THEN (SELECT users.name FROM users WHERE users.id = tasks.owner_id)
     WHEN tasks.marketplace_vendor_id IS NOT NULL THEN
       (SELECT name FROM marketplace_vendors WHERE marketplace_vendors.id = tasks.marketplace_vendor_id)
END
"""
_STEPS_DONE = "jsonb_array_length(jsonb_path_query_array(tasks.checklist, '$[*] ? (@.done == true)'))"
_PERSON: ColumnElement[Any] = literal_column(
    "coalesce((SELECT user_id FROM team_members WHERE team_members.id = tasks.team_member_id), tasks.owner_id)"
)
_TABLE: Any = Task.__table__  # type: ignore[attr-defined]  # SQLModel makes it
COLUMNS: tuple[ColumnElement[Any], ...] = (
    _TABLE.c.id,
    _TABLE.c.title,
    *(
        literal_column(said).label(name)
        for name, said in (
            ("status", "tasks.status"),
            ("priority", "tasks.priority"),
            ("category", "tasks.metadata ->> 'category'"),
            ("doer", _DOER),
            ("source_type", "tasks.source_type"),
            ("source_channel", "tasks.source_channel"),
            ("tags", "tasks.tags"),
            ("due_date", "tasks.due_date"),
            ("due_zone", "tasks.due_zone"),
            ("created_at", "tasks.created_at"),
            ("version", "tasks.version"),
            ("project_id", "tasks.project_id"),
            ("steps", "jsonb_array_length(tasks.checklist)"),
            ("steps_done", _STEPS_DONE),
            ("recurrence", "tasks.recurrence"),
        )
    ),
    face_of(_PERSON, literal_column("tasks.team_id")).label("doer_picture"),
)


def _moment(column: str) -> str:
    """A time as JSON says it, in UTC, as connections have it: 2026-03-02T15:00:00Z."""
    return f"left(to_json({column}) #>> '{{}}', -6) || 'Z'"


_SAID = {
    "id": "tasks.id",
    "title": "tasks.title",
    "status": "tasks.status",
    "priority": "tasks.priority",
    "category": "coalesce(tasks.metadata ->> 'category', '')",
    "doer": f"coalesce({_DOER}, '')",
    "tags": "tasks.tags",
    "due_at": _moment("tasks.due_date"),
    "overdue": "coalesce(tasks.due_date < now() AND tasks.status IN ('pending', 'in_progress'), false)",
    "created_at": _moment("tasks.created_at"),
    "source": "coalesce(tasks.source_type, '')",
    "channel": "coalesce(tasks.source_channel, '')",
    "project_id": "tasks.project_id",
    "steps": "jsonb_array_length(tasks.checklist)",
    "steps_done": _STEPS_DONE,
    "version": "tasks.version",
}
_PAIRS = ", ".join(f"'{name}', {said}" for name, said in _SAID.items())
JSON: ColumnElement[str] = literal_column(f"json_build_object({_PAIRS})::text")
"""The row that programs get, written by the database: /api/v1's Task, which a test holds it to."""
_OPEN = tuple(status.value for status in OPEN)


def line(found: Row[Any], now: datetime) -> TaskRow:
    """The row of what COLUMNS gave."""
    # Taken apart by place: a name looked up in each of many rows costs more than reading them.
    values: tuple[Any, ...] = tuple(found)
    id_, title, status, priority, category, doer, source, channel, tags, due, zone, made, version, *rest = values
    project, steps, steps_done, recurrence, picture = rest
    return TaskRow(
        str(id_),
        title,
        status,
        priority,
        category or "",
        doer or "",
        source or "",
        channel or "",
        tags,
        due.isoformat() if due else "",
        zone or "",
        due is not None and due < now and status in _OPEN,
        made.isoformat(),
        version,
        str(project or ""),
        steps_done,
        steps,
        recurrence or "",
        picture or "",
    )
