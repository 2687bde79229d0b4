"""The card of the second step: setting it up, recovery codes shown once, turning it off."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    copy_button,
    dialog,
    field,
    form_error,
    notice,
    password_input,
    pick,
    same,
    some,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.components.forms import Control
from taskjuggler_app.web.pages.settings.two_factor_state import TwoFactorState

S: Any = TwoFactorState  # on the class, a State's attributes are vars and its methods are handlers


def two_factor() -> rx.Component:
    """On or off, with what leads to the other."""
    inside = rx.cond(some(S.codes), _codes(), rx.cond(S.on, _on(), rx.cond(S.qr != "", _setup(), _off())))
    return rx.fragment(
        card(inside, title="Two-factor sign-in", note="A code from your phone, besides the password."),
        _dialogs(),
    )


def _off() -> rx.Component:
    return rx.fragment(
        rx.el.p("Whoever learns your password still cannot sign in: it takes your phone as well.", class_name="muted"),
        rx.el.div(button("Set it up", kind="primary", on_click=S.open_dialog("begin")), class_name="form-actions"),
    )


def _setup() -> rx.Component:
    return rx.el.div(
        rx.el.img(src=S.qr, alt="QR code for an authenticator app", class_name="two-factor-qr"),
        rx.el.div(
            rx.el.ol(
                rx.el.li("Open your authenticator app and scan this code."),
                rx.el.li("Enter the six digits that it shows."),
                class_name="steps",
            ),
            rx.el.p("No camera? Type this key into the app:", class_name="muted"),
            rx.el.p(rx.el.code(S.secret, id="two-factor-secret"), copy_button(S.secret), class_name="copy-line"),
            rx.el.form(
                form_error(_whole_error()),
                field("Six-digit code", _code("first-code"), error=_error_of("code")),
                rx.el.div(
                    button("Cancel", kind="ghost", on_click=S.stop),
                    button("Turn it on", kind="primary", submit=True),
                    class_name="form-actions",
                ),
                on_submit=S.confirm,
                class_name="form",
            ),
            class_name="stack",
        ),
        class_name="two-factor-setup",
    )


def _codes() -> rx.Component:
    return rx.el.div(
        notice("Keep these now: they are shown this once. Each signs you in once, without your phone.", tone="warning"),
        rx.el.ul(
            rx.foreach(S.codes, lambda code: rx.el.li(rx.el.code(code), key=code)),
            class_name="recovery-codes",
            aria_label="Recovery codes",
        ),
        rx.el.div(
            copy_button(S.codes.to(list[str]).join("\n"), label="Copy all"),
            button("I have kept them", kind="primary", on_click=S.hide_codes),
            class_name="form-actions",
        ),
        class_name="stack",
    )


def _on() -> rx.Component:
    few = badge("Get new ones", tone="warning")
    return rx.el.div(
        rx.el.p(
            badge("On", tone="success", icon_name="circle-check"),
            rx.el.span("since ", time_ago(S.since, S.since)),
            class_name="marks",
        ),
        rx.el.p(
            rx.el.span(S.codes_left, " of 10 recovery codes left"),
            rx.cond(S.codes_left.to(int) < 4, few),
            class_name="marks",
        ),
        rx.el.div(
            button("New recovery codes", kind="secondary", on_click=S.open_dialog("renew")),
            button("Turn it off", kind="danger", on_click=S.open_dialog("off")),
            class_name="form-actions",
        ),
        class_name="stack stack-tight",
    )


def _dialogs() -> rx.Component:
    password = field("Your password", password_input("password", id_="begin-password", required=True), error=_wrong())
    last = field("Your password", password_input("password", id_="off-password", required=True), error=_wrong())
    either = "From your app, or a recovery code."
    return rx.fragment(
        _dialog("begin", "Set up two-factor sign-in", "Go on", S.begin, password),
        _dialog(
            "renew",
            "New recovery codes",
            "Make new ones",
            S.renew,
            rx.el.p("The ten that you have now stop working.", class_name="muted"),
            field("Code", _any_code("renew-code"), hint=either, error=_error_of("code")),
        ),
        _dialog(
            "off",
            "Turn off two-factor sign-in",
            "Turn it off",
            S.turn_off,
            last,
            field("Code", _any_code("off-code"), hint=either, error=_error_of("code")),
        ),
    )


def _dialog(name: str, title: str, label: str, on_submit: Any, *fields: rx.Component) -> rx.Component:
    form = rx.el.form(
        form_error(_whole_error()),
        *fields,
        rx.el.div(
            button("Cancel", kind="ghost", data_closes=""),
            button(label, kind="danger" if name == "off" else "primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=on_submit,
        class_name="form",
    )
    inside = rx.cond(S.dialog == name, form, rx.fragment())
    return dialog(f"two-factor-{name}", title, inside, open_=S.dialog == name, on_close=S.close_dialog)


def _code(id_: str) -> Control:
    return text_input(
        "code",
        id_=id_,
        autocomplete="one-time-code",
        input_mode="numeric",
        pattern="[0-9 ]*",
        max_length=8,
        required=True,
    )


def _any_code(id_: str) -> Control:
    return text_input("code", id_=id_, autocomplete="one-time-code", max_length=20, required=True)


def _wrong() -> Text:
    return _error_of("password")


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _whole_error() -> Text:
    return pick(same(S.error_field, ""), S.error)
