"""Sign in, sign up, the mailed code, and the forgotten password: native forms that need no JavaScript."""

import reflex as rx

from taskjuggler_app.web.components import (
    auth_layout,
    button,
    field,
    form_error,
    link,
    native_form,
    notice,
    password_input,
    pick,
    same,
    text_input,
    timezone_input,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.access.state import AccessState

_CHOOSING_HINT = "At least 10 characters. A sentence you can remember is best."


def _error_of(field_name: str) -> Text:
    return pick(same(AccessState.field, field_name), AccessState.error)


def _messages(*fields: str) -> tuple[rx.Component, ...]:
    """What the last try said: good news, or an error that no field of this form shows."""
    whole: Text = AccessState.error
    for name in fields:
        whole = pick(same(AccessState.field, name), "", whole)
    good = notice(AccessState.notice, tone="success", icon_name="circle-check")
    return (rx.cond(AccessState.notice != "", good), form_error(whole))


def _email() -> rx.Component:
    control = text_input(
        "email",
        kind="email",
        autocomplete="email",
        required=True,
        default_value=AccessState.email,
        key=AccessState.email,
    )
    return field("Email", control, error=_error_of("email"))


def sign_in() -> rx.Component:
    """Email and password."""
    return auth_layout(
        *_messages("email", "password"),
        native_form(
            rx.el.input(type="hidden", name="next", value=AccessState.next_path, read_only=True),
            _email(),
            field("Password", password_input("password", required=True), error=_error_of("password")),
            button("Sign in", kind="primary", submit=True, wide=True),
            action="/auth/sign-in",
            class_name="form",
        ),
        rx.el.p(link("Forgot your password?", href="/forgot")),
        title="Welcome back",
        foot=rx.fragment("New here? ", link("Create a workspace", href="/sign-up")),
    )


def sign_up() -> rx.Component:
    """A new workspace and its owner."""
    return auth_layout(
        *_messages("name", "business", "email", "password"),
        native_form(
            rx.el.input(type="hidden", name="next", value=AccessState.next_path, read_only=True),
            _text("name", "Your name", "name", AccessState.name),
            _text("business", "Business", "organization", AccessState.business),
            _email(),
            field(
                "Password",
                password_input("password", new=True, required=True, min_length=10),
                hint=_CHOOSING_HINT,
                error=_error_of("password"),
            ),
            timezone_input(),
            button("Create workspace", kind="primary", submit=True, wide=True),
            action="/auth/sign-up",
            class_name="form",
        ),
        title="Create your workspace",
        note="One place for every request, with one person answerable for each.",
        foot=rx.fragment("Have an account? ", link("Sign in", href="/sign-in")),
    )


def second_step() -> rx.Component:
    """A code from the app, or a recovery code for whoever is without it."""
    code = text_input(
        "code", autocomplete="one-time-code", input_mode="numeric", pattern="[0-9 ]*", max_length=8, required=True
    )
    recovery = text_input("code", id_="recovery-code", autocomplete="off", max_length=20, required=True)
    return auth_layout(
        *_messages("code"),
        native_form(
            field("Six-digit code", code, error=_error_of("code")),
            button("Sign in", kind="primary", submit=True, wide=True),
            action="/auth/second-step",
            class_name="form",
        ),
        rx.el.details(
            rx.el.summary("Use a recovery code instead"),
            native_form(
                field("Recovery code", recovery, hint="One of the ten you kept. Each works once."),
                button("Sign in with it", kind="secondary", submit=True, wide=True),
                action="/auth/second-step",
                class_name="form",
            ),
            class_name="auth-other",
        ),
        title="One more step",
        note="Enter the code that your authenticator app shows for TaskJuggler.",
        foot=link("Back to sign in", href="/sign-in"),
    )


def verify() -> rx.Component:
    """The code from the mail."""
    code = text_input(
        "code", autocomplete="one-time-code", input_mode="numeric", pattern="[0-9 ]*", max_length=8, required=True
    )
    return auth_layout(
        *_messages("code"),
        native_form(
            field("Six-digit code", code, error=_error_of("code")),
            button("Confirm", kind="primary", submit=True, wide=True),
            action="/auth/verify-email",
            class_name="form",
        ),
        native_form(button("Send another code", kind="ghost", submit=True), action="/auth/resend-code"),
        title="Check your mail",
        foot=rx.fragment("Wrong address? ", link("Start again", href="/sign-up")),
    )


def forgot() -> rx.Component:
    """Asks for a link that sets a new password."""
    return auth_layout(
        *_messages("email"),
        native_form(
            _email(),
            button("Send the link", kind="primary", submit=True, wide=True),
            action="/auth/forgot",
            class_name="form",
        ),
        title="Forgot your password?",
        note="We mail you a link that works once, for an hour.",
        foot=link("Back to sign in", href="/sign-in"),
    )


def reset() -> rx.Component:
    """Sets a new password with the mailed link."""
    return auth_layout(
        *_messages("password"),
        native_form(
            rx.el.input(type="hidden", name="token", value=AccessState.token, read_only=True),
            field(
                "New password",
                password_input("password", new=True, required=True, min_length=10),
                hint=_CHOOSING_HINT,
                error=_error_of("password"),
            ),
            button("Set the password", kind="primary", submit=True, wide=True),
            action="/auth/reset",
            class_name="form",
        ),
        title="Choose a new password",
        note="Every browser that is signed in now will have to sign in again.",
        foot=link("Back to sign in", href="/sign-in"),
    )


def _text(name: str, label: str, autocomplete: str, value: Text) -> rx.Component:
    control = text_input(name, autocomplete=autocomplete, required=True, default_value=value, key=value)
    return field(label, control, error=_error_of(name))


PAGES = (
    ("/sign-in", "Sign in", sign_in),
    ("/second-step", "One more step", second_step),
    ("/sign-up", "Create a workspace", sign_up),
    ("/verify", "Check your mail", verify),
    ("/forgot", "Forgot your password", forgot),
    ("/reset", "Choose a new password", reset),
)
