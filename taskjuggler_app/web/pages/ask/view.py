"""The contact form: the business's own words, five fields, one button."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.receptionist import entrance
from taskjuggler_app.web.components import (
    button,
    card,
    empty_state,
    field,
    form_error,
    icon,
    mark,
    pick,
    same,
    skeleton_card,
    text_input,
    textarea,
)
from taskjuggler_app.web.components.base import Text, native_form, native_link
from taskjuggler_app.web.components.forms import Control
from taskjuggler_app.web.pages.ask.state import AskState

S: Any = AskState  # on the class, a State's attributes are vars and its methods are handlers
_ALLOWED = f"Pictures, plans, letters: up to {entrance.MOST_FILES}, {entrance.LARGEST_FILE // 1_000_000} MB each."


def ask() -> rx.Component:
    """The form, or what became of it."""
    nothing = empty_state("mail", "There is no form here", "The address is wrong, or the form is paused.")
    inside = rx.cond(S.sent, _sent(), _form())
    return rx.el.div(
        rx.el.main(
            rx.cond(S.loaded, rx.cond(S.missing, nothing, inside), skeleton_card()), id="main", class_name="ask-page"
        ),
        rx.el.footer(mark(size=18), rx.el.span("Answered with TaskJuggler"), class_name="ask-foot"),
        class_name="ask-shell",
    )


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _form() -> rx.Component:
    greeting = pick(S.form.greeting != "", S.form.greeting, "Tell us what you need. We will get back to you.")
    name = text_input("name", autocomplete="name", max_length=100, **_kept("name"))
    email = text_input("email", kind="email", autocomplete="email", max_length=254, **_kept("email"))
    phone = text_input("phone", kind="tel", autocomplete="tel", max_length=40, **_kept("phone"))
    words = textarea("message", rows=6, required=True, max_length=entrance.LONGEST_MESSAGE, **_kept("message"))
    trap = rx.el.label(
        "Leave this empty", rx.el.input(name="website", tab_index=-1, auto_complete="off"), class_name="ask-trap"
    )
    return card(
        rx.el.h1("Write to ", S.form.business),
        rx.el.p(greeting, class_name="muted"),
        native_form(
            form_error(pick(S.error_field == "", S.error)),
            rx.el.p(data_post_error="", role="alert", tab_index=-1, class_name="field-error"),
            field("Your name", name, optional=True),
            rx.el.div(
                field("Email", email, error=_error_of("email")),
                field("Phone", phone, error=_error_of("phone")),
                class_name="form-row",
            ),
            field("Message", words, error=_error_of("message")),
            field("Files", _files(), hint=_ALLOWED, error=_error_of("files"), optional=True),
            rx.el.div(trap, aria_hidden="true", class_name="ask-trap"),
            rx.el.input(type="hidden", name="once", value=S.once, read_only=True),
            rx.el.p("An email address or a phone number is enough.", class_name="muted"),
            rx.el.div(button("Send", kind="primary", submit=True, icon_name="send"), class_name="form-actions"),
            action="/forms/ask/" + S.form.slug.to(str),
            enc_type="multipart/form-data",
            data_posts="",
            class_name="form",
        ),
    )


def _kept(name: str) -> dict[str, Any]:
    """A field that shows what was typed before the form was refused."""
    return {"default_value": S.kept.get(name, "").to(str), "key": name + S.once.to(str)}


def _files() -> Control:
    return Control("files", rx.el.input, {"name": "files", "type": "file", "multiple": True, "class_name": "input"})


def _sent() -> rx.Component:
    return card(
        rx.el.div(
            icon("circle-check", size=32),
            rx.el.h1("Thank you. Your message has arrived."),
            rx.el.p(S.form.business, " will get back to you.", class_name="muted"),
            native_link("Write another message", href="/ask/" + S.form.slug.to(str), class_name="btn btn-secondary"),
            class_name="ask-sent",
            role="status",
        ),
    )
