"""The notification centre."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    empty_state,
    icon_button,
    link_button,
    load_more,
    page_header,
    segmented,
    skeleton_list,
    some,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import classes, word
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.notifications.state import NoticesState

S: Any = NoticesState  # on the class, a State's attributes are vars and its methods are handlers
_SIGNS = {
    "task_assigned": "user-check",
    "task_completed": "circle-check",
    "task_due_soon": "clock",
    "task_overdue": "triangle-alert",
    "task_comment": "message-square",
    "mention": "at-sign",
    "direct_message": "message-circle",
    "team": "users",
}


def notices() -> rx.Component:
    """What concerned the person, newest first."""
    return framed(
        "notifications",
        page_header(
            "Notifications",
            note="What happened that concerns you.",
            actions=[
                link_button("What is mailed", href="/settings/notifications", icon_name="settings"),
                button("Mark all read", icon_name="check-check", on_click=S.read_all),
            ],
        ),
        rx.el.div(
            segmented(
                "which",
                (Choice("all", "All"), Choice("new", "Unread")),
                S.only_new,
                on_select=S.show,
                label="Which ones",
            ),
            class_name="toolbar",
        ),
        rx.cond(S.loaded, _content(), skeleton_list()),
    )


def _content() -> rx.Component:
    nothing = empty_state("bell", "All quiet", "Tasks given to you, answers and reminders show up here.")
    listed = card(
        rx.el.ul(rx.foreach(S.groups, _group), class_name="rules", aria_label="Notifications", data_nav_list=""),
        flush=True,
    )
    return rx.fragment(rx.cond(some(S.groups), listed, nothing), rx.cond(S.cursor != "", load_more(S.more)))


def _group(row: Any) -> rx.Component:
    title = rx.el.button(
        row.title, type="button", on_click=S.follow(row.link), data_nav_item="", class_name="notice-title"
    )
    read = icon_button("check", "Mark read: " + row.message, on_click=S.read_group(row.link))
    return rx.el.li(
        rx.el.span(icon(word(row.type, _SIGNS, "bell")), class_name="notice-sign"),
        rx.el.div(
            rx.el.p(title, rx.cond(row.count > 1, badge(row.count.to(str) + " updates")), class_name="marks"),
            rx.el.p(row.message, class_name="muted"),
            class_name="rule-text",
        ),
        time_ago(row.at, row.at),
        rx.cond(row.unread, read, rx.el.span(class_name="notice-done")),
        key=row.id,
        class_name=classes("rule", "notice-group", when(row.unread, "is-unread")),
    )
