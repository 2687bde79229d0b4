"""The contact form: the business's own words, four fields, one button."""

from typing import Any

import reflex as rx

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
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.ask.state import AskState

S: Any = AskState  # on the class, a State's attributes are vars and its methods are handlers


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
    name = text_input("name", autocomplete="name", max_length=100)
    email = text_input("email", kind="email", autocomplete="email", max_length=254)
    phone = text_input("phone", kind="tel", autocomplete="tel", max_length=40)
    trap = rx.el.label(
        "Leave this empty", rx.el.input(name="website", tab_index=-1, auto_complete="off"), class_name="ask-trap"
    )
    return card(
        rx.el.h1("Write to ", S.form.business),
        rx.el.p(greeting, class_name="muted"),
        rx.el.form(
            form_error(pick(S.error_field == "", S.error)),
            field("Your name", name, optional=True),
            rx.el.div(
                field("Email", email, error=_error_of("email")),
                field("Phone", phone, error=_error_of("phone")),
                class_name="form-row",
            ),
            field("Message", textarea("message", rows=6, required=True, max_length=5000), error=_error_of("message")),
            rx.el.div(trap, aria_hidden="true", class_name="ask-trap"),
            rx.el.p("An email address or a phone number is enough.", class_name="muted"),
            rx.el.div(button("Send", kind="primary", submit=True, icon_name="send"), class_name="form-actions"),
            on_submit=S.send,
            class_name="form",
        ),
    )


def _sent() -> rx.Component:
    return card(
        rx.el.div(
            icon("circle-check", size=32),
            rx.el.h1("Thank you. Your message has arrived."),
            rx.el.p(S.form.business, " will get back to you.", class_name="muted"),
            button("Write another message", kind="secondary", on_click=S.again),
            class_name="ask-sent",
            role="status",
        ),
    )
