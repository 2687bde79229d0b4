"""States of the calendar and the list of what is coming."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import changing, guests, letters, queries, schedules
from taskjuggler_app.domain.appointments.rows import AppointmentRow
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.calendar import grid
from taskjuggler_app.web.pages.calendar.grid import Day
from taskjuggler_app.web.session import PageState

VIEWS = ("day", "week", "month")
_LONGEST = 500


class CalendarState(PageState, rx.State):
    """Days with appointments, tasks that are due, and busy times."""

    loaded: bool = False
    view: str = "week"
    anchor: str = ""
    zone: str = ""
    mine: bool = False
    title: str = ""
    days: list[Day] = []
    row: AppointmentRow = AppointmentRow()
    row_when: str = ""
    row_local: str = ""
    row_begun: bool = False
    open: bool = False

    @rx.event
    async def load(self) -> None:
        """Show this week."""
        principal = current_principal()
        self.open = False
        self._watch([topics.calendar(principal.team_id), topics.tasks(principal.team_id)])
        self.zone = self.zone or (await self._read(schedules.own)).timezone
        self.anchor = self.anchor or self._today().isoformat()
        wanted = self.router.url.query_parameters.get("open", "")[:36]
        if wanted:
            await self._open(wanted)
            self.anchor = self.row_local[:10] or self.anchor
        await self._refresh()

    async def _refresh(self) -> None:
        anchor = date.fromisoformat(self.anchor)
        days = grid.shown_days(self.view, anchor)
        entries = await self._read(queries.calendar, *grid.window(days, self.zone), mine=self.mine)
        self.days = grid.lay_out(entries, days, self.zone, view=self.view, anchor=anchor, today=self._today())
        self.title = grid.title(self.view, days, anchor)
        self.loaded = True

    def _today(self) -> date:
        return clock.utcnow().astimezone(ZoneInfo(self.zone)).date()

    @rx.event
    async def show(self, view: str) -> None:
        """A day, a week or a month."""
        self.view = view if view in VIEWS else "week"
        await self._refresh()

    @rx.event
    async def step(self, by: int) -> None:
        """Forth, back, or (0) to today."""
        anchor = date.fromisoformat(self.anchor)
        moved = grid.neighbour(self.view, anchor, 1 if by == 1 else -1) if by in (1, -1) else self._today()
        if 2000 <= moved.year <= 2100:
            self.anchor = moved.isoformat()
        await self._refresh()

    @rx.event
    async def whose(self, which: str) -> None:
        """Everybody's, or only one's own."""
        self.mine = which == "mine"
        await self._refresh()

    @rx.event
    async def set_zone(self, name: str) -> None:
        """See the calendar as it is in another zone."""
        if guests.checked_zone(str(name)) == str(name):
            self.zone = str(name)
            await self._refresh()

    @rx.event
    async def dropped(self, said: str) -> None:
        """An appointment was dragged to another time: "id|second", or "id|date" in the month."""
        appointment_id, _, place = str(said)[:100].partition("|")
        if await self._do(_drop, appointment_id, place, self.zone) is not None:
            await self._say("success", "Moved. The guest has a mail with the new time.")
        await self._refresh()

    @rx.event
    async def pick(self, appointment_id: str) -> None:
        """Open an appointment."""
        await self._open(str(appointment_id))

    async def _open(self, appointment_id: str) -> None:
        found = await self._do(queries.one, parse_uuid(appointment_id))
        if found is not None:
            start = datetime.fromisoformat(found.start)
            self.row, self.row_when = found, letters.when_text(start, self.zone)
            self.row_begun = start <= clock.utcnow()
            self.row_local = f"{start.astimezone(ZoneInfo(self.zone)):%Y-%m-%dT%H:%M}"
            self.open = True

    @rx.event
    async def close(self) -> None:
        """Leave the appointment."""
        self.open = False

    @rx.event
    async def move(self, form: dict[str, str]) -> None:
        """Move the open appointment to the time of the form."""
        moved = await self._do(_move_to, self.row.id, str(dict(form).get("at", ""))[:40], self.zone)
        if moved is not None:
            self.open = False
            await self._say("success", "Moved. The guest has a mail with the new time.")
            await self._refresh()

    @rx.event
    async def mark(self, status: str) -> None:
        """Say how the open appointment went."""
        if await self._do(changing.mark, parse_uuid(self.row.id), _went(status), clock.utcnow()) is not None:
            self.open = False
            await self._refresh()

    @rx.event
    async def cancel(self, form: dict[str, str]) -> None:
        """Cancel the open appointment."""
        reason = str(dict(form).get("reason", ""))[:_LONGEST]
        if await self._do(_cancel, self.row.id, reason) is not None:
            self.open = False
            await self._say("success", "Cancelled. The guest has a mail.")
            await self._refresh()


class UpcomingState(PageState, rx.State):
    """What is coming, and what is over but not marked."""

    loaded: bool = False
    zone: str = "UTC"
    coming: list[AppointmentRow] = []
    past: list[AppointmentRow] = []
    labels: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show the list."""
        self._watch([topics.calendar(current_principal().team_id)])
        self.zone = (await self._read(schedules.own)).timezone
        await self._refresh()

    async def _refresh(self) -> None:
        now = clock.utcnow()
        rows = (await self._read(queries.upcoming, now.replace(second=0, microsecond=0))).rows
        self.labels = {row.id: grid.span(row.start, row.end, self.zone) for row in rows}
        self.coming = [row for row in rows if datetime.fromisoformat(row.end) > now]
        self.past = [row for row in rows if datetime.fromisoformat(row.end) <= now]
        self.loaded = True

    @rx.event
    async def mark(self, appointment_id: str, status: str) -> None:
        """Say how it went."""
        await self._do(changing.mark, parse_uuid(appointment_id), _went(status), clock.utcnow())
        await self._refresh()


def _went(status: str) -> AppointmentStatus:
    return AppointmentStatus.NO_SHOW if status == "no_show" else AppointmentStatus.COMPLETED


def _drop(session: Session, principal: Principal, appointment_id: str, place: str, zone: str) -> Appointment:
    if place.isdigit():
        second = int(place[:12])
    else:
        row = queries.one(session, principal, parse_uuid(appointment_id))
        local = datetime.fromisoformat(row.start).astimezone(ZoneInfo(zone))
        second = _second(f"{place[:10]}T{local:%H:%M}", zone)
    return changing.reschedule(session, parse_uuid(appointment_id), second, clock.utcnow(), by=principal)


def _move_to(session: Session, principal: Principal, appointment_id: str, at: str, zone: str) -> Appointment:
    return changing.reschedule(session, parse_uuid(appointment_id), _second(at, zone), clock.utcnow(), by=principal)


def _cancel(session: Session, principal: Principal, appointment_id: str, reason: str) -> Any:
    return changing.cancel(session, parse_uuid(appointment_id), clock.utcnow(), reason=reason, by=principal)


def _second(local: str, zone: str) -> int:
    try:
        return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp())
    except ValueError:
        raise Invalid("Choose a day and a time.") from None
