"""The page that an invitation's link opens, with an account or without."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import auth_layout, button, form_error, link_button, notice, skeleton_text
from taskjuggler_app.web.components.base import joined, pick, word
from taskjuggler_app.web.pages.people.join_state import JoinState

S: Any = JoinState  # on the class, a State's attributes are vars and its methods are handlers
_CLOSED = {
    "accepted": "This invitation has been used already. If it was you, just sign in.",
    "declined": "This invitation was declined. If you changed your mind, ask for a new one.",
    "revoked": "This invitation was taken back. Ask whoever sent it.",
    "expired": "This invitation is too old. Ask for a new one.",
    "unknown": "We do not know this invitation. Check that the link is complete.",
}


def join() -> rx.Component:
    """Who invites to what, and yes or no."""
    return auth_layout(
        rx.cond(S.loaded, rx.cond(S.state == "open", _open(), _closed()), skeleton_text(4)),
        title=pick(S.state == "open", joined("Join ", S.team), "An invitation"),
    )


def _open() -> rx.Component:
    here = rx.fragment(
        rx.el.p("You are signed in as ", rx.el.strong(S.signed_in_as), ". Your own workspace stays as it is."),
        button("Join the team", kind="primary", wide=True, on_click=S.accept),
    )
    guest = rx.fragment(
        rx.el.p("Sign in, or make an account in a minute: you come back here."),
        link_button("Sign in and join", href=joined("/sign-in?next=/join/", S.code), kind="primary"),
        link_button("I am new here", href=joined("/sign-up?next=/join/", S.code)),
    )
    return rx.el.div(
        form_error(S.error),
        rx.el.p(rx.el.strong(S.inviter), " invites you to work together in ", rx.el.strong(S.team), "."),
        rx.cond(S.signed_in_as != "", here, guest),
        button("No, thanks", kind="ghost", on_click=S.decline),
        class_name="form join",
    )


def _closed() -> rx.Component:
    return rx.el.div(
        notice(word(S.state, _CLOSED, _CLOSED["unknown"]), tone="warning", icon_name="info"),
        link_button("Go to TaskJuggler", href="/"),
        class_name="form join",
    )
