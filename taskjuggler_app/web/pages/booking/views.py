"""The visitors' pages."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.access.profile import timezones
from taskjuggler_app.web.components import (
    Choice,
    button,
    card,
    empty_state,
    field,
    form_error,
    icon,
    icon_button,
    link,
    mark,
    pick,
    same,
    segmented,
    skeleton_card,
    some,
    text_input,
    textarea,
)
from taskjuggler_app.web.components.base import Child, Text, classes, joined, when
from taskjuggler_app.web.pages.booking.own import own
from taskjuggler_app.web.pages.booking.state import BookState, GuestState, HostPageState

S: Any = BookState  # on the class, a State's attributes are vars and its methods are handlers
G: Any = GuestState
H: Any = HostPageState
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def book() -> rx.Component:
    """A type's times, then the form."""
    nothing = empty_state("calendar", "Nothing to book here", "The address is wrong, or bookings are closed.")
    inside = rx.el.div(_about(), rx.cond(S.chosen != "", _form(), _choice()), _zone(), class_name="book")
    return _page(
        rx.cond(S.loaded, rx.el.div(rx.cond(S.missing, nothing, inside), class_name="book-ready"), skeleton_card())
    )


def appointment() -> rx.Component:
    """A guest's own appointment."""
    nothing = empty_state("calendar", "This link leads nowhere", "Look for the newest mail about your appointment.")
    return _page(rx.cond(G.loaded, rx.cond(G.missing, nothing, own()), skeleton_card()))


def host() -> rx.Component:
    """Everything public that can be booked with one person."""
    nothing = empty_state("calendar", "Nothing to book here", "The address is wrong, or bookings are closed.")
    listed = rx.el.div(
        rx.el.header(
            rx.cond(some(H.kinds), rx.el.p(H.kinds[0].business, class_name="book-business")),
            rx.el.h1("Book ", H.host),
            class_name="book-about",
        ),
        rx.el.ul(rx.foreach(H.kinds, _kind), class_name="book-kinds", aria_label="Appointments"),
        class_name="stack book-own",
    )
    shown = rx.cond(some(H.kinds) & ~H.missing, listed, nothing)
    return _page(rx.cond(H.loaded, shown, skeleton_card()))


def _page(*content: Child) -> rx.Component:
    return rx.el.div(
        rx.el.main(*content, id="main", class_name="book-page"),
        rx.el.footer(mark(size=18), rx.el.span("Booked with TaskJuggler"), class_name="book-foot"),
        class_name="book-shell",
    )


def _about() -> rx.Component:
    kind = S.kind
    return rx.el.header(
        rx.el.p(kind.business, class_name="book-business"),
        rx.el.h1(pick(S.moving, "Choose a new time", kind.name)),
        rx.cond(kind.note != "", rx.el.p(kind.note, class_name="book-note")),
        rx.el.ul(
            _fact("clock", kind.minutes.to(str) + " minutes"),
            _fact("user", kind.hosts.to(list[str]).join(", ")),
            rx.cond(kind.location != "", _fact(_place(kind), kind.location)),
            rx.cond(kind.price != "", _fact("credit-card", kind.price)),
            rx.cond(kind.refund != "", _fact("undo-2", kind.refund)),
            class_name="book-facts",
        ),
        rx.cond(kind.description != "", rx.el.p(kind.description, class_name="book-text")),
        class_name="book-about",
    )


def _fact(sign: Any, text: Any, tag: str = "li") -> rx.Component:
    made = rx.el.li if tag == "li" else rx.el.span
    return made(icon(sign, size=16), rx.el.span(text), class_name="book-fact")


def _place(kind: Any) -> Any:
    sign: Any = rx.match(kind.location_kind, ("phone", "phone"), ("video", "monitor"), "map-pin")
    return sign.to(str)


def _choice() -> rx.Component:
    none = empty_state("calendar", "No free time", "Everything is taken at the moment. Please come back later.")
    picked = rx.el.div(
        rx.el.section(_month(), class_name="book-month", aria_label="Days"),
        rx.el.section(
            rx.el.h2(S.day_label, id="book-day", aria_live="polite"),
            rx.el.div(rx.foreach(S.times, _time), class_name="book-times", aria_labelledby="book-day", role="group"),
            class_name="book-day",
        ),
        class_name="book-choice",
    )
    return rx.el.div(form_error(S.error), rx.cond(S.any_free, picked, none), class_name="stack")


def _month() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            icon_button("chevron-left", "Month before", on_click=S.show_month(-1)),
            rx.el.h2(S.month_label, aria_live="polite"),
            icon_button("chevron-right", "Next month", on_click=S.show_month(1)),
            class_name="book-month-head",
        ),
        rx.el.div(*[rx.el.span(name) for name in _WEEK], class_name="book-week", aria_hidden="true"),
        rx.el.div(rx.foreach(S.days, _day), class_name="book-days"),
        rx.cond(
            S.later != "",
            rx.el.div(
                button(joined("More times in ", S.later), small=True, on_click=S.show_month(1)), class_name="book-later"
            ),
        ),
    )


def _day(cell: Any) -> rx.Component:
    shown = rx.el.button(
        cell.number,
        type="button",
        disabled=cell.free == 0,
        aria_label=cell.label,
        aria_pressed=when(cell.chosen, "true", "false"),
        on_click=S.show_day(cell.date),
        data_day=cell.date,
        class_name=classes("book-cell", when(cell.chosen, "is-chosen")),
    )
    return rx.fragment(rx.cond(cell.number != "", shown, rx.el.span(aria_hidden="true")), key=cell.date)


def _time(cell: Any) -> rx.Component:
    return rx.el.button(
        cell.label,
        type="button",
        on_click=S.choose(cell.second),
        data_time=cell.second,
        key=cell.second,
        class_name="btn btn-secondary",
    )


def _zone() -> rx.Component:
    box = text_input(
        "zone",
        default_value=S.zone,
        key="zone-" + S.kind.slug,
        list="book-zones",
        on_change=S.set_zone.debounce(200),
        data_zone_live="",
        spell_check=False,
    )
    names = [rx.el.option(value=name) for name in sorted(timezones())]
    return rx.el.div(
        field("Time zone", box),
        rx.el.datalist(*names, id="book-zones"),
        segmented(
            "clock",
            (Choice("12", "12 h"), Choice("24", "24 h")),
            pick(S.twelve, "12", "24"),
            on_select=S.set_clock,
            label="Clock",
        ),
        class_name="book-zone",
    )


def _form() -> rx.Component:
    details = rx.fragment(
        field("Name", text_input("name", autocomplete="name", required=True, max_length=200), error=_error("name")),
        field("Email", text_input("email", kind="email", autocomplete="email", required=True), error=_error("email")),
        rx.cond(
            S.kind.location_kind == "phone",
            field("Phone", text_input("phone", kind="tel", autocomplete="tel", required=True), error=_error("phone")),
            field("Phone", text_input("phone", kind="tel", autocomplete="tel"), error=_error("phone"), optional=True),
        ),
        rx.foreach(S.kind.questions.to(list[dict[str, Any]]), _question),
        field("Anything we should know?", textarea("notes", rows=3, max_length=2000), optional=True),
        rx.el.div(
            rx.el.input(name="website", tab_index=-1, auto_complete="off", aria_label="Leave this empty"),
            hidden=True,
        ),
    )
    label = pick(S.moving, "Move it here", pick(S.kind.price != "", "Go on to payment", "Book it"))
    return card(
        rx.el.form(
            form_error(pick(_is_general(), S.error)),
            rx.cond(S.moving, rx.fragment(), details),
            rx.el.div(
                button("Other times", kind="ghost", icon_name="arrow-left", on_click=S.let_go),
                button(label, kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.confirm,
            class_name="form",
        ),
        title=S.chosen_label,
        note=pick(S.moving | S.offered, S.zone, "Kept for you for 10 minutes. " + S.zone),
    )


def _is_general() -> Any:
    return ~((S.error_field == "name") | (S.error_field == "email") | (S.error_field == "phone"))


def _error(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _question(one: Any) -> rx.Component:
    label = one["label"].to(str)
    box = rx.el.input(
        name="q:" + label, required=one["required"].to(bool), max_length=500, class_name="input", id="q-" + label
    )
    return rx.el.div(rx.el.label(label, html_for="q-" + label, class_name="field-label"), box, class_name="field")


def _kind(kind: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.strong(kind.name),
                rx.cond(kind.description != "", rx.el.span(kind.description, class_name="muted")),
                rx.el.span(
                    _fact("clock", kind.minutes.to(str) + " minutes", "span"),
                    rx.cond(kind.location != "", _fact(_place(kind), kind.location, "span")),
                    rx.cond(kind.price != "", _fact("credit-card", kind.price, "span")),
                    class_name="book-facts",
                ),
                class_name="book-kind-text",
            ),
            icon("chevron-right", size=18),
            href="/book/" + kind.slug,
            class_name="book-kind",
        ),
        key=kind.id,
    )


PAGES = (
    ("/book/[slug]", "Book a time", book, BookState.load),
    ("/appointment/[token]", "Your appointment", appointment, GuestState.load),
    ("/host/[slug]", "Book a time", host, HostPageState.load),
)
