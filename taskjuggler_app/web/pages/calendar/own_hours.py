"""The dialog of a type's own openings and closings."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    dialog,
    field,
    form_error,
    select,
    some,
    text_input,
)
from taskjuggler_app.web.pages.calendar.own_hours_state import OwnHoursState

S: Any = OwnHoursState  # on the class, a State's attributes are vars and its methods are handlers
_WHAT = (Choice("open", "Open besides the hosts' hours"), Choice("closed", "Closed"))
_REPEATS = (
    Choice("", "Once"),
    Choice("week", "Every week on that day"),
    Choice("month", "Every month on that date"),
    Choice("own", "By a rule of my own"),
)


def own_hours() -> rx.Component:
    """What is open or closed for one type alone."""
    nothing = rx.el.p("So far it follows its hosts' hours.", class_name="muted")
    listed = rx.el.ul(rx.foreach(S.rows, _row), class_name="rules", aria_label="Openings and closings")
    return dialog(
        "own-hours",
        "Own hours of " + S.name,
        rx.cond(some(S.rows), listed, nothing),
        _form(),
        open_=S.open,
        on_close=S.leave,
        class_name="dialog-wide",
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.cond(row.opens, badge("Open", tone="success"), badge("Closed", tone="warning")),
                rx.el.strong(row.title),
                class_name="marks",
            ),
            rx.el.p(row.note, class_name="muted"),
            class_name="rule-text",
        ),
        button("Remove", kind="ghost", small=True, on_click=S.remove(row.id)),
        key=row.id,
        class_name="rule",
    )


def _form() -> rx.Component:
    until = field("Until", text_input("until", kind="date"), optional=True)
    rule = field(
        "Rule",
        text_input("rule", placeholder="FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", max_length=200),
        hint="As RFC 5545 writes it: DAILY, WEEKLY, MONTHLY or YEARLY; COUNT up to 1000.",
    )
    return rx.el.form(
        form_error(S.error),
        rx.el.div(
            field("What", select("opens", _WHAT)),
            field("First day", text_input("day", kind="date", required=True)),
            field("From", text_input("starts", placeholder="09:00", required=True, max_length=5)),
            field("To", text_input("ends", placeholder="12:00", required=True, max_length=5), hint=S.zone),
            field("Repeats", select("repeats", _REPEATS, on_change=S.set_repeats)),
            rx.match(S.repeats, ("week", until), ("month", until), ("own", rule), rx.fragment()),
            class_name="cal-numbers",
        ),
        rx.el.div(
            button("Close", kind="ghost", data_closes=""),
            button("Add", kind="primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=S.add,
        class_name="form",
    )
