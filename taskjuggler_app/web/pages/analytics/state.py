"""State of Manager's Monday: its filters, which the address has, its tiles and pictures."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

import reflex as rx
from sqlmodel import Session

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import frame, monday, reading
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.tiles import Tile
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Bar, Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

SPANS = {"7": 7, "30": 30, "90": 90, "365": 365}
MOST_BARS = 31
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHADES = 5


@dataclass
class HeatCell:
    """An hour of a weekday: its number in words, and how dark it is, 0 to 5."""

    label: str = ""
    count: int = 0
    shade: int = 0


@dataclass
class HeatRow:
    """A weekday's hours."""

    day: str = ""
    cells: list[HeatCell] = field(default_factory=list)


@dataclass
class _Seen:
    looked_at: Frame
    tiles: list[Tile]
    came: list[tuple[date, int]]
    done: list[tuple[date, int]]
    hours: dict[tuple[int, int], int]


class MondayState(PageState, rx.State):
    """Twelve questions about a period, beside the one before."""

    loaded: bool = False
    problem: str = ""
    wanted: dict[str, str] = {"from": "", "to": "", "channel": "", "person": ""}
    span: str = "7"
    query: str = ""
    came_by: str = ""
    first_day: str = ""
    last_day: str = ""
    zone: str = ""
    members: list[Choice] = []
    tiles: list[Tile] = []
    came: list[Bar] = []
    done: list[Bar] = []
    heat: list[HeatRow] = []

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        self.came_by = f"?{self.router.url.query}" if self.router.url.query else ""
        given = self.router.url.query_parameters
        self.wanted = {name: str(given.get(name, "")) for name in self.wanted}
        self.members = [Choice(row.user_id, row.name) for row in await self._read(teams.members)]
        self._watch([topics.analytics(current_principal().team_id), topics.tasks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.query = urlencode({name: value for name, value in self.wanted.items() if value})
        try:
            seen = await self._read(_seen, tuple(self.wanted.items()))
        except DomainError as error:
            self.problem, self.loaded = error.message, True
            return
        self.problem, self.tiles, self.zone = "", seen.tiles, seen.looked_at.zone
        self.first_day, self.last_day = seen.looked_at.first.isoformat(), seen.looked_at.last.isoformat()
        self.span = str(seen.looked_at.days) if str(seen.looked_at.days) in SPANS else ""
        self.came, self.done = _bars(seen.came, "came in"), _bars(seen.done, "done")
        self.heat = _heat(seen.hours)
        self.loaded = True

    @rx.event
    async def choose(self, name: str, value: str) -> None:
        """Change one filter: from, to, channel or person."""
        if name in self.wanted:
            self.wanted = {**self.wanted, name: str(value)}
            await self._refresh()

    @rx.event
    async def show_span(self, span: str) -> None:
        """The last days that are over."""
        days = SPANS.get(str(span), 7)
        last = date.fromisoformat(self.last_day) if self.last_day else clock.utcnow().date()
        self.wanted = {**self.wanted, "from": (last - timedelta(days=days - 1)).isoformat(), "to": last.isoformat()}
        await self._refresh()


def _seen(session: Session, principal: Principal, wanted: tuple[tuple[str, str], ...]) -> _Seen:
    looked_at = frame.parse(session, principal.team_id, clock.utcnow(), dict(wanted))
    return _Seen(
        looked_at,
        monday.tiles(session, principal, looked_at),
        reading.by_day(session, looked_at, "work_in"),
        reading.by_day(session, looked_at, "done"),
        dict(reading.by_hour(session, looked_at)),
    )


def _bars(days: list[tuple[date, int]], what: str) -> list[Bar]:
    """A bar a day; over a month, one for as many days as make few enough."""
    step = -(-len(days) // MOST_BARS)
    parts = [days[start : start + step] for start in range(0, len(days), step)]
    return [Bar(f"{part[0][0]:%-d %b}", sum(n for _, n in part), f"{sum(n for _, n in part)} {what}") for part in parts]


def _heat(hours: dict[tuple[int, int], int]) -> list[HeatRow]:
    most = max(hours.values(), default=0)

    def cell(day: int, hour: int) -> HeatCell:
        count = hours.get((day, hour), 0)
        shade = -(-count * _SHADES // most) if most else 0
        return HeatCell(f"{WEEKDAYS[day]} {hour:02}:00: {count}", count, shade)

    return [HeatRow(name, [cell(day, hour) for hour in range(24)]) for day, name in enumerate(WEEKDAYS)]
