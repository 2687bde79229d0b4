"""Settings → Integrations: how each stands, and a button that tries it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import badge, button, card, icon, link, pick, skeleton_list, time_ago
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.settings.integrations_state import IntegrationsState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = IntegrationsState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState


def integrations() -> rx.Component:
    """Everything that this business is connected to."""
    more = rx.el.p(
        "Numbers and mailboxes are tested at ",
        link("Channels", href="/channels", class_name="text-link"),
        ", addresses that hear of events at ",
        link("Webhooks", href="/settings/webhooks", class_name="text-link"),
        ", calendars at ",
        link("My hours", href="/calendar/hours", class_name="text-link"),
        ".",
        pick(Frame.is_operator, "", " Mail, phone and payments are set up by who runs this installation."),
        class_name="muted",
    )
    rows = rx.el.ul(rx.foreach(S.rows, _row), class_name="rules", aria_label="Integrations")
    return settings_page(
        "integrations",
        rx.cond(
            S.loaded,
            rx.fragment(
                card(rows, title="Integrations", note="A test sends nothing and charges nobody.", flush=True),
                more,
            ),
            skeleton_list(),
        ),
    )


def _row(row: Any) -> rx.Component:
    sign = rx.cond(row.good, icon("circle-check", size=18), icon("circle-alert", size=18))
    result = rx.el.p(
        sign,
        rx.el.span(row.said, " ", rx.el.span(row.took, ", ", time_ago(row.at, row.at), class_name="muted")),
        class_name=pick(row.good, "test-result is-good", "test-result is-bad"),
        role="status",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.strong(row.title),
                rx.cond(row.is_embedded, badge(row.vendor), badge(row.vendor, tone="accent")),
                class_name="marks",
            ),
            rx.cond(row.missing != "", rx.el.p("Missing: ", row.missing, ".", class_name="muted")),
            rx.cond(row.at != "", result),
            class_name="rule-text",
        ),
        button(
            "Test this",
            kind="secondary",
            small=True,
            loading=S.testing == row.key,
            aria_label="Test this: " + row.title,
            on_click=S.test(row.key),
        ),
        key=row.key,
        class_name="rule",
    )
