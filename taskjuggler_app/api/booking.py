"""Booking without scripts, and for programs: forms in, a redirect or JSON out; links of mails; private feeds.

`Accept: application/json` gets JSON: 201 with the appointment, 409 with the nearest free times, 422 with the field.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from taskjuggler_app.adapters import registry
from taskjuggler_app.api import forms
from taskjuggler_app.api.forms import Form
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.ports import Charge
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.appointments import booking, changing, feeds, guests, links, openings
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.appointments.taking import Taken
from taskjuggler_app.domain.payments import checks
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType

P = ParamSpec("P")
R = TypeVar("R")
KEPT = ("name", "email", "phone", "notes")
HONEYPOT = "website"
_turns: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()
_STATUS = {Conflict: 409, Taken: 409, Invalid: 422, LimitReached: 429, Forbidden: 403, NotFound: 404}


async def book(request: Request) -> Response:
    """A visitor's form: the time, who they are, what they were asked."""
    form = await forms.read(request)
    slug = form["slug"][:100]
    try:
        limits.count(guests.LIMIT, account=f"{form.ip}:{slug}", ip=form.ip)
        if form[HONEYPOT]:  # only programs see this field: they are told that all is well
            return _see_other(f"/book/{slug}")
        made = await _in_turn(slug, form)
    except DomainError as error:
        return _refused(request, form, f"/book/{slug}", error)
    link = _own_page(made)
    if _wants_json(request):
        return JSONResponse({**_shown(made), "link": link}, status_code=201)
    return _see_other(link)


async def _in_turn(slug: str, form: Form) -> Appointment:
    """One booking of a type at a time in this process: those that wait for their turn keep no connection meanwhile.

    Only what was booked counts against the network; refusals are many when a time is wanted by many.
    """
    second, guest = _second(form["start"]), _guest(form)
    turn = _turns.setdefault(slug, asyncio.Lock())
    async with turn:
        limits.count(guests.BOOKED, account=f"{form.ip}:{slug}", ip=form.ip)
        try:
            now = clock.utcnow()
            if form["offer"]:
                return await run_in_db(_transaction, booking.confirm, links.read(form["offer"], now), guest, now)
            return await run_in_db(_transaction, booking.book, slug, second, guest, now)
        except DomainError:
            limits.give_back(guests.BOOKED, account=f"{form.ip}:{slug}", ip=form.ip)
            raise


async def free_times(request: Request) -> Response:
    """The free starts of a type, for programs: {slug, times: [ISO 8601 in UTC]}."""
    slug = request.path_params["slug"]
    try:
        starts = await run_in_db(_transaction, _starts, slug)
    except NotFound as error:
        return JSONResponse({"error": error.message}, status_code=404)
    return JSONResponse({"slug": slug, "times": [_iso(one) for one in starts]}, headers={"Cache-Control": "no-store"})


async def cancel(request: Request) -> Response:
    """A guest cancels by the signed link."""
    return await _changed(request, lambda session, found, form: changing.cancel(
        session, found, clock.utcnow(), reason=form["reason"]
    ))  # fmt: skip


async def move(request: Request) -> Response:
    """A guest chooses another time by the signed link."""
    return await _changed(request, lambda session, found, form: changing.reschedule(
        session, found, _second(form["start"]), clock.utcnow()
    ))  # fmt: skip


async def pay(request: Request) -> Response:
    """On to where the held appointment is paid."""
    form = await forms.read(request)
    page = f"/appointment/{form['token'][:600]}"
    try:
        appointment_id = links.read(form["token"], clock.utcnow())
        charge = await run_in_db(_transaction, _charge, appointment_id, page)
    except DomainError as error:
        return forms.refused(form, page, error)
    checkout = await run_in_db(registry.payments().checkout, charge)
    return RedirectResponse(checkout.url, status_code=303)


async def invitation(request: Request) -> Response:
    """The appointment of a signed link as a file for calendars."""
    try:
        text = await run_in_db(_transaction, feeds.invitation, request.path_params["token"], clock.utcnow())
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=404)
    return _calendar(text, "appointment.ics")


async def feed(request: Request) -> Response:
    """A person's appointments, for whoever knows the secret address."""
    try:
        text = await run_in_db(_transaction, feeds.by_token, request.path_params["token"], clock.utcnow())
    except NotFound as error:
        return PlainTextResponse(error.message, status_code=404)
    return _calendar(text, "calendar.ics")


async def _changed(request: Request, verb: Callable[[Session, UUID, Form], Appointment]) -> Response:
    form = await forms.read(request)
    page = f"/appointment/{form['token'][:600]}"
    try:
        limits.count(guests.LIMIT, account=form["token"], ip=form.ip)
        made = await run_in_db(_transaction, verb, links.read(form["token"], clock.utcnow()), form)
    except DomainError as error:
        return _refused(request, form, page, error)
    return JSONResponse(_shown(made)) if _wants_json(request) else _see_other(page)


def _transaction(use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    with transaction() as session:
        return use_case(session, *args, **kwargs)


def _starts(session: Session, slug: str) -> list[int]:
    return openings.find(session, clock.utcnow(), slug=slug).starts()


def _charge(session: Session, appointment_id: UUID, page: str) -> Charge:
    """What is to be paid. Conflict when there is nothing (any more)."""
    made = session.get(Appointment, appointment_id)
    if made is None or made.status is not AppointmentStatus.HELD or not made.price:
        raise Conflict("There is nothing to pay here: the time was not held any longer.")
    home = settings().public_url.rstrip("/")
    kind = session.get_one(AppointmentType, made.appointment_type_id)
    about = {"name": made.guest_name, "email": made.guest_email, "what": kind.name}
    about["page"] = f"{home}/book/{kind.booking_slug}"
    checks.watch(session, checks.BOOKING, str(made.id), about=about)
    return Charge(
        str(made.id), made.price, made.currency, kind.name, f"{home}{page}", checks.BOOKING, email=made.guest_email
    )


def _guest(form: Form) -> Guest:
    answers = {key.removeprefix("q:"): value for key, value in form.values.items() if key.startswith("q:")}
    return Guest(form["name"], form["email"], form["phone"], guests.checked_zone(form["zone"]), form["notes"], answers)


def _second(text: str) -> int:
    """The start that a form names, as ISO 8601 with an offset or as seconds. Raises Invalid."""
    try:
        return int(text) if text.isdigit() and len(text) < 12 else int(_moment(text).timestamp())
    except (ValueError, OverflowError):
        raise Invalid("Choose one of the times.", "start") from None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _refused(request: Request, form: Form, page: str, error: DomainError) -> Response:
    if not _wants_json(request):
        return forms.refused(form, page, error, KEPT)
    said: dict[str, object] = {"error": error.message}
    if isinstance(error, Taken):
        said["nearest"] = [_iso(one) for one in error.nearest]
    if isinstance(error, Invalid):
        said["field"] = error.field
    return JSONResponse(said, status_code=_STATUS.get(type(error), 400))


def _shown(made: Appointment) -> dict[str, str]:
    return {
        "id": str(made.id),
        "status": made.status.value,
        "start": made.start_time.astimezone(UTC).isoformat(),
        "end": made.end_time.astimezone(UTC).isoformat(),
    }


def _own_page(made: Appointment) -> str:
    return f"/appointment/{links.token(made.id, clock.utcnow())}"


def _iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _see_other(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


def _calendar(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return PlainTextResponse(text, media_type="text/calendar", headers=headers)


def _route(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str) -> Route:
    return Route(path, endpoint, methods=[method])


routes = [
    _route("/booking/book", book, "POST"),
    _route("/booking/cancel", cancel, "POST"),
    _route("/booking/move", move, "POST"),
    _route("/booking/pay", pay, "POST"),
    _route("/booking/times/{slug}", free_times, "GET"),
    _route("/booking/invitation/{token}", invitation, "GET"),
    _route("/feeds/{token}", feed, "GET"),
]
