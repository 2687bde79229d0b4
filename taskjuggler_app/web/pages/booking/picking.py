"""The part of a visitor's page on which a time is picked: a month, its days, the times of one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.appointments import guests, links, picker, public
from taskjuggler_app.domain.appointments.picker import DayCell, TimeCell
from taskjuggler_app.domain.appointments.rows import PublicType
from taskjuggler_app.web.visitor import ask

_DIGITS = 12


def read_second(text: str) -> int:
    """A start as the pages write it; 0 for what is none."""
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 0


class PickingState(rx.State, mixin=True):
    """The free times of one type, as they are in the visitor's zone; with a token, for moving an appointment."""

    kind: PublicType = PublicType()
    zone: str = "UTC"
    twelve: bool = False
    month: str = ""
    month_label: str = ""
    day: str = ""
    day_label: str = ""
    days: list[DayCell] = []
    times: list[TimeCell] = []
    any_free: bool = True
    later: str = ""
    chosen: str = ""
    chosen_label: str = ""
    _starts: list[int] = []
    _slug: str = ""
    _token: str = ""

    async def _read(self) -> bool:
        """The type and its free times; False when there is nothing at this address."""
        now = clock.utcnow()
        try:
            moving = links.read(self._token, now) if self._token else None
            self.kind, self._starts = await ask(public.offered, self._slug, now, moving=moving)
        except NotFound:
            return False
        return True

    def _show(self) -> None:
        self.any_free = bool(self._starts)
        self.month = self.month or picker.first_month(self._starts, self.zone, clock.utcnow())
        found = picker.shown(self._starts, self.zone, self.month, self.day, twelve=self.twelve)
        self.month_label, self.days, self.times = found.month_label, found.days, found.times
        self.day, self.day_label, self.later = found.day, found.day_label, found.later
        if self.chosen:
            self.chosen_label = picker.span_label(int(self.chosen), self.kind.minutes, self.zone, twelve=self.twelve)

    def _turn_to(self, at: str) -> None:
        """Show the day of the time that the address names, while it is free."""
        if read_second(at) in self._starts:
            moment = datetime.fromtimestamp(int(at), ZoneInfo(self.zone))
            self.month, self.day = f"{moment:%Y-%m}", moment.date().isoformat()

    @rx.event
    async def set_zone(self, name: str) -> None:
        """Show the times as they are in another zone; anything that is no zone changes nothing."""
        if guests.checked_zone(str(name)) == str(name):
            self.zone = str(name)
            self._show()

    @rx.event
    async def set_clock(self, which: str) -> None:
        """Twelve hours or twenty-four."""
        self.twelve = str(which) == "12"
        self._show()

    @rx.event
    async def show_month(self, by: int) -> None:
        """The next month, or the one before."""
        wanted = picker.neighbour(self.month, 1 if by == 1 else -1) if self.month else ""
        if wanted >= f"{clock.utcnow():%Y-%m}" and wanted < "2100":
            self.month, self.day = wanted, ""
            self._show()

    @rx.event
    async def show_day(self, day: str) -> None:
        """The times of a day; pressed while the month turns, it still counts."""
        if picker.has_times(self._starts, self.zone, str(day)):
            self.month, self.day = str(day)[:7], str(day)
            self._show()
