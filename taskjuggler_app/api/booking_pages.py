"""What the server says in the shells of the booking pages: search engines, previews, and people without scripts."""

from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.requests import Request

from taskjuggler_app.api.booking import HONEYPOT
from taskjuggler_app.api.shell import EMPTY, Fill, Filled, Html, element, joined
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.access import cookies
from taskjuggler_app.domain.appointments import letters, links, openings, queries
from taskjuggler_app.domain.appointments.queries import AppointmentRow, PublicType

SHOWN = 60
"""Free times that the plain page offers."""
_SENTENCE = 160


async def type_page(request: Request) -> Filled | None:
    """/book/{slug}."""
    slug = request.path_params["slug"]
    try:
        kind, starts = await run_in_db(_type, slug)
    except NotFound:
        return None
    flash = cookies.read_flash("; ".join(request.headers.getlist("cookie")))
    ours = flash if flash is not None and flash.page == f"/book/{slug}" else None
    description = kind.description or f"{kind.minutes} minutes with {', '.join(kind.hosts)}. Choose a time that suits."
    return Filled(
        title=f"{kind.name} · {kind.business}",
        description=description[:_SENTENCE],
        path=f"/book/{slug}",
        noscript=_plain(kind, starts, ours.error if ours else "", dict(ours.kept) if ours else {}),
        data=_service(kind),
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


def _type(slug: str) -> tuple[PublicType, list[int]]:
    with transaction() as session:
        kind = openings.by_slug(session, slug)
        return queries.public_type(session, slug), openings.open_starts(session, kind, clock.utcnow())


def _host(slug: str) -> tuple[str, list[PublicType]]:
    with transaction() as session:
        return queries.public_page(session, slug)


def _guest(token: str) -> tuple[PublicType, AppointmentRow]:
    with transaction() as session:
        return _read(session, token)


def _read(session: Session, token: str) -> tuple[PublicType, AppointmentRow]:
    return queries.for_guest(session, links.read(token, clock.utcnow()))


def _plain(kind: PublicType, starts: list[int], error: str, kept: dict[str, str]) -> Html:
    """The form that books without scripts; times are the host's local ones."""
    head = [
        element("h1", kind.name),
        element("p", f"{kind.business} · {kind.minutes} minutes · with {', '.join(kind.hosts)}"),
        element("p", kind.description) if kind.description else EMPTY,
        element("p", error, role="alert", class_="form-error") if error else EMPTY,
    ]
    if not starts:
        return joined(*head, element("p", "There is no free time at the moment. Please come back later."))
    choice = element("select", *_options(starts, kind.zone), name="start", required=True)
    questions = [
        _field(one["label"], f"q:{one['label']}", required=bool(one.get("required"))) for one in kind.questions
    ]
    return joined(
        *head,
        element(
            "form",
            element("input", type="hidden", name="slug", value=kind.slug),
            element("input", type="hidden", name="zone", value=kind.zone),
            element("label", f"Time ({kind.zone})", choice),
            _field("Name", "name", kept, required=True, autocomplete="name"),
            _field("Email", "email", kept, kind="email", required=True, autocomplete="email"),
            _field("Phone", "phone", kept, kind="tel", required=kind.location_kind == "phone", autocomplete="tel"),
            *questions,
            _field("Anything we should know?", "notes", kept),
            element("input", name=HONEYPOT, tabindex="-1", autocomplete="off", hidden=True, aria_hidden="true"),
            element("button", "Pay and book" if kind.price else "Book", type="submit", class_="btn btn-primary"),
            method="post",
            action="/booking/book",
            class_="form",
        ),
    )


def _own(kind: PublicType, made: AppointmentRow, token: str, error: str) -> Html:
    """A guest's appointment with what they can do about it."""
    start = datetime.fromisoformat(made.start)
    said = {"held": "It waits for your payment.", "cancelled": "It is cancelled.", "scheduled": "It is booked."}
    button = element("button", "Cancel it", type="submit", class_="btn btn-danger")
    secret = element("input", type="hidden", name="token", value=token)
    actions = EMPTY
    if made.status == "scheduled":
        actions = element("form", secret, button, method="post", action="/booking/cancel")
    elif made.status == "held":
        pay = element("button", f"Pay {made.price}", type="submit", class_="btn btn-primary")
        actions = element("form", secret, pay, method="post", action="/booking/pay")
    return joined(
        element("h1", kind.name),
        element("p", error, role="alert", class_="form-error") if error else EMPTY,
        element("p", f"{letters.when_text(start, made.guest_zone)}, with {made.host}. {said.get(made.status, '')}"),
        actions,
        element("p", element("a", "Save it in your calendar", href=f"/booking/invitation/{token}.ics")),
    )


def _options(starts: list[int], zone: str) -> list[Html]:
    """The next free times by day."""
    local = [datetime.fromtimestamp(one, ZoneInfo(zone)) for one in starts[:SHOWN]]
    return [
        element(
            "optgroup",
            *[element("option", f"{one:%H:%M}", value=str(int(one.timestamp()))) for one in times],
            label=f"{day:%A} {day.day} {day:%B}",
        )
        for day, times in groupby(local, key=lambda one: one.date())
    ]


def _field(
    label: str,
    name: str,
    kept: dict[str, str] | None = None,
    *,
    kind: str = "text",
    required: bool = False,
    autocomplete: str | None = None,
) -> Html:
    value = (kept or {}).get(name)
    box = element("input", type=kind, name=name, value=value, required=required, autocomplete=autocomplete)
    return element("label", label, box)


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
        amount, currency = kind.price.split(" ")
        found["offers"] = {"@type": "Offer", "price": amount, "priceCurrency": currency}
    return found
