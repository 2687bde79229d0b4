"""State of the outbox page."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.access import outbox
from taskjuggler_app.domain.access.outbox import OutboxRow
from taskjuggler_app.web.session import PageState

LONGEST_SEARCH = 100


class OutboxState(PageState, rx.State):
    """What the embedded mailer and phone kept."""

    loaded: bool = False
    refused: bool = False
    kind: str = ""
    text: str = ""
    rows: list[OutboxRow] = []
    next_cursor: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the newest, to operators."""
        try:
            await self._refresh()
            self._watch([topics.outbox()])
            self.refused = False
        except NotFound:
            self.rows, self.refused = [], True
        self.loaded = True

    async def _refresh(self) -> None:
        page = await self._read(outbox.page, kind=self.kind, text=self.text)
        self.rows, self.next_cursor = page.rows, page.next_cursor

    @rx.event
    async def show_kind(self, kind: str) -> None:
        """Mails, texts, or both."""
        self.kind = kind if kind in ("email", "sms") else ""
        await self.load()  # type: ignore[operator]  # a handler is a method inside its own state

    @rx.event
    async def search(self, text: str) -> None:
        """Only those with the words."""
        self.text = str(text)[:LONGEST_SEARCH]
        await self.load()  # type: ignore[operator]  # a handler is a method inside its own state

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor:
            page = await self._read(outbox.page, kind=self.kind, text=self.text, cursor=self.next_cursor)
            self.rows, self.next_cursor = [*self.rows, *page.rows], page.next_cursor
