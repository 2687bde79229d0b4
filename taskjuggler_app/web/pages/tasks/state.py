"""State of the task list: its filters, and the rows shown so far."""

import reflex as rx

from taskjuggler_app.core import clock, topics
from taskjuggler_app.domain.tasks import projects, queries, saved
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.saved import SavedRow
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice, TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.pages.tasks import grouping
from taskjuggler_app.web.session import PageState


class TasksState(PageState, rx.State):
    """The task list. The address has the filters; what is chosen here goes there (`query`, by assets/js/address.js)."""

    loaded: bool = False
    wanted: dict[str, str] = dict(vars(TaskFilter()))
    query: str = ""
    came_by: str = ""
    arrivals: int = 0
    rows: list[TaskLine] = []
    next_cursor: str = ""
    counts: dict[str, int] = {}
    members: list[Choice] = []
    projects: list[Choice] = []
    saved: list[SavedRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the list that the address asks for."""
        typed = self.wanted["text"]
        self.came_by = f"?{self.router.url.query}" if self.router.url.query else ""
        self._set(TaskFilter.parse(self.router.url.query_parameters))
        self._watch([topics.tasks(current_principal().team_id)])
        self.members = [Choice(row.id, row.name) for row in await self._read(teams.members)]
        self.projects = [Choice(row.id, row.name) for row in await self._read(projects.rows)]
        self.saved = await self._read(saved.kept)
        self.arrivals += self.wanted["text"] != typed  # the search box is drawn anew with these words
        await self._refresh()

    async def _refresh(self) -> None:
        self.counts = await self._read(queries.counts)
        page = await self._read(queries.page, self._filter())
        self._show([lines.task_line(row) for row in page.rows])
        self.next_cursor = page.next_cursor
        self.loaded = True

    def _show(self, rows: list[TaskLine]) -> None:
        self.rows = grouping.grouped(rows, self.wanted["group"], clock.utcnow(), current_principal().timezone)

    def _filter(self) -> TaskFilter:
        return TaskFilter.parse(self.wanted)

    def _set(self, wanted: TaskFilter) -> None:
        self.wanted, self.query = dict(vars(wanted)), wanted.dump()

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Change one filter: scope, status, sort, priority, due, group, doer, project, tag or text."""
        if name in self.wanted:
            self._set(TaskFilter.parse({**self.wanted, name: str(value)}))
            await self._refresh()

    @rx.event
    async def clear(self) -> None:
        """Every open task again."""
        self.arrivals += 1
        self._set(TaskFilter())
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor:
            page = await self._read(queries.page, self._filter(), self.next_cursor)
            self._show([*self.rows, *(lines.task_line(row) for row in page.rows)])
            self.next_cursor = page.next_cursor
