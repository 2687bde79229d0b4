"""The time machine: other rules over past messages, and what would have come of it."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.routing.runs import RunRow
from taskjuggler_app.web.components import (
    Choice,
    button,
    card,
    empty_state,
    field,
    icon_button,
    link,
    page_header,
    pick,
    segmented,
    select,
    skeleton_card,
    some,
    switch,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import classes, word
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.machine_state import LASTS, DraftLine, MachineState
from taskjuggler_app.web.pages.rules.undoing import rule_tabs

S: Any = MachineState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
STATUSES = {"queued": "Waiting", "running": "Running", "done": "Done", "cancelled": "Cancelled", "failed": "Failed"}
_AGAINST = (Choice("now", "The rules as they are"), Choice("happened", "What happened"))
_LASTS = tuple(Choice(str(last), f"the last {last:,}") for last in LASTS)


def machine() -> rx.Component:
    """What to run, and the runs so far."""
    return framed(
        "rules",
        page_header(
            "Time machine",
            note="What other rules would have done with past messages. Nothing is sent, counted or changed.",
        ),
        rule_tabs("machine"),
        rx.cond(
            S.loaded, rx.el.div(_draft(), rx.el.div(_runs(), class_name="stack"), class_name="columns"), skeleton_card()
        ),
    )


def _draft() -> rx.Component:
    start = button("Run", kind="primary", icon_name="play", on_click=S.run, disabled=S.behind == 0)
    lines = rx.el.ol(rx.foreach(S.rules, _line), class_name="draft-lines", aria_label="The draft")
    inside = rx.el.div(
        rx.cond(some(S.rules), lines, rx.el.p("There are no rules yet.", class_name="muted")),
        rx.el.div(
            field("Look at", select("last", _LASTS, value=S.last, on_change=S.set_last)),
            rx.el.div(
                rx.el.p("Compare with", class_name="field-label"),
                segmented("against", _AGAINST, S.against, on_select=S.set_against, label="Compare with"),
                class_name="field",
            ),
            class_name="form-row",
        ),
        rx.el.div(
            rx.el.span(S.behind, pick(S.behind == 1, " message", " messages"), " so far", class_name="muted"),
            rx.cond(Frame.is_admin, start),
            class_name="form-actions",
        ),
        class_name="stack",
    )
    return card(
        inside,
        title="The draft",
        note="Switch rules and change their order here. To try other words, change a rule and press “Try on the past”.",
    )


def _line(row: DraftLine) -> rx.Component:
    return rx.el.li(
        switch(
            "on",
            row.name,
            id_="draft-" + row.id,
            checked=row.is_on,
            on_change=lambda on: S.switch(row.id, on),
            hint=row.when,
        ),
        rx.el.div(
            icon_button("arrow-up", "Earlier", on_click=S.shift(row.id, -1)),
            icon_button("arrow-down", "Later", on_click=S.shift(row.id, 1)),
            class_name="draft-moves",
        ),
        key=row.id,
        class_name=classes("draft-line", when(row.changed, "is-changed")),
    )


def _runs() -> rx.Component:
    none = empty_state("rotate-ccw", "No runs yet", "A run shows message by message what would change.")
    listed = rx.el.ul(rx.foreach(S.rows, _run), class_name="run-list", aria_label="Runs")
    return card(rx.cond(some(S.rows), listed, none), title="Runs")


def _run(row: RunRow) -> rx.Component:
    return rx.el.li(
        link(row.title, href="/rules/time-machine/" + row.id, class_name="text-link"),
        rx.el.p(
            word(row.status, STATUSES, "Waiting"),
            " · ",
            row.done,
            " of ",
            row.total,
            " · ",
            time_ago(row.created_at, row.created_at),
            class_name="muted",
        ),
        key=row.id,
    )
