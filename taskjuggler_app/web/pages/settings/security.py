"""Password and devices."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    field,
    form_error,
    native_form,
    notice,
    password_input,
    pick,
    same,
    skeleton_card,
    time_ago,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.state import SecurityState
from taskjuggler_app.web.pages.settings.tabs import settings_page
from taskjuggler_app.web.pages.settings.two_factor import two_factor

S: Any = SecurityState  # on the class, a State's attributes are vars and its methods are handlers
_HINT = "At least 10 characters. A sentence you can remember is best."


def security() -> rx.Component:
    """How the person signs in, and where they are signed in."""
    return settings_page(
        "security", rx.cond(S.loaded, rx.fragment(_password(), two_factor(), _devices()), skeleton_card())
    )


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _password() -> rx.Component:
    current = password_input("current", required=True)
    new = password_input("new", new=True, required=True, min_length=10)
    return card(
        rx.cond(S.notice != "", notice(S.notice, tone="success", icon_name="circle-check")),
        native_form(
            form_error(_error_of("")),
            field("Current password", current, error=_error_of("current")),
            field("New password", new, hint=_HINT, error=_error_of("new")),
            rx.el.div(button("Change password", kind="primary", submit=True), class_name="form-actions"),
            action="/auth/password",
            class_name="form",
        ),
        title="Password",
        note="Changing it signs every other browser out.",
    )


def _devices() -> rx.Component:
    everywhere = native_form(
        button("Sign out everywhere", kind="danger", submit=True),
        action="/auth/sign-out-everywhere",
        data_confirm="Sign out in every browser, this one too?",
    )
    return card(
        rx.el.ul(rx.foreach(S.devices, _device), class_name="rules", aria_label="Devices"),
        rx.el.div(everywhere, class_name="card-foot"),
        title="Where you are signed in",
        flush=True,
    )


def _device(device: Any) -> rx.Component:
    out = button("Sign out", kind="secondary", small=True, on_click=S.revoke(device.id))
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.strong(device.name),
                rx.cond(device.current, badge("This device", tone="accent")),
                class_name="marks",
            ),
            rx.el.p(device.ip, " · last used ", time_ago(device.last_seen, device.last_seen), class_name="muted"),
            class_name="rule-text",
        ),
        rx.cond(device.current, rx.fragment(), out),
        key=device.id,
        class_name="rule",
    )
