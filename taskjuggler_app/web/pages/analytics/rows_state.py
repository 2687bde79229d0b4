"""State of the page with the rows behind a number."""

from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx
from sqlmodel import Session

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import drilling
from taskjuggler_app.domain.analytics.drilling import Rows
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

_ASKED = (
    "of",
    "from",
    "to",
    "channel",
    "person",
    "team",
    "bucket",
    "weekday",
    "site",
    "severity",
    "category",
    "rule",
    "currency",
)


@dataclass
class CountedRow:
    """A row as the page shows it; `when` is its day until the browser's clock is there."""

    title: str = ""
    note: str = ""
    at: str = ""
    when: str = ""
    href: str = ""
    who: str = ""
    amount: str = ""


class RowsState(PageState, rx.State):
    """What one number of a dashboard counted."""

    loaded: bool = False
    problem: str = ""
    wanted: dict[str, str] = dict.fromkeys(_ASKED, "")
    query: str = ""
    title: str = ""
    about: str = ""
    period: str = ""
    count: int = 0
    total: str = ""
    rows: list[CountedRow] = []
    pages: int = 1
    has_more: bool = False

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        given = self.router.url.query_parameters
        self.wanted = {name: str(given.get(name, "")) for name in _ASKED}
        self.query = urlencode({name: value for name, value in self.wanted.items() if value})
        self.pages, self.loaded = 1, False
        team = current_principal().team_id
        self._watch([topics.analytics(team), topics.tasks(team), topics.sites(team)])
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            found = await self._read(_rows, tuple(self.wanted.items()), self.pages * drilling.PAGE)
        except DomainError as error:
            self.problem, self.loaded = error.message, True
            return
        self._show(found)

    def _show(self, found: Rows) -> None:
        self.problem, self.title, self.about, self.period = "", found.title, found.about, found.period
        self.count, self.total, self.rows, self.has_more = found.count, found.total, _lines(found), found.has_more
        self.loaded = True

    @rx.event
    async def more(self) -> None:
        """The next page under these."""
        if self.has_more:
            self.pages += 1
            await self._refresh()


def _lines(found: Rows) -> list[CountedRow]:
    return [CountedRow(**vars(one), when=one.at[:10]) for one in found.rows]


def _rows(session: Session, principal: Principal, wanted: tuple[tuple[str, str], ...], size: int) -> Rows:
    return drilling.rows(session, principal, dict(wanted), size)
