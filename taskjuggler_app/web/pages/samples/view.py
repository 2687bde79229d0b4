"""The card that takes sample data away: what would go, what stays, and how far it is."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import button, card, dialog
from taskjuggler_app.web.components.base import Text, either, joined, pick
from taskjuggler_app.web.pages.samples.state import SamplesState

S: Any = SamplesState  # on the class, a State's attributes are vars and its methods are handlers


def samples() -> rx.Component:
    """Nothing where there is no sample data."""
    return rx.fragment(
        rx.cond(
            either(S.found.messages > 0, either(S.found.things > 0, S.found.batch_id != "")), _card(), rx.fragment()
        )
    )


def _card() -> rx.Component:
    running = rx.el.div(
        rx.el.progress(
            value=S.found.done.to(str), max=S.found.total.to(str), aria_label="Taking it away", class_name="progress"
        ),
        rx.el.p("Taking it away: ", S.found.messages, " messages left. You may leave this page."),
        class_name="stack stack-tight",
        role="status",
    )
    ask = rx.el.section(
        rx.el.h2("Sample data"),
        rx.el.p(
            "Made by the simulator or the demo: ",
            _counted(S.found.messages, "message"),
            ", ",
            _counted(S.found.tasks, "task"),
            rx.cond(S.found.things > 0, rx.fragment(" and ", _counted(S.found.things, "other thing"))),
            ".",
            class_name="muted",
        ),
        button("Remove sample data…", kind="secondary", small=True, data_opens="#remove-samples"),
        class_name="card sample-line",
    )
    return rx.fragment(
        rx.cond(S.found.batch_id != "", card(running, title="Sample data"), ask),
        dialog(
            "remove-samples",
            "Remove sample data",
            rx.el.div(_goes(), _stays(), class_name="stack"),
            actions=[
                button("Go back", kind="ghost", data_closes=""),
                button("Remove it", kind="danger", on_click=S.remove, data_closes=""),
            ],
            class_name="dialog-small",
        ),
    )


def _goes() -> rx.Component:
    return rx.el.section(
        rx.el.h3("What goes, for good"),
        rx.el.p(
            _counted(S.found.messages, "message"),
            " and ",
            _counted(S.found.tasks, "task"),
            " made of them, with the contacts that a rule added for them.",
        ),
        rx.cond(S.found.goes != "", rx.el.p("Also of the demo, and untouched since: ", S.found.goes, ".")),
    )


def _stays() -> rx.Component:
    kept = rx.el.p(
        _counted(S.found.kept, "sample message"),
        " that somebody answered, corrected or worked on ",
        pick(S.found.kept == 1, "stays", "stay"),
        ", with its task and what is attached.",
    )
    return rx.el.section(
        rx.el.h3("What stays"),
        rx.el.p("What anybody here made, changed or used since, and what money moved for."),
        rx.cond(S.found.stays != "", rx.el.p("Of the demo's own: ", S.found.stays, ".")),
        rx.cond(S.found.kept > 0, kept),
    )


def _counted(number: Any, what: str) -> Text:
    return pick(number == 1, f"1 {what}", joined(number.to(str), f" {what}s"))
