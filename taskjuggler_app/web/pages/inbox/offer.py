"""Times offered in an answer: one card of a message's page."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    card,
    field,
    form_error,
    link_button,
    select,
    some,
    textarea,
)
from taskjuggler_app.web.pages.inbox.offer_state import OfferState

S: Any = OfferState  # on the class, a State's attributes are vars and its methods are handlers


def offer_times() -> rx.Component:
    """Free times that fit the message, held for its sender and sent with a link each."""
    begin = button("Offer times", icon_name="calendar-clock", on_click=S.begin)
    none = rx.fragment(
        rx.el.p("There is nothing that can be booked yet.", class_name="muted"),
        link_button("Make an appointment type", href="/calendar/types"),
    )
    inside = rx.cond(S.offering, rx.cond(some(S.types), _form(), none), begin)
    return card(inside, title="Book a time", note="Offer free times that fit the message; the sender picks one.")


def _form() -> rx.Component:
    kinds = select("type", S.types, default_value=S.type_id, key=S.type_id, on_change=S.choose_type)
    times = rx.cond(
        some(S.times),
        rx.el.fieldset(
            rx.el.legend("Times"),
            rx.foreach(S.times, _time),
            class_name="offer-times",
        ),
        rx.el.p("Nothing is free at the moment.", class_name="muted"),
    )
    return rx.fragment(
        field("What for", kinds),
        rx.el.form(
            form_error(S.error),
            times,
            field("Your words", textarea("words", rows=3, max_length=1000, default_value=S.words, key=S.type_id)),
            rx.el.div(
                button("Cancel", kind="ghost", on_click=S.leave),
                button("Hold and send", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.send,
            class_name="form",
        ),
    )


def _time(line: Any) -> rx.Component:
    box = rx.el.input(type="checkbox", name="time:" + line.second, default_checked=line.chosen)
    return rx.el.label(box, " ", line.label, key=line.second)
