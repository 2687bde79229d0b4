"""Settings → Outbox: the mails and texts of an installation without vendors."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    card,
    channel_icon,
    empty_state,
    load_more,
    notice,
    search_input,
    segmented,
    skeleton_list,
    some,
    time_ago,
)
from taskjuggler_app.web.components.base import native_link
from taskjuggler_app.web.pages.settings.outbox_state import OutboxState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = OutboxState  # on the class, a State's attributes are vars and its methods are handlers
_KINDS = (Choice("", "All"), Choice("email", "Mails"), Choice("sms", "Texts"))


def outbox() -> rx.Component:
    """What would have gone out."""
    refused = empty_state(
        "lock",
        "Only for those who run this installation",
        "Their addresses are listed in OPERATOR_EMAILS: the outbox also shows links to reset passwords.",
    )
    return settings_page("outbox", rx.cond(S.loaded, rx.cond(S.refused, refused, _content()), skeleton_list()))


def _content() -> rx.Component:
    nothing = empty_state("send", "Nothing went out yet", "Mails and texts that would be sent are kept here instead.")
    listed = card(
        rx.el.ul(rx.foreach(S.rows, _row), class_name="rules", aria_label="Outbox"),
        rx.cond(S.next_cursor != "", load_more(S.more)),
        flush=True,
    )
    return rx.fragment(
        notice(
            "No mail server and no phone carrier are set up for what is listed here: it was kept, not sent. "
            "SMTP_URL, SENDGRID_API_KEY and TWILIO_ACCOUNT_SID change that."
        ),
        rx.el.div(
            segmented("outbox-kind", _KINDS, S.kind, on_select=S.show_kind, label="Kind"),
            search_input("search", "Search the outbox", on_change=S.search.debounce(250)),
            button("Refresh", kind="ghost", icon_name="refresh-cw", on_click=S.load),
            class_name="toolbar",
        ),
        rx.cond(some(S.rows), listed, nothing),
    )


def _row(row: Any) -> rx.Component:
    def linked(one: Any) -> rx.Component:
        return rx.el.p(native_link(one, href=one, class_name="text-link"))

    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                channel_icon(row.kind),
                rx.el.strong(row.address),
                rx.el.span(rx.cond(row.subject != "", row.subject, row.body), class_name="outbox-about"),
                time_ago(row.at, row.at),
                class_name="outbox-line",
            ),
            rx.el.p(row.body, class_name="message outbox-body"),
            rx.foreach(row.links, linked),
        ),
        key=row.id,
        class_name="rule outbox-row",
    )
