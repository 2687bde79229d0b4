"""States of the visitors' pages. Guests may call their events: they read public things, or what a signed link names."""

from datetime import datetime
from typing import Any, ClassVar

import reflex as rx
from reflex_base.event import EventSpec
from reflex_base.event.context import EventContext
from sqlmodel import Session

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.appointments import booking, changing, guests, links, offers, picker, public
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.appointments.rows import AppointmentRow, PublicType
from taskjuggler_app.domain.appointments.taking import Taken
from taskjuggler_app.web import live
from taskjuggler_app.web.pages.booking.picking import PickingState, read_second
from taskjuggler_app.web.visitor import ask

_LONGEST = 2_000


class BookState(PickingState, rx.State):
    """Choosing a time of one type, and the form for it; with ?move= another time for an appointment."""

    OPEN_TO_GUESTS: ClassVar[bool] = True

    loaded: bool = False
    missing: bool = False
    moving: bool = False
    offered: bool = False
    error: str = ""
    error_field: str = ""
    _held: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the type that the address names."""
        self.loaded = self.missing = False
        self.error = self.error_field = self.chosen = self._held = ""
        self._slug = str(self.rx_router_page.params.get("slug", ""))[:100]
        self._token = self.router.url.query_parameters.get("move", "")[:600]
        self.moving = bool(self._token)
        if not await self._read():
            self.missing = self.loaded = True
            return
        if self.zone == "UTC":
            self.zone = self.kind.zone
            self.twelve = self.zone.startswith("America/")
        self.month = self.day = ""
        self._turn_to(self.router.url.query_parameters.get("at", ""))
        await self._take_up(self.router.url.query_parameters.get("offer", "")[:600])
        live.hub().watch(EventContext.get().token, type(self), [topics.calendar(parse_uuid(self.kind.team_id))])
        self._show()
        self.loaded = True

    async def _refresh(self) -> None:
        self.missing = not await self._read()
        self._show()

    async def _take_up(self, offer: str) -> None:
        """On to the form for a time that was offered; what is kept no longer is said above the free times."""
        self.offered = False
        if not offer:
            return
        now = clock.utcnow()
        try:
            made = await ask(offers.held, links.read(offer, now), now)
        except DomainError as error:
            self.error = error.message
            return
        self.chosen, self._held, self.offered = str(int(made.start_time.timestamp())), str(made.id), True

    @rx.event
    async def choose(self, second: str) -> None:
        """Hold a time while the form is filled in: any free one, for one that was pressed while the day changed is
        meant as it stood there.
        """
        wanted = read_second(str(second))
        if not wanted:
            return
        self.error = self.error_field = ""
        try:
            if wanted not in self._starts:
                raise Conflict("That time has just been taken.")
            if not self.moving:
                self._held = str(await self._hold(wanted))
            self.chosen = str(wanted)
        except DomainError as error:
            self.error = error.message
            await self._refresh()
        self._show()

    async def _hold(self, second: int) -> Any:
        ip = self.router.session.client_ip
        limits.count(guests.LIMIT, account=f"{ip}:{self.kind.slug}", ip=ip)
        visitor = guests.visitor_key(ip, EventContext.get().token)
        return await ask(_hold, self.kind.slug, second, visitor, clock.utcnow())

    @rx.event
    async def let_go(self) -> None:
        """Back to the times."""
        held, self._held, self.chosen, self.error = self._held, "", "", ""
        if held and not self.offered:
            await ask(booking.release, parse_uuid(held))
        await self._refresh()

    @rx.event
    async def confirm(self, form: dict[str, str]) -> EventSpec | None:
        """The form: book the held time, or move the appointment to the chosen one."""
        values = {str(key)[:300]: str(value)[:_LONGEST] for key, value in dict(form).items()}
        if values.get("website") or not self.chosen:
            return None
        now = clock.utcnow()
        try:
            if self.moving:
                made = await ask(changing.reschedule, links.read(self._token, now), int(self.chosen), now)
            else:
                made = await ask(booking.confirm, parse_uuid(self._held), self._guest(values), now)
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            if isinstance(error, Taken):
                self.chosen = self._held = ""
                await self._refresh()
            return None
        self.chosen = self._held = ""
        return rx.redirect(f"/appointment/{links.token(made.id, now)}")

    def _guest(self, values: dict[str, str]) -> Guest:
        answers = {key.removeprefix("q:"): value for key, value in values.items() if key.startswith("q:")}
        name, email, phone, notes = (values.get(key, "") for key in ("name", "email", "phone", "notes"))
        return Guest(name, email, phone, self.zone, notes, answers)


class GuestState(rx.State):
    """A guest's own appointment, behind its signed link."""

    OPEN_TO_GUESTS: ClassVar[bool] = True

    loaded: bool = False
    missing: bool = False
    kind: PublicType = PublicType()
    row: AppointmentRow = AppointmentRow()
    token: str = ""
    when_label: str = ""
    may_change: bool = False
    too_late: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the appointment that the link names."""
        self.loaded = self.missing = False
        self.error = ""
        self.token = str(self.rx_router_page.params.get("token", ""))[:600]
        await self._refresh()
        if not self.missing:
            topic = topics.calendar(parse_uuid(self.kind.team_id))
            live.hub().watch(EventContext.get().token, type(self), [topic])

    async def _refresh(self) -> None:
        try:
            self.kind, self.row, self.too_late = await ask(_own, self.token, clock.utcnow())
        except NotFound:
            self.missing = self.loaded = True
            return
        twelve = self.row.guest_zone.startswith("America/")
        begins, ends = (datetime.fromisoformat(one) for one in (self.row.start, self.row.end))
        minutes = int((ends - begins).total_seconds()) // 60
        self.when_label = picker.span_label(int(begins.timestamp()), minutes, self.row.guest_zone, twelve=twelve)
        self.may_change = self.row.status == "scheduled" and not self.too_late
        self.loaded = True

    @rx.event
    async def cancel(self, form: dict[str, str]) -> None:
        """Cancel the appointment."""
        now = clock.utcnow()
        try:
            found = links.read(self.token, now)
            await ask(changing.cancel, found, now, reason=str(dict(form).get("reason", ""))[:_LONGEST])
        except DomainError as error:
            self.error = error.message
        await self._refresh()


class HostPageState(rx.State):
    """A person's public types."""

    loaded: bool = False
    missing: bool = False
    host: str = ""
    kinds: list[PublicType] = []

    @rx.event
    async def load(self) -> None:
        """Show what can be booked with the person whom the address names."""
        self.loaded = self.missing = False
        try:
            slug = str(self.rx_router_page.params.get("slug", ""))[:100]
            self.host, self.kinds = await ask(public.types_of, slug, clock.utcnow())
        except NotFound:
            self.missing = True
        self.loaded = True


def _hold(session: Session, slug: str, second: int, visitor: str, now: datetime) -> Any:
    return booking.hold(session, slug, second, visitor, now).id


def _own(session: Session, token: str, now: datetime) -> tuple[PublicType, AppointmentRow, str]:
    found = links.read(token, now)
    kind, row = public.own(session, found, now)
    return kind, row, changing.too_late(session, found, now)
