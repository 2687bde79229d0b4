"""What the settings pages share: the way from one to the other."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.web.components import Choice, icon, link, page_header
from taskjuggler_app.web.components.base import Child
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed

Frame: Any = FrameState

_OWN = (
    Choice("profile", "Profile", href="/settings"),
    Choice("security", "Password and devices", href="/settings/security"),
    Choice("notifications", "Mail and texts", href="/settings/notifications"),
    Choice("keys", "API keys", href="/settings/keys"),
    Choice("data", "Your data", href="/settings/data"),
)
_WORKSPACE = (Choice("ai", "AI", href="/settings/ai"), Choice("plan", "Plan", href="/settings/plan"))
_INTEGRATIONS = Choice("integrations", "Integrations", href="/settings/integrations")
_ADMINS = (
    Choice("webhooks", "Webhooks", href="/settings/webhooks"),
    Choice("audit", "Audit log", href="/settings/audit"),
)
_OPERATORS = (
    Choice("outbox", "Outbox", href="/settings/outbox"),
    Choice("operations", "Operations", href="/settings/operations"),
)
_LABELS = {one.value: one.label for one in (*_OWN, *_WORKSPACE, _INTEGRATIONS, *_ADMINS, *_OPERATORS)}


def settings_page(active: str, *content: Child, wide: bool = False) -> rx.Component:
    """A settings page; `active` is its name. wide: for tables.

    The other pages stand beside it, on a phone in a menu above it.
    """
    menu = rx.el.details(
        rx.el.summary(_LABELS[active], icon("chevron-down", size=16)),
        rx.el.nav(*_groups(active), aria_label="Settings"),
        class_name="settings-menu",
    )
    return framed(
        "settings",
        page_header("Settings"),
        rx.el.div(
            rx.el.nav(*_groups(active), aria_label="Settings", class_name="settings-nav"),
            menu,
            rx.el.div(*content, class_name="stack" if wide else "stack panel"),
            class_name="settings-page",
        ),
    )


def _groups(active: str) -> list[rx.Component]:
    """What everybody has, what admins have, what operators have."""

    def draw(*choices: Choice) -> rx.Component:
        return rx.fragment(*[_place(one, active) for one in choices])

    workspace = [
        draw(*_WORKSPACE),
        rx.cond(Frame.is_admin | Frame.is_operator, draw(_INTEGRATIONS)),
        rx.cond(Frame.is_admin, draw(*_ADMINS)),
    ]
    return [
        _group("You", [draw(*_OWN)]),
        _group("This workspace", workspace),
        rx.cond(Frame.is_operator, _group("This installation", [draw(*_OPERATORS)])),
    ]


def _group(name: str, places: Sequence[rx.Component]) -> rx.Component:
    return rx.el.div(rx.el.h2(name), rx.el.ul(*places), class_name="settings-group")


def _place(choice: Choice, active: str) -> rx.Component:
    current = "page" if choice.value == active else "false"
    return rx.el.li(link(choice.label, href=choice.href, aria_current=current))
