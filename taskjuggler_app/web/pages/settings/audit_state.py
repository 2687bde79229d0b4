"""State of the audit log's page."""

from urllib.parse import urlencode

import reflex as rx

from taskjuggler_app.core.errors import DomainError, Forbidden
from taskjuggler_app.domain.cases import audit
from taskjuggler_app.domain.cases.audit import SYSTEM, AuditFilter
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.settings.audit_lines import AuditLine, audit_line
from taskjuggler_app.web.session import PageState

_FILTERS = ("who", "door", "kind", "since", "until")


class AuditState(PageState, rx.State):
    """The filters, and one page of events after another."""

    loaded: bool = False
    refused: bool = False
    who: str = ""
    door: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    rows: list[AuditLine] = []
    next_cursor: str = ""
    people: list[Choice] = []
    kinds: list[Choice] = []
    filtered: bool = False
    sheet: str = "/data/audit.csv"
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the newest events, to admins."""
        try:
            await self._refresh()
        except Forbidden:
            self.rows, self.refused = [], True
        self.loaded = True

    async def _refresh(self) -> None:
        groups = await self._read(audit.kinds)
        members = await self._read(teams.members)
        self.kinds = [Choice("", "Everything"), *(Choice(one, one.replace("_", " ").capitalize()) for one in groups)]
        self.people = [
            Choice("", "Everybody"),
            *(Choice(str(one.user_id), one.name) for one in members),
            Choice(SYSTEM, "TaskJuggler itself"),
        ]
        self.refused = False
        await self._first()

    async def _first(self) -> None:
        given = {name: getattr(self, name) for name in _FILTERS if getattr(self, name)}
        self.filtered, self.sheet = bool(given), f"/data/audit.csv?{urlencode(given)}"
        try:
            page = await self._read(audit.page, self._wanted())
        except Forbidden:
            raise
        except DomainError as error:
            self.error, self.rows, self.next_cursor = error.message, [], ""
            return
        self.error = ""
        self.rows, self.next_cursor = [audit_line(row) for row in page.rows], page.next_cursor

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Only such events."""
        if str(name) in _FILTERS:
            setattr(self, str(name), str(value)[:80])
            await self._first()

    @rx.event
    async def show_all(self) -> None:
        """No filters."""
        self.who = self.door = self.kind = self.since = self.until = ""
        await self._first()

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor:
            page = await self._read(audit.page, self._wanted(), self.next_cursor)
            self.rows = [*self.rows, *(audit_line(row) for row in page.rows)]
            self.next_cursor = page.next_cursor

    def _wanted(self) -> AuditFilter:
        return AuditFilter(**{name: getattr(self, name) for name in _FILTERS})
