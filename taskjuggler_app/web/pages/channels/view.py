"""The channels page: every way in, with what comes in through it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    channel_icon,
    copy_button,
    empty_state,
    hidden_text,
    limit_notice,
    link,
    link_button,
    menu,
    menu_item,
    page_header,
    pick,
    skeleton_list,
    some,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import classes, native_link
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.channels.state import ChannelsState
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = ChannelsState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
KINDS = (
    ("phone", "Phone number", "phone", "Calls are answered, texts too."),
    ("sms", "Number for texts", "message-square", "Texts and pictures."),
    ("email", "Mail address", "mail", "Any mail, with its files."),
    ("web", "Web form", "globe", "A form on your own site."),
    ("api", "API", "code", "What your own programs send."),
)
_TRY = 'taskjuggler simulate sms "The kitchen faucet is leaking"'


def channels() -> rx.Component:
    """The ways in."""
    return framed(
        "channels",
        page_header(
            "Channels",
            note="The ways in: numbers, addresses, forms.",
            actions=[rx.fragment(rx.cond(Frame.is_admin, _add()))],
        ),
        rx.cond(Frame.is_admin, limit_notice(S.limit)),
        rx.cond(S.loaded, _content(), skeleton_list()),
    )


def _add() -> rx.Component:
    lines = [
        menu_item(label, icon_name=sign, href=f"/channels/new?kind={kind}", title=note)
        for kind, label, sign, note in KINDS
    ]
    trigger = rx.el.span(icon("plus", size=16), rx.el.span("Connect", class_name="btn-label"), class_name="marks")
    return menu(trigger, *lines, label="Connect a channel", class_name="btn btn-primary")


def _content() -> rx.Component:
    nothing = empty_state(
        "phone",
        "No channel yet",
        "Connect a number, a mail address or a web form, and every message to it becomes a task by your rules.",
        action=link_button("Connect a number", href="/channels/new?kind=phone", icon_name="plus"),
    )
    listed = card(rx.el.ul(rx.foreach(S.rows, _channel), class_name="rules", aria_label="Channels"), flush=True)
    return rx.el.div(
        rx.el.div(rx.cond(some(S.rows), listed, nothing), class_name="stack"),
        rx.el.div(_try(), class_name="stack"),
        class_name="columns",
    )


def _channel(row: Any) -> rx.Component:
    messages = pick(row.messages == 1, "1 message", row.messages.to(str) + " messages")
    last = rx.el.span(messages, ", last ", time_ago(row.last_message_at, row.last_message_at))
    toggle = button(
        pick(row.is_active, "Pause", "Resume"), kind="ghost", small=True, on_click=S.set_active(row.id, ~row.is_active)
    )
    controls = rx.el.div(
        link_button("Edit", href="/channels/" + row.id.to(str), small=True), toggle, class_name="rule-controls"
    )
    name = rx.cond(
        Frame.is_admin,
        link(row.name, href="/channels/" + row.id.to(str), class_name="rule-name"),
        rx.el.strong(row.name),
    )
    state = rx.cond(row.is_active, badge("Active", tone="success"), badge("Paused", tone="neutral"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(channel_icon(row.channel_type), name, state, class_name="marks"),
            rx.el.p(_address(row), class_name="rule-when"),
            rx.el.p("Unrouted messages go to ", row.responsible, class_name="rule-then"),
            rx.el.p(rx.cond(row.last_message_at != "", last, rx.el.span("No messages yet")), class_name="muted"),
            class_name="rule-text",
        ),
        rx.cond(Frame.is_admin, controls),
        key=row.id,
        class_name=classes("rule", when(row.is_active, "", "is-off")),
    )


def _address(row: Any) -> rx.Component:
    """Where messages to it go: its number, its mail address, or the page of its form."""
    page = native_link(
        "/ask/",
        row.slug,
        hidden_text(" (new tab)"),
        href="/ask/" + row.slug.to(str),
        target="_blank",
        class_name="text-link",
    )
    return rx.cond(row.slug != "", page, rx.el.span(pick(row.phone_number != "", row.phone_number, row.email_address)))


def _try() -> rx.Component:
    steps = rx.el.div(
        rx.el.p("No account at a vendor yet? This sends the running app a correctly signed text:"),
        rx.el.p(rx.el.code(_TRY), copy_button(_TRY), class_name="copy-line"),
        rx.el.p("Or a whole storm of texts, calls and mails:"),
        link_button("Flight simulator", href="/simulator", icon_name="zap", small=True),
        class_name="stack",
    )
    return card(steps, title="Try it")
