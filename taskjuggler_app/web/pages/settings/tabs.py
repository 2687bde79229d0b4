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
)


_OPERATORS = (
    Choice("outbox", "Outbox", href="/settings/outbox"),
    Choice("operations", "Operations", href="/settings/operations"),
)
Frame: Any = FrameState


def settings_page(active: str, *content: Child) -> rx.Component:
    """A settings page; `active` is the tab."""
    return framed(
        "settings",
        page_header("Settings"),
        rx.cond(
            Frame.is_operator,
            tab_links((*_TABS, *_OPERATORS), active, label="Settings"),
            tab_links(_TABS, active, label="Settings"),
        ),
        rx.el.div(*content, class_name="stack panel"),
    )
