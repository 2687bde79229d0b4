"""The booking page for people without scripts: one plain form that books, moves, or takes up an offer."""

from dataclasses import dataclass
from itertools import groupby

from taskjuggler_app.api.booking import HONEYPOT
from taskjuggler_app.api.shell import EMPTY, Html, element, joined
from taskjuggler_app.domain.access.cookies import Flash
from taskjuggler_app.domain.appointments import picker
from taskjuggler_app.domain.appointments.hours import local_date
from taskjuggler_app.domain.appointments.rows import PublicType

SHOWN = 60
"""Free times that the page offers at most."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for: a time, another time for the appointment of a link, the time that a link offers."""

    at: str = ""
    move: str = ""
    offer: str = ""


def page(kind: PublicType, starts: list[int], wish: Wish, flash: Flash | None) -> Html:
    """Times are the host's local ones."""
    error = flash.error if flash else ""
    head = [
        element("h1", "Choose a new time" if wish.move else kind.name),
        element("p", kind.note) if kind.note else EMPTY,
        element("p", f"{kind.business} · {kind.minutes} minutes · with {', '.join(kind.hosts)}"),
        element("p", kind.description) if kind.description else EMPTY,
        element("p", error, role="alert", class_="form-error") if error else EMPTY,
    ]
    if not starts:
        again = element("p", element("a", "See the free times", href=f"/book/{kind.slug}"))
        said = "This time is not kept for you any longer." if wish.offer else "There is no free time at the moment."
        return joined(*head, element("p", said), again)
    choice = element(
        "select", *_options(starts, kind.zone, wish.at), name="start", required=True, class_="input select"
    )
    time = element("label", f"Time ({kind.zone})", choice)
    if wish.move:
        token = element("input", type="hidden", name="token", value=wish.move)
        return joined(*head, _form("/booking/move", token, time, _button("Move it here")))
    offer = element("input", type="hidden", name="offer", value=wish.offer) if wish.offer else EMPTY
    return joined(*head, _form("/booking/book", offer, *_details(kind, time, dict(flash.kept) if flash else {})))


def _details(kind: PublicType, time: Html, kept: dict[str, str]) -> list[Html]:
    questions = [
        _field(one["label"], f"q:{one['label']}", required=bool(one.get("required"))) for one in kind.questions
    ]
    return [
        element("input", type="hidden", name="slug", value=kind.slug),
        element("input", type="hidden", name="zone", value=kind.zone),
        time,
        _field("Name", "name", kept, required=True, autocomplete="name"),
        _field("Email", "email", kept, kind="email", required=True, autocomplete="email"),
        _field("Phone", "phone", kept, kind="tel", required=kind.location_kind == "phone", autocomplete="tel"),
        *questions,
        _field("Anything we should know?", "notes", kept),
        element("input", name=HONEYPOT, tabindex="-1", autocomplete="off", hidden=True, aria_hidden="true"),
        element("p", kind.refund) if kind.refund else EMPTY,
        _button("Pay and book" if kind.price else "Book"),
    ]


def _form(action: str, *inside: Html) -> Html:
    return element("form", *inside, method="post", action=action, class_="form")


def _button(label: str) -> Html:
    return element("button", label, type="submit", class_="btn btn-primary")


def _options(starts: list[int], zone: str, at: str) -> list[Html]:
    """The next free times by day, and the one asked for."""
    shown = sorted({*starts[:SHOWN], *(one for one in starts if str(one) == at)})
    days = groupby(shown, key=lambda one: local_date(zone, one))
    return [
        element("optgroup", *_day(list(times), zone, at), label=f"{day:%A} {day.day} {day:%B}") for day, times in days
    ]


def _day(starts: list[int], zone: str, at: str) -> list[Html]:
    cells = picker.time_cells(starts, zone, twelve=False)
    return [element("option", one.label, value=one.second, selected=one.second == at) for one in cells]


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
    box = element(
        "input", type=kind, name=name, value=value, required=required, autocomplete=autocomplete, class_="input"
    )
    return element("label", label, box)
