"""The card that ends an account: what goes, what stays and why, said before anything is confirmed."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    card,
    dialog,
    field,
    form_error,
    link_button,
    notice,
    password_input,
    pick,
    same,
    some,
    text_input,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.leaving_state import LeavingAccountState

S: Any = LeavingAccountState  # on the class, a State's attributes are vars and its methods are handlers
_GOES = (
    "Your name, address, phone number, password, picture and profile.",
    "Sessions, API keys, two-factor sign-in, notifications and how you get them.",
    "Your hours, subscribed calendars and packed data.",
    "Appointments ahead with you: your guests are told, and what they paid goes back.",
)
_STAYS = (
    ("Payments and the ledger.", "Books have to be kept, and the other side has the same record."),
    ("Tasks, comments and messages in shared workspaces.", "They are your colleagues' work too: by “Former member”."),
    ("The audit log of shared workspaces.", "It is sealed line by line; network addresses of sign-ins stand in it."),
)


def leaving() -> rx.Component:
    """Nothing until it is known how it stands."""
    inside = rx.cond(S.leaving.due != "", _waiting(), _before())
    return rx.fragment(
        rx.cond(
            S.loaded,
            card(inside, title="Delete your account", note="After a grace in which you can change your mind."),
        ),
        _dialog(),
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        notice(
            rx.fragment(
                "Your account will be deleted on ", rx.el.strong(S.leaving.due), ". Until then nothing changes."
            ),
            tone="warning",
            icon_name="circle-alert",
        ),
        rx.cond(
            S.leaving.waits_for != "",
            rx.el.p("It could not be deleted yet: ", S.leaving.waits_for, class_name="muted"),
        ),
        rx.el.div(button("Keep my account", kind="primary", on_click=S.keep), class_name="form-actions"),
        class_name="stack stack-tight",
    )


def _before() -> rx.Component:
    return rx.el.div(
        rx.el.h3("What goes"),
        rx.el.ul(
            *[rx.el.li(words) for words in _GOES],
            rx.foreach(
                S.leaving.alone, lambda name: rx.el.li("The workspace ", rx.el.strong(name), " with all that is in it.")
            ),
            class_name="plain-list",
        ),
        rx.el.h3("What stays, and why"),
        rx.el.ul(
            *[rx.el.li(rx.el.strong(what), " ", why) for what, why in _STAYS],
            rx.foreach(
                S.leaving.left,
                lambda name: rx.el.li(
                    rx.el.strong(name), ": channels, rules and contacts of yours go to its owner, open tasks to nobody."
                ),
            ),
            class_name="plain-list",
        ),
        rx.cond(some(S.leaving.obstacles), _obstacles(), _ask()),
        class_name="stack stack-tight leaving",
    )


def _obstacles() -> rx.Component:
    def line(one: Any) -> rx.Component:
        way = link_button(one.label, href=one.href, kind="secondary", small=True)
        return rx.el.li(notice(one.words, tone="warning", icon_name="circle-alert", action=way), key=one.words)

    return rx.el.div(
        rx.el.h3("First", class_name="leaving-first"),
        rx.el.ul(rx.foreach(S.leaving.obstacles, line), class_name="stack stack-tight bare", aria_label="First"),
    )


def _ask() -> rx.Component:
    return rx.el.div(
        button("Delete my account…", kind="danger", on_click=S.open_dialog),
        class_name="form-actions",
    )


def _dialog() -> rx.Component:
    code = field(
        "Code",
        text_input("code", id_="leaving-code", autocomplete="one-time-code", max_length=20, required=True),
        hint="From your app, or a recovery code.",
        error=_error_of("code"),
    )
    form = rx.el.form(
        form_error(_error_of("")),
        rx.el.p(
            "In ",
            S.leaving.days,
            " days your account goes for good. Until then you sign in as always and can keep it.",
        ),
        rx.cond(
            S.leaving.ahead > 0,
            rx.el.p("Appointments ahead with you: ", S.leaving.ahead, ". Those left by then are cancelled."),
        ),
        field(
            "Your password",
            password_input("password", id_="leaving-password", required=True),
            error=_error_of("password"),
        ),
        rx.cond(S.leaving.needs_code, code),
        rx.el.div(
            button("Keep my account", kind="ghost", data_closes=""),
            button("Delete my account", kind="danger", submit=True),
            class_name="form-actions",
        ),
        on_submit=S.ask,
        class_name="form",
    )
    inside = rx.cond(S.dialog, form, rx.fragment())
    return dialog("leaving-account", "Delete your account", inside, open_=S.dialog, on_close=S.close_dialog)


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)
