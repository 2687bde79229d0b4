"""The page of one's own data: everything as a ZIP, and the end of the account."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import button, card, native_link, skeleton_card, some, time_ago
from taskjuggler_app.web.pages.samples.view import samples
from taskjuggler_app.web.pages.settings.data_state import DataState
from taskjuggler_app.web.pages.settings.leaving import leaving
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = DataState  # on the class, a State's attributes are vars and its methods are handlers


def my_data() -> rx.Component:
    """Everything of mine, to take away; or to have it deleted."""
    return settings_page("data", rx.cond(S.loaded, rx.fragment(_export(), samples(), leaving()), skeleton_card()))


def _export() -> rx.Component:
    running = rx.el.div(
        rx.el.progress(
            value=S.packing.done.to(str), max=S.packing.total.to(str), aria_label="Packing", class_name="progress"
        ),
        rx.el.p("Packing: ", S.packing.done, " of ", S.packing.total, " parts. You may leave this page."),
        class_name="stack stack-tight",
        role="status",
    )
    ask = rx.el.div(button("Pack my data", kind="primary", on_click=S.start), class_name="form-actions")
    return card(
        rx.el.div(
            rx.el.p(
                "Account, profile, tasks, comments, messages, requests, rules, contacts, appointments, payments and "
                "your files: as JSON and CSV, with a README that says what is what. Passwords and keys are not in it.",
                class_name="muted",
            ),
            rx.cond(S.packing.batch_id != "", running, ask),
            rx.cond(
                some(S.ready),
                rx.el.ul(rx.foreach(S.ready, _ready), class_name="rules", aria_label="Packed"),
                rx.fragment(),
            ),
            class_name="stack stack-tight",
        ),
        title="Everything of yours, as a ZIP",
        note="Only you can fetch it, signed in, for seven days.",
    )


def _ready(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.strong(row.size), class_name="marks"),
            rx.el.p("Packed ", time_ago(row.made_at, row.made_at), ", kept seven days.", class_name="muted"),
            class_name="rule-text",
        ),
        rx.el.div(
            native_link("Download", href=row.href, class_name="btn btn-secondary btn-small"),
            button("Delete", kind="ghost", small=True, on_click=S.forget(row.id)),
            class_name="rule-controls",
        ),
        key=row.id,
        class_name="rule",
    )
