"""What the settings pages share."""

import reflex as rx

from taskjuggler_app.web.components import Choice, page_header, tab_links
from taskjuggler_app.web.components.base import Child
from taskjuggler_app.web.pages.frame.view import framed

_TABS = (
    Choice("profile", "Profile", href="/settings"),
    Choice("notifications", "Mail and texts", href="/settings/notifications"),
    Choice("security", "Password and devices", href="/settings/security"),
)


def settings_page(active: str, *content: Child) -> rx.Component:
    """A settings page; `active` is the tab."""
    return framed(
        "settings",
        page_header("Settings"),
        tab_links(_TABS, active, label="Settings"),
        rx.el.div(*content, class_name="stack panel"),
    )
