"""State of the dashboards: their filters, which the address has, their tiles and pictures."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

import reflex as rx
from sqlmodel import Session

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import mailing
from taskjuggler_app.domain.analytics.board import MONDAY, board, in_team
from taskjuggler_app.domain.analytics.boards import sites
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice, Plot
from taskjuggler_app.web.pages.analytics import drawing
from taskjuggler_app.web.pages.analytics.answers import Answer, answer
from taskjuggler_app.web.session import PageState

SPANS = {"7": 7, "30": 30, "90": 90, "365": 365}
FILTERS = ("from", "to", "channel", "person", "site", "team")


@dataclass
class _Seen:
    first: date
    last: date
    zone: str
    days: int
    tiles: list[Answer] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)


class DashboardState(PageState, rx.State):
    """A dashboard's questions about a period, beside the one before."""

    key: str = ""
    problem: str = ""
    wanted: dict[str, str] = dict.fromkeys(FILTERS, "")
    span: str = "7"
    query: str = ""
    came_by: str = ""
    first_day: str = ""
    last_day: str = ""
    zone: str = ""
    members: list[Choice] = []
    sites: list[Choice] = []
    workspaces: list[Choice] = []
    tiles: list[Answer] = []
    plots: list[Plot] = []
    mailed: bool = False

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        self.came_by = f"?{self.router.url.query}" if self.router.url.query else ""
        given = self.router.url.query_parameters
        self.wanted = {name: str(given.get(name, "")) for name in FILTERS}
        here = self.router.url.path.rstrip("/").rpartition("/")[2] or MONDAY
        self.workspaces = [
            Choice("" if row.current else row.id, row.name) for row in await self._read(teams.workspaces)
        ]
        self.mailed = await self._read(mailing.is_chosen)
        await self._show(here)

    @rx.event
    async def mail_me(self) -> None:
        """Have Monday mailed, or no more."""
        await self._do(mailing.choose, not self.mailed)
        self.mailed = await self._read(mailing.is_chosen)
        await self._say("success", "It comes on Monday at seven." if self.mailed else "No more mails of it.")

    @rx.event
    async def mail_me_now(self) -> None:
        """Have the last seven days mailed at once."""
        address = await self._do(mailing.send_now)
        if address is not None:
            await self._say("success", f"It is on its way to {address}.")

    async def _refresh(self) -> None:
        await self._show(self.key)

    async def _show(self, key: str) -> None:
        self.query = urlencode({name: value for name, value in self.wanted.items() if value})
        try:
            people, watched, team_id = await self._read(_choices, self.wanted["team"])
            self._watch(_topics(team_id))
            self.members = [Choice(user_id, name) for user_id, name in people]
            self.sites = [Choice(str(number), name) for number, name in watched]
            seen = await self._read(_seen, key, tuple(self.wanted.items()))
        except DomainError as error:
            self.problem, self.key = error.message, key
            return
        self.problem, self.tiles, self.plots, self.zone = "", seen.tiles, seen.plots, seen.zone
        self.first_day, self.last_day = seen.first.isoformat(), seen.last.isoformat()
        self.span = str(seen.days) if str(seen.days) in SPANS else ""
        self.key = key

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Change one filter: from, to, channel, person, site or team."""
        if name in FILTERS:
            changed = {name: str(value), **({"person": "", "site": ""} if name == "team" else {})}
            self.wanted = {**self.wanted, **changed}
            await self._show(self.key)

    @rx.event
    async def show_span(self, span: str) -> None:
        """The last days that are over."""
        days = SPANS.get(str(span), 7)
        last = date.fromisoformat(self.last_day) if self.last_day else clock.utcnow().date()
        self.wanted = {**self.wanted, "from": (last - timedelta(days=days - 1)).isoformat(), "to": last.isoformat()}
        await self._show(self.key)


def _topics(team_id: str) -> list[str]:
    """What can change a dashboard's numbers in the workspace."""
    team = parse_uuid(team_id)
    return [make(team) for make in (topics.analytics, topics.tasks, topics.sites, topics.payments, topics.rules)]


def _choices(
    session: Session, principal: Principal, team: str
) -> tuple[list[tuple[str, str]], list[tuple[int, str]], str]:
    """People and sites to choose from, and the workspace that they are of."""
    acting = in_team(session, principal, team)
    people = [(row.user_id, row.name) for row in teams.members(session, acting)]
    return people, sites.names(session, acting.team_id), str(acting.team_id)


def _seen(session: Session, principal: Principal, key: str, wanted: tuple[tuple[str, str], ...]) -> _Seen:
    found = board(session, principal, key, dict(wanted))
    at = found.frame
    return _Seen(
        at.first,
        at.last,
        at.zone,
        at.days,
        [answer(tile) for tile in found.tiles],
        [drawing.plot(chart) for chart in found.charts],
    )
