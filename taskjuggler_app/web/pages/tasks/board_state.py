"""States of the board and the bin."""

from urllib.parse import urlencode

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import board
from taskjuggler_app.domain.tasks.filters import SCOPES, TaskFilter
from taskjuggler_app.web.components import BoardColumn, TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState

_TITLES = {"pending": "To do", "in_progress": "In progress", "completed": "Done", "cancelled": "Cancelled"}


class BoardState(PageState, rx.State):
    """Cards in columns, by state or by person."""

    loaded: bool = False
    by: str = "status"
    scope: str = "all"
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
        self.scope = query["scope"] if query.get("scope") in SCOPES else "all"
        self._watch([topics.tasks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        query = board.by_person if self.by == "doer" else board.by_status
        found = await self._read(query, TaskFilter(scope=self.scope))
        self.columns = [
            BoardColumn(
                key=one.key or "nobody",
                title=one.title or _TITLES[one.key],
                count=f"{len(one.cards)}{'+' if len(one.cards) == board.MOST_CARDS else ''}",
                cards=[lines.task_line(row) for row in one.cards],
            )
            for one in found
        ]
        usual = {"by": "status", "scope": "all"}
        shown = {"by": self.by, "scope": self.scope}
        self.query = urlencode({name: value for name, value in shown.items() if value != usual[name]})
        self.loaded = True

    @rx.event
    async def show_by(self, by: str) -> None:
        """Columns of states, or of people."""
        self.by = "doer" if by == "doer" else "status"
        await self._refresh()

    @rx.event
    async def show_scope(self, scope: str) -> None:
        """Whose cards."""
        self.scope = scope if scope in SCOPES else "all"
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
