"""State of the task list: filters, and the rows shown so far."""

import asyncio
from dataclasses import replace
from typing import Any

import reflex as rx

from taskjuggler_app.core import clock, topics
from taskjuggler_app.domain.receptionist import quick_add
from taskjuggler_app.domain.tasks import queries, service
from taskjuggler_app.domain.tasks.filters import LONGEST_TEXT, TaskFilter
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState


class TasksState(PageState, rx.State):
    """The task list. The address has the filters; what is chosen here goes there."""

    loaded: bool = False
    scope: str = "all"
    status: str = "open"
    text: str = ""
    sort: str = "newest"
    priority: str = ""
    due: str = ""
    tag: str = ""
    rows: list[TaskLine] = []
    next_cursor: str = ""
    counts: dict[str, int] = {}

    @rx.event
    async def load(self) -> None:
        """Show the list that the address asks for."""
        self._set(TaskFilter.parse(self.router.url.query_parameters))
        self._watch([topics.tasks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.counts = await self._read(queries.counts)
        page = await self._read(queries.page, self._filter())
        self.rows, self.next_cursor = [lines.task_line(row) for row in page.rows], page.next_cursor
        self.loaded = True

    def _filter(self) -> TaskFilter:
        return TaskFilter(
            scope=self.scope,
            status=self.status,
            text=self.text,
            sort=self.sort,
            priority=self.priority,
            due=self.due,
            tag=self.tag,
        )

    def _set(self, wanted: TaskFilter) -> None:
        self.scope, self.status, self.text, self.sort = wanted.scope, wanted.status, wanted.text, wanted.sort
        self.priority, self.due, self.tag = wanted.priority, wanted.due, wanted.tag

    async def _choose(self, **chosen: str) -> Any:
        wanted = TaskFilter.parse({**vars(self._filter()), **{name: str(value) for name, value in chosen.items()}})
        self._set(replace(wanted, **{name: "" for name, value in chosen.items() if value == ""}))
        await self._refresh()
        return rx.redirect(f"/tasks?{self._filter().dump()}", replace=True)

    @rx.event
    async def show_scope(self, scope: str) -> Any:
        """All tasks, mine, those I asked for, or those that nobody has."""
        return await self._choose(scope=scope)

    @rx.event
    async def show_status(self, status: str) -> Any:
        """Open tasks, or those of one status."""
        return await self._choose(status=status)

    @rx.event
    async def show_sort(self, sort: str) -> Any:
        """Newest first, or soonest due first."""
        return await self._choose(sort=sort)

    @rx.event
    async def show_priority(self, priority: str) -> Any:
        """Tasks of one priority, or of any."""
        return await self._choose(priority=priority)

    @rx.event
    async def show_due(self, due: str) -> Any:
        """Tasks overdue, due today, within a week, without a date, or any."""
        return await self._choose(due=due)

    @rx.event
    async def search(self, text: str) -> None:
        """Only tasks whose title, description or comments have the words."""
        self.text = str(text)[:LONGEST_TEXT]
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor:
            page = await self._read(queries.page, self._filter(), self.next_cursor)
            self.rows = [*self.rows, *(lines.task_line(row) for row in page.rows)]
            self.next_cursor = page.next_cursor

    @rx.event
    async def add(self, form: dict[str, str]) -> None:
        """Make a task out of one line: "call Ada tomorrow 9am #billing !high @luis"."""
        principal = current_principal()
        line = str(form.get("title", ""))[: service.TITLE_LENGTH]
        if principal.user_id is None:
            return
        read = await asyncio.to_thread(quick_add.read, line, now=clock.utcnow(), zone=principal.timezone)
        people = await self._read(teams.members) if read.person else []
        named = [one for one in people if one.name.lower().startswith(read.person.lower())]
        draft = TaskDraft(
            title=read.title,
            requestor_id=principal.user_id,
            owner_id=None if named else principal.user_id,
            team_member_id=lines.as_id(named[0].id) if named else None,
            priority=read.priority,
            due_date=read.due,
            due_zone=principal.timezone,
            tags=read.tags,
        )
        if await self._do(service.create, draft) is not None:
            await self._say("success", f"Task added for {named[0].name}." if named else "Task added.")
            await self._refresh()
