"""A channel's automatic answer and its business hours."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.access.profile import timezones
from taskjuggler_app.domain.receptionist.templates import VARIABLES
from taskjuggler_app.web.components import (
    button,
    card,
    field,
    form_actions,
    form_error,
    some,
    switch,
    text_input,
    textarea,
)
from taskjuggler_app.web.pages.channels.state import ChannelState

S: Any = ChannelState  # on the class, a State's attributes are vars and its methods are handlers
_DAYS = (("mon", "Mon"), ("tue", "Tue"), ("wed", "Wed"), ("thu", "Thu"), ("fri", "Fri"), ("sat", "Sat"), ("sun", "Sun"))


def keyed(name: str, value: Any, **props: Any) -> dict[str, Any]:
    """A field that starts anew when another channel is shown."""
    return {"default_value": value, "key": name + "-" + S.channel.id.to(str) + S.kind, **props}


def answer() -> rx.Component:
    """What it answers by itself, shown on the channel's own newest messages while it is written."""
    on = switch(
        "is_on",
        "Answer by itself",
        hint="One answer a sender in the time below. Robots, lists, bounces and our own numbers never get one.",
        default_checked=S.channel.answer.is_on,
        key="on-" + S.channel.id.to(str),
    )
    words = textarea(
        "open_text",
        rows=3,
        on_change=S.preview.debounce(400),
        **keyed("ot", S.channel.answer.open_text, max_length=1000),
    )
    closed = textarea(
        "closed_text",
        rows=3,
        on_change=S.preview.debounce(400),
        **keyed("ct", S.channel.answer.closed_text, max_length=1000),
    )
    window = text_input("window_minutes", kind="number", **keyed("w", S.channel.answer.window_minutes, min=1))
    cap = text_input("daily_cap", kind="number", **keyed("cap", S.channel.answer.daily_cap, min=0))
    known = [rx.el.li(rx.el.code("{" + name + "}"), " ", said) for name, said in VARIABLES.items()]
    return card(
        rx.el.form(
            form_error(S.answer_error),
            on,
            field("In business hours", words, error=S.preview_error),
            field("Outside them", closed, optional=True),
            rx.el.details(rx.el.summary("Words that are filled in"), rx.el.ul(*known), class_name="channel-known"),
            _previews(),
            _hours(),
            rx.el.div(
                field("Minutes between answers to one sender", window),
                field("Answers a day at most", cap),
                class_name="cal-numbers",
            ),
            form_actions(button("Save", kind="primary", submit=True)),
            on_submit=S.save_answer,
            class_name="form",
        ),
        title="Automatic answer",
    )


def _previews() -> rx.Component:
    def one(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(rx.el.strong(row.sender), ": ", row.said, class_name="channel-said"),
            rx.el.p(row.answer, class_name="channel-answer"),
        )

    none = rx.el.p("No message has come yet to show it on.", class_name="muted")
    return rx.el.div(
        rx.el.p("On your newest messages", class_name="field-label"),
        rx.cond(some(S.previews), rx.el.ul(rx.foreach(S.previews, one), class_name="channel-previews"), none),
        aria_live="polite",
    )


def _hours() -> rx.Component:
    names = [rx.el.option(value=name) for name in sorted(timezones())]
    days = [
        field(label, text_input(day, **keyed(day, S.week[day].to(str), placeholder="Closed"))) for day, label in _DAYS
    ]
    zone = text_input("zone", **keyed("z", S.channel.answer.zone, list="channel-zones", required=True))
    return rx.el.fieldset(
        rx.el.legend("Business hours", class_name="field-label"),
        rx.el.p("Spans such as 09:00-12:00, 13:00-17:30. All empty: always open.", class_name="field-hint"),
        rx.el.div(*days, class_name="cal-numbers"),
        field("Time zone", zone),
        rx.el.datalist(*names, id="channel-zones"),
        class_name="channel-hours",
    )
