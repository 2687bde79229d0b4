"""What the server says in the shells of the booking pages: search engines, previews, and people without scripts."""

from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request

from taskjuggler_app.api import booking_plain, booking_served
from taskjuggler_app.api.booking_plain import Wish
from taskjuggler_app.api.shell import EMPTY, Fill, Filled, Html, element, joined
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.domain.access import cookies
from taskjuggler_app.domain.appointments import letters, links, offers, public
from taskjuggler_app.domain.appointments.rows import AppointmentRow, PublicType

_SENTENCE = 160


async def type_page(request: Request) -> Filled | None:
    """/book/{slug}; with ?move= or ?offer= for the holder of that signed link."""
    slug = request.path_params["slug"]
    wish = Wish(
        at=request.query_params.get("at", "")[:12],
        move=request.query_params.get("move", "")[:600],
        offer=request.query_params.get("offer", "")[:600],
    )
    try:
        kind, starts = await run_in_db(_type, slug, wish)
    except NotFound:
        return None
    flash = cookies.read_flash("; ".join(request.headers.getlist("cookie")))
    ours = flash if flash is not None and flash.page == f"/book/{slug}" else None
    description = kind.description or f"{kind.minutes} minutes with {', '.join(kind.hosts)}. Choose a time that suits."
    own = bool(wish.move or wish.offer)
    return Filled(
        title=f"{kind.name} · {kind.business}",
        description=description[:_SENTENCE],
        path=f"/book/{slug}",
        noscript=booking_plain.page(kind, starts, wish, ours),
        served=EMPTY if own else booking_served.booking(kind, starts, clock.utcnow()),
        data=_service(kind),
        index=not own,
    )


async def host_page(request: Request) -> Filled | None:
    """/host/{slug}."""
    slug = request.path_params["slug"]
    try:
        name, kinds = await run_in_db(_host, slug)
    except NotFound:
        return None
    rows = [
        element("li", element("a", kind.name, href=f"/book/{kind.slug}"), f" ({kind.minutes} minutes)")
        for kind in kinds
    ]
    business = kinds[0].business if kinds else ""
    return Filled(
        title=f"Book {name}",
        description=f"Appointments with {name}{f' of {business}' if business else ''}.",
        path=f"/host/{slug}",
        noscript=joined(element("h1", f"Book {name}"), element("ul", *rows)),
        data={"@type": "ItemList", "itemListElement": [_service(kind) for kind in kinds]},
        kind="profile",
    )


async def guest_page(request: Request) -> Filled | None:
    """/appointment/{token}: never for search engines."""
    token = request.path_params["token"]
    try:
        kind, made = await run_in_db(_guest, token)
    except NotFound:
        return None
    flash = cookies.read_flash("; ".join(request.headers.getlist("cookie")))
    error = flash.error if flash is not None and flash.page == f"/appointment/{token}" else ""
    return Filled(
        title=f"{kind.name} · {kind.business}",
        description="Your appointment.",
        noscript=_own(kind, made, token, error),
        index=False,
    )


FILLED: dict[str, Fill] = {
    "/book/{slug}": type_page,
    "/host/{slug}": host_page,
    "/appointment/{token}": guest_page,
}


def _type(slug: str, wish: Wish) -> tuple[PublicType, list[int]]:
    now = clock.utcnow()
    moving = links.read(wish.move, now) if wish.move else None
    with transaction() as session:
        if wish.offer:
            kind, _ = public.offered(session, slug, now)
            return kind, _kept(session, wish.offer, now)
        return public.offered(session, slug, now, moving=moving)


def _kept(session: Session, offer: str, now: datetime) -> list[int]:
    """The one time that a link offers; none when it is not kept any longer."""
    try:
        return [int(offers.held(session, links.read(offer, now), now).start_time.timestamp())]
    except DomainError:
        return []


def _host(slug: str) -> tuple[str, list[PublicType]]:
    with transaction() as session:
        return public.types_of(session, slug, clock.utcnow())


def _guest(token: str) -> tuple[PublicType, AppointmentRow]:
    with transaction() as session:
        return _read(session, token)


def _read(session: Session, token: str) -> tuple[PublicType, AppointmentRow]:
    now = clock.utcnow()
    return public.own(session, links.read(token, now), now)


def _own(kind: PublicType, made: AppointmentRow, token: str, error: str) -> Html:
    """A guest's appointment with what they can do about it."""
    start = datetime.fromisoformat(made.start)
    said = {"held": "It waits for your payment.", "cancelled": "It is cancelled.", "scheduled": "It is booked."}
    button = element("button", "Cancel it", type="submit", class_="btn btn-danger")
    secret = element("input", type="hidden", name="token", value=token)
    actions = EMPTY
    if made.status == "scheduled":
        other = element("a", "Choose another time", href=f"/book/{kind.slug}?move={token}", rel="nofollow")
        cancel = element("form", secret, button, method="post", action="/booking/cancel")
        actions = joined(element("p", other), cancel)
    elif made.status == "held":
        pay = element("button", f"Pay {made.price}", type="submit", class_="btn btn-primary")
        rule = element("p", kind.refund)
        actions = element("form", secret, rule, pay, method="post", action="/booking/pay")
    return joined(
        element("h1", kind.name),
        element("p", error, role="alert", class_="form-error") if error else EMPTY,
        element("p", f"{letters.when_text(start, made.guest_zone)}, with {made.host}. {said.get(made.status, '')}"),
        element("p", made.refund) if made.refund else EMPTY,
        element("p", element("a", "Your receipt", href=f"/receipts/booking/{token}")) if made.paid else EMPTY,
        actions,
        element("p", element("a", "Save it in your calendar", href=f"/booking/invitation/{token}.ics")),
    )


def _service(kind: PublicType) -> dict[str, object]:
    """schema.org/Service with an offer and where it is booked."""
    found: dict[str, object] = {
        "@type": "Service",
        "name": kind.name,
        "description": kind.description or kind.name,
        "provider": {"@type": "LocalBusiness", "name": kind.business},
        "potentialAction": {"@type": "ReserveAction", "target": f"/book/{kind.slug}"},
    }
    if kind.price:
        found["offers"] = {"@type": "Offer", "price": kind.amount, "priceCurrency": kind.currency}
    return found
