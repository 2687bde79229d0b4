"""State of the inbox's list: folder, search, filters, and the rows shown so far."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.domain.receptionist import queries, service, triage
from taskjuggler_app.web.components import Choice, InboxLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState

LONGEST_SEARCH = 100
MOST_PAGES = 8
MARKS = {"unread": "is:unread", "mine": "is:mine", "files": "has:attachment"}
"""Filters of the list, as the search says them."""
VIAS = ("", "sms", "phone", "email", "web", "api")


class InboxState(PageState, rx.State):
    """The inbox's list. A live refresh reads as many pages again as are shown."""

    loaded: bool = False
    folder: str = "all"
    text: str = ""
    marks: list[str] = []
    via: str = ""
    rows: list[InboxLine] = []
    next_cursor: str = ""
    counts: dict[str, int] = {}
    blocked: list[Choice] = []
    batch_id: str = ""
    batch_total: int = 0
    batch_done: int = 0
    _pages: int = 1

    @rx.event
    async def load(self) -> None:
        """Show the folder that the address asks for."""
        wanted = self.router.url.query_parameters.get("folder", self.folder)
        if wanted != self.folder and wanted in queries.FOLDERS:
            self.folder, self._pages = wanted, 1
        self._watch([topics.inbox(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.counts = await self._read(queries.folder_counts)
        found, cursor = await self._page("")
        for _ in range(self._pages - 1):
            if cursor:
                more, cursor = await self._page(cursor)
                found += more
        self.rows, self.next_cursor = found, cursor
        if self.folder == "spam":
            self.blocked = [Choice(one, one) for one in await self._read(triage.blocked)]
        if self.batch_id:
            progress = await self._read(service.retry_progress, self.batch_id)
            self.batch_total, self.batch_done = progress.total, progress.total - progress.pending
        self.loaded = True

    async def _page(self, cursor: str) -> tuple[list[InboxLine], str]:
        page = await self._read(queries.inbox_page, folder=self.folder, text=self._asked(), cursor=cursor)
        return [lines.inbox_line(row) for row in page.rows], page.next_cursor

    def _asked(self) -> str:
        via = [f"via:{self.via}"] if self.via else []
        return " ".join([self.text, *(MARKS[mark] for mark in self.marks), *via])

    def _after(self, item_id: str) -> str:
        """Where to go when a message has left the list: to the one below it, else above it."""
        ids = [row.id for row in self.rows]
        at = ids.index(item_id) if item_id in ids else -1
        beside = [*ids[at + 1 : at + 2], *ids[max(0, at - 1) : at]] if at >= 0 else []
        return f"/inbox/{beside[0]}" if beside else "/inbox"

    @rx.event
    async def retry_all(self) -> None:
        """Process every failed message once more."""
        batch_id = await self._do(service.retry_all)
        if batch_id is not None:
            self.batch_id = batch_id
            self._watch([topics.inbox(current_principal().team_id), topics.batch(batch_id)])
        await self._refresh()

    @rx.event
    async def search(self, text: str) -> None:
        """Only messages that the search finds."""
        self.text, self._pages = str(text)[:LONGEST_SEARCH], 1
        await self._refresh()

    @rx.event
    async def mark(self, name: str) -> None:
        """Turn a filter on or off."""
        if name in MARKS:
            self.marks = [one for one in self.marks if one != name] if name in self.marks else [*self.marks, name]
            self._pages = 1
        await self._refresh()

    @rx.event
    async def show_via(self, via: str) -> None:
        """Messages of one kind, or of any."""
        self.via, self._pages = via if via in VIAS else "", 1
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor and self._pages < MOST_PAGES:
            rows, self.next_cursor = await self._page(self.next_cursor)
            self.rows, self._pages = [*self.rows, *rows], self._pages + 1

    @rx.event
    async def unblock(self, address: str) -> None:
        """Let a blocked sender in again."""
        await self._do(triage.unblock_sender, str(address))
        await self._refresh()
