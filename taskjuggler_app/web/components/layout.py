"""The frames around pages: the app's shell and the sign-in pages' two panes."""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Child, Number, Text, hidden_text, link, native_form, same, when
from taskjuggler_app.web.components.chips import avatar, count, kbd
from taskjuggler_app.web.components.choices import theme_control
from taskjuggler_app.web.components.icons import icon, mark
from taskjuggler_app.web.components.overlays import dialog, menu, menu_divider, menu_item
from taskjuggler_app.web.components.shapes import NavItem

PHONE_ITEMS = 4


def shell(
    *content: Child,
    nav: Sequence[NavItem],
    active: Text,
    user_name: Text,
    user_email: Text,
    workspace: Text,
    counts: Mapping[str, Number] | None = None,
    bell: rx.Component | None = None,
    actions: Sequence[rx.Component] = (),
    overlays: Sequence[rx.Component] = (),
    sign_out_to: str = "/auth/logout",
    sign_out_fields: Sequence[rx.Component] = (),
    user_picture: Text = "",
) -> rx.Component:
    """The app around a page: sidebar, top bar, bottom bar on a phone, and what lies over them.

    nav: the places, the first four also in the phone's bottom bar; active: the key of this one. counts: numbers by
    key. bell: `notifications_menu`. actions: the top bar's own buttons. overlays: toasts, palette, keys sheet.
    sign_out_fields: hidden inputs for the form that signs out (a CSRF token).
    """
    numbers = counts or {}
    return rx.el.div(
        link("Skip to content", href="#main", class_name="skip"),
        _sidebar(nav, active, workspace, numbers),
        rx.el.div(
            rx.el.header(
                link(mark(size=26), hidden_text("Home"), href="/", class_name="topbar-mark"),
                rx.el.span(workspace, class_name="topbar-name"),
                _search_button(),
                rx.el.div(
                    *actions,
                    bell,
                    _user_menu(user_name, user_email, user_picture, sign_out_to, sign_out_fields),
                    class_name="topbar-actions",
                ),
                class_name="topbar",
            ),
            rx.el.main(*content, id="main", tab_index=-1, class_name="page"),
            class_name="app-body",
        ),
        _bottom_bar(nav, active, numbers),
        _more_sheet(nav, active, numbers),
        *overlays,
        class_name="app",
    )


def auth_layout(*form: Child, title: Text, note: Child = "", foot: Child = "") -> rx.Component:
    """Sign-in and the like: the pitch on the left, the form on the right, on a phone the form alone."""
    promises = (
        ("inbox", "Every call, text and email in one inbox"),
        ("route", "Your rules decide who does what, and say why"),
        ("check-check", "One accountable person for every task"),
    )
    return rx.el.div(
        rx.el.aside(
            rx.el.div(mark(size=36), rx.el.span("TaskJuggler"), class_name="auth-brand"),
            rx.el.div(
                rx.el.h2("Nothing dropped.", class_name="auth-line"),
                rx.el.ul(*[rx.el.li(icon(sign, size=20), rx.el.span(text)) for sign, text in promises]),
                class_name="auth-pitch",
            ),
            _arc(),
            class_name="auth-side",
            aria_label="About TaskJuggler",
        ),
        rx.el.main(
            rx.el.div(
                rx.el.div(mark(size=36), rx.el.span("TaskJuggler"), class_name="auth-brand auth-brand-phone"),
                rx.el.h1(title),
                None if isinstance(note, str) and not note else rx.el.p(note, class_name="auth-note"),
                *form,
                None if isinstance(foot, str) and not foot else rx.el.p(foot, class_name="auth-foot"),
                class_name="auth-form",
            ),
            id="main",
        ),
        class_name="auth",
    )


def notifications_menu(*lines: Child, unread: Number) -> rx.Component:
    """The bell with the number of unread notifications, and a panel for their list."""
    trigger = rx.el.span(icon("bell"), count(unread, spoken="unread"), class_name="bell")
    return menu(trigger, *lines, label="Notifications", class_name="btn btn-icon btn-ghost", wide=True)


def _sidebar(nav: Sequence[NavItem], active: Text, workspace: Text, counts: Mapping[str, Number]) -> rx.Component:
    collapse = rx.el.button(
        icon("panel-left"),
        rx.el.span("Collapse", class_name="nav-label"),
        type="button",
        data_sidebar_toggle="",
        aria_label="Collapse sidebar",
        title="Collapse sidebar",
        class_name="nav-item",
    )
    return rx.el.aside(
        link(mark(), rx.el.span(workspace, class_name="nav-label"), href="/", class_name="workspace"),
        rx.el.nav(
            rx.el.ul(*[rx.el.li(_nav_link(item, active, counts)) for item in nav]),
            aria_label="Main",
            class_name="nav",
        ),
        rx.el.div(collapse, class_name="sidebar-foot"),
        class_name="sidebar",
        aria_label="Sidebar",
    )


def _nav_link(item: NavItem, active: Text, counts: Mapping[str, Number]) -> rx.Component:
    props: dict[str, Any] = {"data_go": item.shortcut} if item.shortcut else {}
    return link(
        icon(item.icon),
        rx.el.span(item.label, class_name="nav-label"),
        count(counts.get(item.key, 0), spoken=item.counted),
        href=item.href,
        data_tip=item.label,
        aria_current=when(same(active, item.key), "page", "false"),
        class_name="nav-item",
        **props,
    )


def _search_button() -> rx.Component:
    return rx.el.button(
        icon("search", size=16),
        rx.el.span("Search or jump to…", class_name="search-label"),
        rx.el.span(kbd("Ctrl", "K"), aria_hidden="true"),
        type="button",
        data_opens="#palette",
        class_name="search-button",
    )


def _user_menu(
    name: Text, email: Text, picture: Text, sign_out_to: str, fields: Sequence[rx.Component]
) -> rx.Component:
    return menu(
        avatar(name, size="m", picture=picture),
        rx.el.div(rx.el.strong(name), rx.el.span(email), class_name="menu-who"),
        menu_divider(),
        menu_item("Settings", icon_name="settings", href="/settings"),
        menu_item("Keyboard shortcuts", icon_name="keyboard", data_opens="#keys"),
        menu_divider(),
        theme_control(),
        menu_divider(),
        native_form(*fields, menu_item("Sign out", icon_name="log-out", type="submit"), action=sign_out_to),
        label="Your account",
        class_name="avatar-button",
    )


def _bottom_bar(nav: Sequence[NavItem], active: Text, counts: Mapping[str, Number]) -> rx.Component:
    items = [
        link(
            rx.el.span(
                icon(item.icon, size=22), count(counts.get(item.key, 0), spoken=item.counted), class_name="bottom-icon"
            ),
            rx.el.span(item.label),
            href=item.href,
            aria_current=when(same(active, item.key), "page", "false"),
            class_name="bottom-item",
        )
        for item in nav[:PHONE_ITEMS]
    ]
    more = rx.el.button(
        rx.el.span(icon("menu", size=22), class_name="bottom-icon"),
        rx.el.span("More"),
        type="button",
        data_opens="#more",
        class_name="bottom-item",
    )
    return rx.el.nav(*items, more, aria_label="Phone", class_name="bottombar")


def _more_sheet(nav: Sequence[NavItem], active: Text, counts: Mapping[str, Number]) -> rx.Component:
    rest = [rx.el.li(_nav_link(item, active, counts)) for item in nav[PHONE_ITEMS:]]
    return dialog("more", "More", rx.el.nav(rx.el.ul(*rest), aria_label="More places"), class_name="sheet")


def _arc() -> rx.Component:
    """The mark, very large, behind the pitch."""
    return rx.el.svg(
        rx.el.svg.path(d="M20 380C20 150 90 40 200 40S380 150 380 380", class_name="arc-line"),
        rx.el.svg.circle(cx="20", cy="380", r="20", class_name="mark-a"),
        rx.el.svg.circle(cx="112", cy="86", r="26", class_name="mark-b"),
        rx.el.svg.circle(cx="352", cy="190", r="32", class_name="mark-c"),
        view_box="0 0 400 400",
        class_name="auth-arc",
        aria_hidden="true",
    )
