"""What people do on a task's page besides moving it: take, give back, edit, tick, talk, attach, bin."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import attachments, comments, editing, service
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks.editing import Changed, Edit
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.tasks.task_state import TaskState


class TaskDeeds(TaskState):
    """The task page's verbs. Each re-reads the page."""

    editing: bool = False
    edit_round: int = 0
    seen: dict[str, str] = {}
    conflict: str = ""
    theirs: str = ""
    yours: str = ""

    def _id(self) -> UUID:
        return parse_uuid(self._path_arg("task_id"))

    @rx.event
    async def accept(self) -> None:
        """Take the task and begin."""
        if await self._do(service.accept, self._id()) is not None:
            await self._say("success", "It is yours. Good luck.")
        await self._refresh()

    @rx.event
    async def decline(self, form: dict[str, Any]) -> None:
        """Give the task back, with a reason."""
        if await self._do(service.decline, self._id(), str(form.get("reason", ""))) is not None:
            await self._say("success", "Given back. Its requestor has been told.")
        await self._refresh()

    @rx.event
    async def remove(self) -> Any:
        """Put the task into the bin, and go where it can be taken out again."""
        if await self._do(taken_away.remove, self._id()) is None:
            return None
        await self._say("success", "In the bin. You can bring it back from here for a month.")
        return rx.redirect("/tasks/bin")

    @rx.event
    async def begin_edit(self) -> None:
        """Open the form with what the task says now: what is typed is compared with that."""
        self.seen = {
            "title": self.task.title,
            "description": self.description,
            "priority": self.task.priority,
            "tags": " ".join(self.tags),
            "recurrence": self.recurrence,
            "due": self.due_local,
        }
        self.edit_round += 1
        self.editing = True

    @rx.event
    async def end_edit(self) -> None:
        """Close the form."""
        self.editing = False

    @rx.event
    async def edit(self, form: dict[str, Any]) -> None:
        """Change what the task says; a field that somebody else changed meanwhile asks which of the two to keep."""
        zone = current_principal().timezone
        self.editing = False
        typed = {name: str(form.get(name, "")) for name in self.seen}
        seen: dict[str, Any] = {
            **self.seen,
            "tags": self.seen["tags"].split(),
            "due_date": _local(self.seen["due"], zone),
        }
        values: dict[str, Any] = {name: typed[name] for name in typed if typed[name] != self.seen[name]}
        if "due" in values:
            values |= {"due_date": _local(values.pop("due"), zone), "due_zone": zone}
        for name, value in values.items():
            if not await self._change(name, value, seen):
                break
        else:
            await self._say("success", "Saved.")
        await self._refresh()

    async def _change(self, name: str, value: Any, seen: dict[str, Any]) -> bool:
        try:
            await self._run(editing.edit, self._id(), Edit({name: value}, seen))
        except Changed as error:
            self.conflict, self.theirs, self.yours = name, error.theirs, _typed(value)
            return False
        except DomainError as error:
            await self._say("error", error.message)
            return False
        return True

    @rx.event
    async def keep_theirs(self) -> None:
        """Leave the field as somebody else wrote it."""
        self.conflict = ""

    @rx.event
    async def keep_mine(self) -> None:
        """Write one's own value over theirs, knowingly."""
        if self.conflict in editing.FIELDS:
            await self._do(editing.edit, self._id(), Edit({self.conflict: self.yours}, {}))
        self.conflict = ""
        await self._refresh()

    @rx.event
    async def add_step(self, form: dict[str, Any]) -> None:
        """One more step of the checklist."""
        await self._do(editing.add_step, self._id(), str(form.get("step", "")))
        await self._refresh()

    @rx.event
    async def tick(self, step_id: str, done: bool) -> None:
        """Mark a step done, or not."""
        await self._do(editing.tick_step, self._id(), str(step_id), bool(done))
        await self._refresh()

    @rx.event
    async def comment(self, form: dict[str, Any]) -> None:
        """Say something, with the files that were dropped."""
        files = [parse_uuid(one) for one in str(form.get("files", "")).split(",") if one]
        await self._do(comments.add, self._id(), str(form.get("text", "")), files)
        await self._refresh()

    @rx.event
    async def attach(self, ids: str) -> None:
        """Files for the task itself, as they arrive."""
        wanted = [one for one in str(ids).split(",") if one]
        if wanted and await self._do(attachments.add, self._id(), [parse_uuid(one) for one in wanted]) is not None:
            await self._refresh()

    @rx.event
    async def detach(self, file_id: str) -> None:
        """Take a file off the task."""
        await self._do(attachments.remove, self._id(), parse_uuid(file_id))
        await self._refresh()


def _local(text: str, zone: str) -> datetime | None:
    """A moment typed on the zone's clocks; None for nothing, or for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    except ValueError:
        return None


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")
