"""A guest's own appointment: what, when, with whom; saved, moved, cancelled, paid."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    card,
    facts,
    form_error,
    icon,
    link_button,
    native_form,
    native_link,
    notice,
    pick,
)
from taskjuggler_app.web.components.base import NativeLink
from taskjuggler_app.web.pages.booking.state import GuestState

G: Any = GuestState  # on the class, a State's attributes are vars and its methods are handlers


def own() -> rx.Component:
    """The appointment, and what its guest may still do."""
    row, kind = G.row, G.kind
    said: Any = rx.match(
        row.status,
        ("scheduled", "Your appointment is booked"),
        ("held", "One step left: your payment"),
        ("cancelled", "This appointment is cancelled"),
        "This appointment is over",
    )
    return rx.el.div(
        rx.el.header(
            rx.cond(row.status == "scheduled", rx.el.span(icon("check", size=22), class_name="book-done")),
            rx.el.p(kind.business, class_name="book-business"),
            rx.el.h1(said),
            class_name="book-about",
        ),
        form_error(G.error),
        card(
            facts(
                ("What", kind.name),
                ("When", rx.fragment(G.when_label, rx.el.span(" (", row.guest_zone, ")", class_name="muted"))),
                ("With", row.host),
                ("Where", pick(row.location != "", row.location, "They will tell you")),
            ),
            rx.cond(
                (row.status == "scheduled") & (row.guest_email != ""),
                rx.el.p("All of it is in a mail to ", row.guest_email, ".", class_name="muted book-mailed"),
            ),
            rx.cond(row.status == "scheduled", _actions()),
            rx.cond(row.status == "held", _payment()),
            rx.cond(row.refund != "", notice(row.refund)),
            rx.cond(
                row.paid,
                rx.el.p(
                    native_link(
                        "Your receipt", href="/receipts/booking/" + G.token, target="_blank", class_name="text-link"
                    )
                ),
            ),
        ),
        class_name="stack book-own",
    )


def _actions() -> rx.Component:
    save = NativeLink.create(
        icon("calendar", size=16),
        rx.el.span("Save in your calendar", class_name="btn-label"),
        href="/booking/invitation/" + G.token + ".ics",
        class_name="btn btn-secondary",
    )
    change = rx.fragment(
        link_button(
            "Choose another time", href="/book/" + G.kind.slug + "?move=" + G.token, icon_name="calendar-clock"
        ),
        rx.el.form(
            button("Cancel it", kind="ghost", submit=True),
            on_submit=G.cancel,
            data_confirm="Cancel this appointment?",
        ),
    )
    return rx.fragment(
        rx.el.div(save, rx.cond(G.may_change, change), class_name="book-actions"),
        rx.cond(G.may_change, rx.fragment(), notice(G.too_late)),
    )


def _payment() -> rx.Component:
    return native_form(
        rx.el.input(type="hidden", name="token", value=G.token, read_only=True),
        rx.el.p("The time is kept for you for some minutes. ", G.kind.refund, class_name="muted"),
        button(rx.fragment("Pay ", G.row.price), kind="primary", submit=True),
        action="/booking/pay",
        class_name="form",
    )
