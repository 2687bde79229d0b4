"""States of the inbox and the message page."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import queries, service
from taskjuggler_app.web.components import EventLine, InboxLine, TraceRule
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.pages.inbox.reading import FactLine, Piece, fact_lines, pieces
from taskjuggler_app.web.session import PageState

LONGEST_SEARCH = 100


class InboxState(PageState, rx.State):
    """The inbox: the folder, the search, and the rows shown so far."""

    loaded: bool = False
    folder: str = "all"
    text: str = ""
    rows: list[InboxLine] = []
    next_cursor: str = ""
    counts: dict[str, int] = {}
    batch_id: str = ""
    batch_total: int = 0
    batch_done: int = 0

    @rx.event
    async def load(self) -> None:
        """Show the folder that the address asks for."""
        wanted = self.router.url.query_parameters.get("folder", self.folder)
        self.folder = wanted if wanted in queries.FOLDERS else "all"
        self._watch([topics.inbox(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.counts = await self._read(queries.folder_counts)
        page = await self._read(queries.inbox_page, folder=self.folder, text=self.text)
        self.rows, self.next_cursor = [lines.inbox_line(row) for row in page.rows], page.next_cursor
        if self.batch_id:
            progress = await self._read(service.retry_progress, self.batch_id)
            self.batch_total, self.batch_done = progress.total, progress.total - progress.pending
        self.loaded = True

    @rx.event
    async def retry_all(self) -> None:
        """Process every failed message once more."""
        batch_id = await self._do(service.retry_all)
        if batch_id is not None:
            self.batch_id = batch_id
            self._watch([topics.inbox(current_principal().team_id), topics.batch(batch_id)])
        await self._refresh()

    @rx.event
    async def show_folder(self, folder: str) -> None:
        """Another folder."""
        self.folder = folder if folder in queries.FOLDERS else "all"
        await self._refresh()

    @rx.event
    async def search(self, text: str) -> None:
        """Only messages that have the words."""
        self.text = str(text)[:LONGEST_SEARCH]
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor:
            page = await self._read(queries.inbox_page, folder=self.folder, text=self.text, cursor=self.next_cursor)
            self.rows = [*self.rows, *(lines.inbox_line(row) for row in page.rows)]
            self.next_cursor = page.next_cursor


class ItemState(PageState, rx.State):
    """One message's page."""

    loaded: bool = False
    missing: bool = False
    item: InboxLine = InboxLine()
    status: str = ""
    sender_id: str = ""
    channel: str = ""
    subject: str = ""
    error: str = ""
    attempts: int = 0
    task_href: str = ""
    task_title: str = ""
    pieces: list[Piece] = []
    facts: list[FactLine] = []
    trace: list[TraceRule] = []
    trace_note: str = ""
    events: list[EventLine] = []

    @rx.event
    async def load(self) -> None:
        """Show the message that the address names."""
        self.loaded = self.missing = False
        try:
            item_id = parse_uuid(self._path_arg("item_id"))
            self._watch([topics.inbox_item(item_id)])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        found = await self._read(queries.item, parse_uuid(self._path_arg("item_id")))
        self.item, self.status = lines.inbox_line(found.row), found.row.status
        self.sender_id, self.channel, self.subject = found.row.sender_id, found.row.channel, found.subject
        self.error, self.attempts = found.error, found.attempts
        self.task_href = f"/tasks/{found.row.task_id}" if found.row.task_id else ""
        self.task_title = found.task_title
        self.pieces = pieces(found.row.body, found.extraction)
        self.facts = fact_lines(found.extraction)
        self.trace = lines.trace_rules(found.trace)
        self.trace_note = str((found.trace or {}).get("note", ""))
        self.events = [lines.event_line(row) for row in found.events]

    @rx.event
    async def retry(self) -> None:
        """Process a failed message once more."""
        if await self._do(service.retry, parse_uuid(self._path_arg("item_id"))) is not None:
            await self._say("success", "Trying again.")
        await self._refresh()

    @rx.event
    async def dismiss(self) -> None:
        """Put the message away without a task."""
        if await self._do(service.dismiss, parse_uuid(self._path_arg("item_id"))) is not None:
            await self._say("success", "Message dismissed.")
        await self._refresh()

    @rx.event
    async def restore(self) -> None:
        """Bring a dismissed message back."""
        if await self._do(service.restore, parse_uuid(self._path_arg("item_id"))) is not None:
            await self._say("success", "Message is back in the inbox.")
        await self._refresh()
