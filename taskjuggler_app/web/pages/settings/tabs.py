"""What the settings pages share."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import Choice, page_header, tab_links
from taskjuggler_app.web.components.base import Child
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed

_TABS = (
    Choice("profile", "Profile", href="/settings"),
    Choice("notifications", "Mail and texts", href="/settings/notifications"),
    Choice("ai", "AI", href="/settings/ai"),
    Choice("keys", "API keys", href="/settings/keys"),
    Choice("plan", "Plan", href="/settings/plan"),
    Choice("security", "Password and devices", href="/settings/security"),
    Choice("data", "Your data", href="/settings/data"),
)


_ADMINS = (
    Choice("integrations", "Integrations", href="/settings/integrations"),
    Choice("webhooks", "Webhooks", href="/settings/webhooks"),
    Choice("audit", "Audit log", href="/settings/audit"),
)
_RUNNING = (Choice("integrations", "Integrations", href="/settings/integrations"),)
"""For an operator who is no admin of this workspace."""
_OPERATORS = (
    Choice("outbox", "Outbox", href="/settings/outbox"),
    Choice("operations", "Operations", href="/settings/operations"),
)
Frame: Any = FrameState


def settings_page(active: str, *content: Child, wide: bool = False) -> rx.Component:
    """A settings page; `active` is the tab. wide: for tables."""

    def shown(*tabs: Choice) -> rx.Component:
        return tab_links((*_TABS, *tabs), active, label="Settings")

    return framed(
        "settings",
        page_header("Settings"),
        rx.cond(
            Frame.is_admin,
            rx.cond(Frame.is_operator, shown(*_ADMINS, *_OPERATORS), shown(*_ADMINS)),
            rx.cond(Frame.is_operator, shown(*_RUNNING, *_OPERATORS), shown()),
        ),
        rx.el.div(*content, class_name="stack" if wide else "stack panel"),
    )
