"""The state of the panel that says why, and why not, on any page about a message."""

import reflex as rx

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import whynot
from taskjuggler_app.domain.routing.why import Why, WhyRow
from taskjuggler_app.web.session import PageState

MOST = 200


class WhyState(PageState, rx.State):
    """Every rule and what it said to the message of the page."""

    note: str = ""
    rows: list[WhyRow] = []
    hidden: int = 0

    @rx.event
    async def show(self) -> None:
        """Read it for the message or the task that the address names."""
        self.note, self.rows, self.hidden = "", [], 0
        item_id, task_id = self._path_arg("item_id"), self._path_arg("task_id")
        try:
            found = (
                await self._read(whynot.of_item, parse_uuid(item_id))
                if item_id
                else await self._read(whynot.of_task, parse_uuid(task_id))
            )
        except NotFound:
            found = Why()
        self.note, self.rows, self.hidden = found.note, found.rows[:MOST], max(0, len(found.rows) - MOST)
