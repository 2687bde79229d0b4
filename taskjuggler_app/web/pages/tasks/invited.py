"""The page of an invitation to one task: read, accept, decline; with an account, keep and talk."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    card,
    field,
    form_actions,
    form_error,
    link,
    link_button,
    mark,
    notice,
    person,
    priority_chip,
    skeleton_card,
    some,
    status_chip,
    textarea,
    time_ago,
)
from taskjuggler_app.web.components.base import joined, when, word
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.tasks.invited_state import InvitedState

S: Any = InvitedState  # on the class, a State's attributes are vars and its methods are handlers
_CLOSED = {
    "declined": "You said no to this. If you changed your mind, ask for a new invitation.",
    "expired": "This invitation is too old, or it was taken back. Ask for a new one.",
    "unknown": "We do not know this invitation. Check that the link is complete.",
}


def invited() -> rx.Component:
    """One task, for somebody who may have no account."""
    return rx.el.div(
        rx.el.header(link(mark(size=26), rx.el.span("TaskJuggler"), href="/", class_name="guest-brand")),
        rx.el.main(
            rx.cond(S.loaded, rx.cond(S.readable, _task(), _closed()), skeleton_card()), id="main", class_name="stack"
        ),
        class_name="guest",
    )


def _task() -> rx.Component:
    due = rx.cond(
        S.due_at != "",
        rx.el.span(icon("calendar", size=14), "Due ", time_ago(S.due_at, S.due_at), class_name="row-due"),
    )
    steps = rx.el.ul(
        rx.foreach(
            S.steps,
            lambda step: rx.el.li(
                icon(when(step.done, "circle-check", "circle"), size=16),
                step.text,
                class_name=when(step.done, "is-done"),
            ),
        ),
        class_name="checklist",
        aria_label="Steps",
    )
    return rx.fragment(
        rx.el.div(
            rx.el.p(
                rx.el.strong(S.inviter), " of ", rx.el.strong(S.team), " asks for your help with", class_name="muted"
            ),
            rx.el.h1(S.title),
            rx.el.p(status_chip(S.status), priority_chip(S.priority), due, class_name="marks"),
        ),
        form_error(S.error),
        rx.cond(S.html != "", card(rx.html(S.html, class_name="markdown"))),
        rx.cond(some(S.steps), card(steps, title="Steps")),
        rx.cond(S.state == "open", _answer(), _accepted()),
        rx.cond(S.kept, _talk()),
    )


def _answer() -> rx.Component:
    return rx.el.div(
        button("Yes, I do it", kind="primary", icon_name="check", on_click=S.accept),
        button("No, I cannot", on_click=S.decline),
        class_name="form-actions",
    )


def _accepted() -> rx.Component:
    account = rx.fragment(
        notice("You accepted. Keep it in an account to find it again and to talk about it.", tone="success"),
        rx.cond(
            S.signed_in_as != "",
            button(joined("Keep it in ", S.signed_in_as), kind="primary", on_click=S.keep),
            rx.el.div(
                link_button("I am new here", href=joined("/sign-up?next=/invited/", S.code), kind="primary"),
                link_button("Sign in", href=joined("/sign-in?next=/invited/", S.code)),
                class_name="form-actions",
            ),
        ),
    )
    return rx.cond(S.kept, notice("You accepted. This page stays yours.", tone="success"), account)


def _talk() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(person(row.who), time_ago(row.at, row.at), class_name="comment-head"),
            rx.el.p(row.text, class_name="said"),
            key=row.id,
        )

    form = rx.el.form(
        field("Say something", textarea("text", rows=3, max_length=5000, data_submits="")),
        form_actions(button("Comment", kind="primary", submit=True)),
        on_submit=S.comment,
        reset_on_submit=True,
        class_name="form",
    )
    said = rx.cond(some(S.comments), rx.el.ul(rx.foreach(S.comments, draw), class_name="comments"))
    write = rx.cond(
        S.inviter_href != "",
        link_button(joined("Write to ", S.inviter), href=S.inviter_href, icon_name="message-circle", small=True),
    )
    return card(said, form, title="Talk", actions=[write])


def _closed() -> rx.Component:
    return rx.fragment(
        rx.el.h1("An invitation"),
        notice(word(S.state, _CLOSED, _CLOSED["unknown"]), tone="warning"),
        link_button("Go to TaskJuggler", href="/"),
    )
