"""States of the board and the bin."""

from collections.abc import Mapping

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import board, projects
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import BoardColumn, Choice, TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState

_NARROWING = ("scope", "priority", "due", "doer", "project")
_TITLES = {"pending": "To do", "in_progress": "In progress", "completed": "Done", "cancelled": "Cancelled"}


class BoardState(PageState, rx.State):
    """Cards in columns, by state or by person. The address has what narrows them, as that of the list has."""

    loaded: bool = False
    by: str = "status"
    wanted: dict[str, str] = {name: vars(TaskFilter())[name] for name in _NARROWING}
    narrowed: bool = False
    members: list[Choice] = []
    projects: list[Choice] = []
    columns: list[BoardColumn] = []
    answers: int = 0
    query: str = ""
    came_by: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the board that the address asks for."""
        query = self.router.url.query_parameters
        self.came_by = f"?{self.router.url.query}" if self.router.url.query else ""
        self.by = "doer" if query.get("by") == "doer" else "status"
        self._narrow(query)
        self._watch([topics.tasks(current_principal().team_id)])
        self.members = [Choice(row.id, row.name) for row in await self._read(teams.members)]
        self.projects = [Choice(row.id, row.name) for row in await self._read(projects.rows)]
        await self._refresh()

    async def _refresh(self) -> None:
        query = board.by_person if self.by == "doer" else board.by_status
        wanted = TaskFilter.parse(self.wanted)
        found = await self._read(query, wanted)
        self.columns = [
            BoardColumn(
                key=one.key or "nobody",
                title=one.title or _TITLES[one.key],
                count=f"{len(one.cards)}{'+' if len(one.cards) == board.MOST_CARDS else ''}",
                cards=[lines.task_line(row) for row in one.cards],
            )
            for one in found
        ]
        self.query = "&".join(part for part in ("by=doer" if self.by == "doer" else "", wanted.dump()) if part)
        self.narrowed = wanted != TaskFilter()
        self.loaded = True

    def _narrow(self, query: Mapping[str, str]) -> None:
        wanted = vars(TaskFilter.parse({name: query.get(name, "") for name in _NARROWING}))
        self.wanted = {name: wanted[name] for name in _NARROWING}

    @rx.event
    async def show_by(self, by: str) -> None:
        """Columns of states, or of people."""
        self.by = "doer" if by == "doer" else "status"
        await self._refresh()

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Change what narrows the cards: scope, priority, due, doer or project."""
        if name in self.wanted:
            self._narrow({**self.wanted, name: str(value)})
            await self._refresh()

    @rx.event
    async def clear(self) -> None:
        """Every card again."""
        self._narrow({})
        await self._refresh()

    @rx.event
    async def move(self, said: str) -> None:
        """A drop: "card column card-above card-below counter"; - stands for none."""
        parts = str(said).split(" ")
        if len(parts) == 5:
            card, to, above, below, _ = parts
            await self._do(
                board.move,
                parse_uuid(card),
                to="" if to == "nobody" else to,
                by=self.by,
                after_id=None if above == "-" else parse_uuid(above),
                before_id=None if below == "-" else parse_uuid(below),
            )
        await self._refresh()
        self.answers += 1  # the page lets go of the card that it showed in its new place ahead of us


class BinState(PageState, rx.State):
    """What was taken away."""

    loaded: bool = False
    rows: list[TaskLine] = []

    @rx.event
    async def load(self) -> None:
        """Show the bin."""
        self._watch([topics.tasks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = [lines.task_line(row) for row in await self._read(taken_away.inside)]
        self.loaded = True

    @rx.event
    async def restore(self, task_id: str) -> None:
        """Bring a task back."""
        if await self._do(taken_away.restore, parse_uuid(task_id)) is not None:
            await self._say("success", "Back in the list.")
        await self._refresh()
