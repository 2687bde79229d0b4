"""The contacts page: the lists, who opted out, what was written to whom."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    channel_icon,
    dialog,
    empty_state,
    field,
    icon_button,
    link,
    pick,
    skeleton_list,
    some,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.base import word
from taskjuggler_app.web.pages.contacts.state import ContactsState
from taskjuggler_app.web.pages.people.tabs import people_page

S: Any = ContactsState  # on the class, a State's attributes are vars and its methods are handlers
_SOURCES = {"stop": "replied STOP", "link": "by the link in a mail", "hand": "recorded by hand"}


def contacts() -> rx.Component:
    """The workspace's contact lists."""
    return people_page(
        "contacts",
        rx.cond(S.loaded, _content(), skeleton_list()),
        _form(),
        note="People outside the team. Rules can ask whether a caller is on a list.",
        actions=[_new("primary")],
    )


def _new(kind: Any) -> rx.Component:
    return button("New list", kind=kind, icon_name="plus", data_opens="#list-form")


def _content() -> rx.Component:
    nothing = empty_state(
        "contact",
        "No list yet",
        "Make one, such as Tenants or VIP. Add people by hand or from a CSV file.",
        action=_new("secondary"),
    )
    listed = card(rx.el.ul(rx.foreach(S.lists, _list), class_name="rules", aria_label="Contact lists"), flush=True)
    return rx.el.div(
        rx.el.div(rx.cond(some(S.lists), listed, nothing), rx.cond(some(S.messages), _messages()), class_name="stack"),
        rx.el.div(_opt_outs(), class_name="stack"),
        class_name="columns",
    )


def _list(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(link(row.name, href="/contacts/" + row.id, class_name="rule-name")),
            rx.el.p(row.description, class_name="muted"),
            class_name="rule-text",
        ),
        rx.el.span(pick(row.size == 1, "1 person", row.size.to(str) + " people"), class_name="muted"),
        key=row.id,
        class_name="rule",
    )


def _messages() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        state = rx.cond(
            row.waiting > 0,
            badge(row.sent.to(str) + " of " + row.total.to(str) + " sent", tone="info"),
            badge(row.sent.to(str) + " sent", tone="success"),
        )
        out = badge(row.opted_out.to(str) + " opted out")
        failed = badge(row.failed.to(str) + " failed", tone="danger")
        return rx.el.li(
            rx.el.div(
                rx.el.p(
                    channel_icon(row.channel), rx.el.strong(row.list_name), time_ago(row.at, row.at), class_name="marks"
                ),
                rx.el.p(row.body, class_name="muted"),
                class_name="rule-text",
            ),
            rx.el.div(
                state, rx.cond(row.opted_out > 0, out), rx.cond(row.failed > 0, failed), class_name="rule-controls"
            ),
            key=row.id,
            class_name="rule",
        )

    return card(
        rx.el.ul(rx.foreach(S.messages, draw), class_name="rules", aria_label="Messages to lists"),
        title="Written to lists",
        flush=True,
    )


def _opt_outs() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        back = icon_button("undo-2", "Allow again: " + row.identifier, on_click=S.allow(row.channel, row.identifier))
        return rx.el.li(
            rx.el.div(
                rx.el.p(row.identifier, class_name="rule-name"),
                rx.el.p(word(row.source, _SOURCES, ""), " ", time_ago(row.at, row.at), class_name="muted"),
                class_name="rule-text",
            ),
            rx.cond(S.is_admin, back),
            key=row.id,
            class_name="workspace-line",
        )

    address = text_input("address", id_="stop-address", required=True, max_length=255)
    add = rx.el.form(
        field("Email or phone number", address),
        button("They want no more", submit=True, small=True),
        on_submit=S.stop,
        reset_on_submit=True,
        class_name="form",
    )
    return card(
        rx.cond(
            some(S.opt_outs),
            rx.el.ul(rx.foreach(S.opt_outs, draw), class_name="workspace-lines", aria_label="Opted out"),
            rx.el.p("Nobody. Whoever replies STOP, or follows the link in a mail, shows up here.", class_name="muted"),
        ),
        rx.cond(S.is_admin, add),
        title="Opted out",
        note="They get no messages that go to a whole list.",
        class_name="workspaces",
    )


def _form() -> rx.Component:
    return dialog(
        "list-form",
        "New list",
        rx.el.form(
            field("Name", text_input("name", id_="list-name", required=True, max_length=255)),
            field("What for", text_input("description", id_="list-what", max_length=500), optional=True),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Make the list", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.make_list,
            class_name="form",
        ),
    )
