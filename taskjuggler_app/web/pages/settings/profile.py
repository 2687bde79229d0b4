"""The profile page."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    field,
    form_error,
    pick,
    same,
    skeleton_card,
    text_input,
    theme_control,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.presenting import presenting
from taskjuggler_app.web.pages.settings.state import ProfileState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = ProfileState  # on the class, a State's attributes are vars and its methods are handlers


def profile() -> rx.Component:
    """Name, time zone, phone, look."""
    return settings_page(
        "profile", rx.cond(S.loaded, rx.fragment(_about(), _phone(), presenting(), _look()), skeleton_card())
    )


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _about() -> rx.Component:
    zone = text_input("timezone", default_value=S.timezone, key="zone-" + S.timezone, list="zones", required=True)
    phone = text_input("phone", kind="tel", autocomplete="tel", default_value=S.phone, key="phone-" + S.phone)
    return card(
        rx.el.form(
            form_error(_error_of("")),
            field(
                "Name",
                text_input("name", autocomplete="name", default_value=S.name, key="name-" + S.name, required=True),
                error=_error_of("name"),
            ),
            field("Email", text_input("email", default_value=S.email, key="email-" + S.email, read_only=True)),
            field("Time zone", zone, hint="Days and hours are shown in it.", error=_error_of("timezone")),
            rx.el.datalist(rx.foreach(S.zones, lambda name: rx.el.option(value=name)), id="zones"),
            field("Mobile phone", phone, hint="With country code.", error=_error_of("phone"), optional=True),
            rx.el.div(button("Save", kind="primary", submit=True), class_name="form-actions"),
            on_submit=S.save,
            class_name="form",
        ),
        title="About you",
    )


def _phone() -> rx.Component:
    code = text_input("code", autocomplete="one-time-code", input_mode="numeric", max_length=8, required=True)
    typing = rx.el.form(
        field("Code from the text", code),
        rx.el.div(button("Confirm", kind="primary", submit=True), class_name="form-actions"),
        on_submit=S.confirm_code,
        class_name="form",
    )
    asking = rx.el.div(
        rx.el.p("Confirm that the number is yours: we text you a code.", class_name="muted"),
        button("Text me a code", kind="secondary", on_click=S.send_code),
        class_name="form",
    )
    proved = rx.el.p(badge("Confirmed", tone="success", icon_name="circle-check"), class_name="marks")
    inside = rx.cond(S.phone_verified, proved, rx.cond(S.code_sent, typing, asking))
    return rx.cond(S.phone != "", card(inside, title="Your phone number"))


def _look() -> rx.Component:
    return card(theme_control(), title="Look", note="Light, dark, or as your device has it.")
