"""Editing a task on its page: the form, and the choice where two people changed the same field."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import editing
from taskjuggler_app.domain.tasks.editing import Changed, Edit
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.tasks.task_state import TaskState


class TaskEdits(TaskState):
    """The edit form's state; what is typed is compared with what its writer saw."""

    editing: bool = False
    edit_round: int = 0
    seen: dict[str, str] = {}
    conflict: str = ""
    theirs: str = ""
    yours: str = ""
    theirs_shown: str = ""
    yours_shown: str = ""
    _clashes: list[tuple[str, str, str]] = []
    _due_seen: str = ""

    def _id(self) -> UUID:
        return parse_uuid(self._path_arg("task_id"))

    @rx.event
    async def begin_edit(self) -> None:
        """Open the form with what the task says now: what is typed is compared with that."""
        self.seen = {
            "title": self.task.title,
            "description": self.description,
            "priority": self.task.priority,
            "tags": " ".join(self.tags),
            "recurrence": self.recurrence,
            "project_id": self.project_id,
            "due": self.due_local,
        }
        self._due_seen = self.task.due_at
        self.edit_round += 1
        self.editing = True

    @rx.event
    async def end_edit(self) -> None:
        """Close the form."""
        self.editing = False

    @rx.event
    async def edit(self, form: dict[str, Any]) -> None:
        """Change what the task says; each field that somebody else changed meanwhile asks which of the two to keep."""
        zone = current_principal().timezone
        self.editing = False
        typed = {name: str(form.get(name, "")) for name in self.seen}
        seen: dict[str, Any] = {
            **self.seen,
            "tags": self.seen["tags"].split(),
            "due_date": datetime.fromisoformat(self._due_seen) if self._due_seen else None,
        }
        values: dict[str, Any] = {name: typed[name] for name in typed if typed[name] != self.seen[name]}
        if "due" in values:
            values |= {"due_date": _local(values.pop("due"), zone), "due_zone": zone}
        self._clashes = []
        saved = [await self._change(name, value, seen) for name, value in values.items()]
        if all(saved):
            await self._say("success", "Saved.")
        self._ask()
        await self._refresh()

    async def _change(self, name: str, value: Any, seen: dict[str, Any]) -> bool:
        try:
            await self._run(editing.edit, self._id(), Edit({name: value}, seen))
        except Changed as error:
            self._clashes = [*self._clashes, (name, error.theirs, _typed(value))]
            return False
        except DomainError as error:
            await self._say("error", error.message)
            return False
        return True

    def _ask(self) -> None:
        """Show the next field that two people changed, if there is one."""
        self.conflict, self.theirs, self.yours = self._clashes[0] if self._clashes else ("", "", "")
        self._clashes = self._clashes[1:]
        self.theirs_shown, self.yours_shown = self._said(self.theirs), self._said(self.yours)

    def _said(self, value: str) -> str:
        """A value of the field in question as people read it."""
        if self.conflict == "project_id":
            return next((one.label for one in self.projects if one.value == value), "No project")
        if self.conflict == "due_date" and value:
            at = datetime.fromisoformat(value).astimezone(ZoneInfo(current_principal().timezone))
            return f"{at:%A} {at.day} {at:%B %Y, %H:%M}"
        return value or "Nothing"

    @rx.event
    async def keep_theirs(self) -> None:
        """Leave the field as somebody else wrote it."""
        self._ask()

    @rx.event
    async def leave_theirs(self) -> None:
        """Leave every field as somebody else wrote it."""
        self._clashes = []
        self._ask()

    @rx.event
    async def keep_mine(self) -> None:
        """Write one's own value over theirs, knowingly."""
        if self.conflict in editing.FIELDS:
            await self._do(editing.edit, self._id(), Edit({self.conflict: self.yours}, {}))
        self._ask()
        await self._refresh()


def _local(text: str, zone: str) -> datetime | None:
    """A moment typed on the zone's clocks; None for nothing, or for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    except ValueError:
        return None


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")
