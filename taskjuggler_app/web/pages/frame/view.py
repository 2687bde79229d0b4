"""The frame's look: sidebar, bars, bell, palette, keys, messages, around a page's content."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    NavItem,
    button,
    command_palette,
    empty_state,
    go_commands,
    keys_sheet,
    link_button,
    notice,
    notice_row,
    notifications_menu,
    shell,
    some,
    toast_stack,
)
from taskjuggler_app.web.components.base import Child
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.session import Toasts

Frame: Any = FrameState  # on the class, a State's attributes are vars and its methods are handlers
NAV = (
    NavItem("home", "Today", "house", "/", "h"),
    NavItem("inbox", "Inbox", "inbox", "/inbox", "i"),
    NavItem("tasks", "Tasks", "list-checks", "/tasks", "t"),
    NavItem("approvals", "Approvals", "shield-check", "/approvals", "a"),
    NavItem("marketplace", "Marketplace", "briefcase", "/marketplace", "b"),
    NavItem("sites", "Sites", "globe", "/sites", "w"),
    NavItem("messages", "Messages", "message-circle", "/messages", "m", counted="unread"),
    NavItem("people", "People", "users", "/people", "p"),
    NavItem("calendar", "Calendar", "calendar", "/calendar", "d"),
    NavItem("network", "Network", "link", "/network", "n"),
    NavItem("monday", "Reports", "activity", "/monday", "y"),
    NavItem("rules", "Rules", "route", "/rules", "r"),
    NavItem("channels", "Channels", "phone", "/channels", "c"),
    NavItem("settings", "Settings", "settings", "/settings", "s"),
)


def framed(active: str, *content: Child) -> rx.Component:
    """A page of the signed-in app; `active` is the key of its place in the navigation."""
    return shell(
        _going(),
        *content,
        nav=NAV,
        active=active,
        user_name=Frame.user_name,
        user_email=Frame.user_email,
        user_picture=Frame.user_picture,
        workspace=Frame.workspace,
        counts={"inbox": Frame.inbox_count, "tasks": Frame.task_count, "messages": Frame.message_count},
        bell=_bell(),
        overlays=[
            rx.el.span(hidden=True, data_workspace=Frame.workspace_id),
            toast_stack(Toasts.rows, on_dismiss=Toasts.dismiss, on_undo=Toasts.undo),
            command_palette(Frame.results, on_query=Frame.find, commands=go_commands(NAV)),
            keys_sheet(NAV),
        ],
        sign_out_to="/auth/sign-out",
    )


def _going() -> rx.Component:
    """What somebody sees who asked for the deletion of their account."""
    words = rx.fragment("Your account will be deleted on ", Frame.deleted_on, ".")
    keep = button("Keep my account", kind="secondary", small=True, on_click=Frame.keep_account)
    said = notice(words, tone="warning", icon_name="circle-alert", action=keep)
    return rx.cond(Frame.deleted_on != "", rx.el.div(said, class_name="page-alert"), rx.fragment())


def _bell() -> rx.Component:
    nothing = empty_state("bell", "All quiet", "What concerns you shows up here.")
    lines = rx.fragment(
        rx.el.div(rx.foreach(Frame.notices, _notice), class_name="notice-lines"),
        rx.el.div(
            link_button("See all", href="/notifications", kind="ghost", small=True),
            button("Mark all read", kind="ghost", small=True, on_click=Frame.read_all),
            class_name="form-actions",
        ),
    )
    return notifications_menu(rx.cond(some(Frame.notices), lines, nothing), unread=Frame.unread)


def _notice(line: Any) -> rx.Component:
    """A notification; following it marks it read."""
    return rx.el.div(notice_row(line), on_click=Frame.read_one(line.id))
