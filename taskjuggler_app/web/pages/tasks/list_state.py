"""What people do with the task list besides looking: add, tick several and change them, keep filters."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.core import clock
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import bulk, saved
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.tasks.state import TasksState

END_OF_WORK = time(17)
DAYS = {"today": 0, "tomorrow": 1, "week": 7}
NOBODY = "nobody"


class ListDeeds(TasksState):
    """The list's verbs."""

    chosen: list[str] = []

    @rx.event
    async def tick(self, task_id: str) -> None:
        """Choose a task, or let it go."""
        task_id = str(task_id)
        if task_id in self.chosen:
            self.chosen = [one for one in self.chosen if one != task_id]
        elif len(self.chosen) < bulk.MOST and any(row.id == task_id for row in self.rows):
            self.chosen = [*self.chosen, task_id]

    @rx.event
    async def tick_all(self) -> None:
        """Choose every task that is shown."""
        self.chosen = [row.id for row in self.rows][: bulk.MOST]

    @rx.event
    async def tick_none(self) -> None:
        """Let all go."""
        self.chosen = []

    @rx.event
    async def bulk(self, deed: str, value: str) -> None:
        """One change to the chosen tasks, with its undo in the message."""
        await self._bulk(str(deed), str(value))

    async def _bulk(self, deed: str, given: str) -> None:
        ids = [parse_uuid(row.id) for row in self.rows if row.id in self.chosen]
        if not ids or (given == "" and deed not in ("remove", "due_date")):
            return
        done = await self._do(bulk.apply, ids, deed, _meant(deed, given, current_principal().timezone))
        if done is not None:
            count = f"{len(done)} task{'' if len(done) == 1 else 's'}"
            words = f"{count} in the bin." if deed == "remove" else f"{count} changed."
            if done:
                await self._say("success", words, (bulk.undo, (done,)))
            else:
                await self._say("info", "They were so already.")
            self.chosen = []
        await self._refresh()

    @rx.event
    async def bulk_tag(self, form: dict[str, Any]) -> None:
        """A tag for the chosen tasks."""
        await self._bulk("tag", str(form.get("tag", "")))

    @rx.event
    async def keep(self, form: dict[str, Any]) -> None:
        """Keep the filters under a name."""
        if await self._do(saved.keep, str(form.get("name", "")), self._filter()) is not None:
            self.saved = await self._read(saved.kept)
            await self._say("success", "Kept. It stands above the list from now on.")

    @rx.event
    async def use(self, filter_id: str) -> None:
        """Show what a kept filter shows."""
        for row in self.saved:
            if row.id == str(filter_id):
                self.arrivals += 1
                self._set(TaskFilter.read(row.query))
                await self._refresh()

    @rx.event
    async def forget(self, filter_id: str) -> None:
        """Drop a kept filter."""
        await self._do(saved.forget, parse_uuid(filter_id))
        self.saved = await self._read(saved.kept)


def _meant(deed: str, value: str, zone: str) -> Any:
    """What a choice of the bar means: a day is its end of work on the person's clocks."""
    if deed == "doer" and value == NOBODY:
        return ""
    if deed == "due_date":
        if value not in DAYS:
            return None
        day = clock.utcnow().astimezone(ZoneInfo(zone)).date() + timedelta(days=DAYS[value])
        return datetime.combine(day, END_OF_WORK, ZoneInfo(zone))
    if deed == "project_id" and value == NOBODY:
        return None
    return value
