"""The channels page."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    channel_icon,
    copy_button,
    dialog,
    empty_state,
    field,
    form_error,
    page_header,
    pick,
    skeleton_list,
    some,
    text_input,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import classes
from taskjuggler_app.web.pages.channels.state import ChannelsState
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = ChannelsState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
_TRY = 'taskjuggler simulate sms "The kitchen faucet is leaking"'


def channels() -> rx.Component:
    """The numbers through which messages come in."""
    return framed(
        "channels",
        page_header(
            "Channels",
            note="The numbers through which messages reach you.",
            actions=[rx.fragment(rx.cond(Frame.is_admin, _add("primary")))],
        ),
        rx.cond(S.loaded, _content(), skeleton_list()),
        _form(),
    )


def _add(kind: Any) -> rx.Component:
    return button("Connect a number", kind=kind, icon_name="plus", on_click=S.open_form(""))


def _content() -> rx.Component:
    nothing = empty_state(
        "phone",
        "No number yet",
        "Connect one, and every text to it becomes a task by your rules.",
        action=_add("secondary"),
    )
    listed = card(rx.el.ul(rx.foreach(S.rows, _channel), class_name="rules", aria_label="Channels"), flush=True)
    return rx.el.div(
        rx.el.div(rx.cond(some(S.rows), listed, nothing), class_name="stack"),
        rx.el.div(_how(), class_name="stack"),
        class_name="columns",
    )


def _channel(row: Any) -> rx.Component:
    messages = pick(row.messages == 1, "1 message", row.messages.to(str) + " messages")
    last = rx.el.span(messages, ", last ", time_ago(row.last_message_at, row.last_message_at))
    toggle = button(
        pick(row.is_active, "Pause", "Resume"), kind="ghost", small=True, on_click=S.set_active(row.id, ~row.is_active)
    )
    controls = rx.el.div(
        button("Edit", kind="secondary", small=True, on_click=S.open_form(row.id)), toggle, class_name="rule-controls"
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(channel_icon(row.channel_type), rx.el.strong(row.name), _state(row), class_name="marks"),
            rx.el.p(row.phone_number, class_name="rule-when"),
            rx.el.p("Unrouted messages go to ", row.responsible, class_name="rule-then"),
            rx.el.p(rx.cond(row.last_message_at != "", last, rx.el.span("No messages yet")), class_name="muted"),
            class_name="rule-text",
        ),
        rx.cond(Frame.is_admin, controls),
        key=row.id,
        class_name=classes("rule", when(row.is_active, "", "is-off")),
    )


def _state(row: Any) -> rx.Component:
    return rx.cond(row.is_active, badge("Active", tone="success"), badge("Paused", tone="neutral"))


def _how() -> rx.Component:
    steps = rx.el.div(
        rx.el.p("In Twilio, open the number and paste this address under “A message comes in” (HTTP POST):"),
        rx.el.p(rx.el.code(S.webhook_url), copy_button(S.webhook_url), class_name="copy-line"),
        rx.el.p("No Twilio account yet? This sends the running app a correctly signed text:"),
        rx.el.p(rx.el.code(_TRY), copy_button(_TRY), class_name="copy-line"),
        class_name="stack",
    )
    return card(steps, title="Connect it")


def _form() -> rx.Component:
    name = text_input("name", default_value=S.name, key="name-" + S.form_id, required=True, max_length=50)
    number = text_input(
        "number",
        kind="tel",
        default_value=S.number,
        key="number-" + S.form_id,
        required=True,
        placeholder="+1 207 555 0100",
    )
    return dialog(
        "channel-form",
        pick(S.form_id == "", "Connect a number", "Change the channel"),
        rx.el.form(
            form_error(S.error),
            field("Name", name, hint="How your team calls this number."),
            field("Phone number", number, hint="With country code, as Twilio shows it."),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Save", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.save,
            class_name="form",
        ),
        open_=S.form_open,
        on_close=S.close_form,
    )
