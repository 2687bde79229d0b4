"""What is mailed or texted, and when: one line a kind, one column a way."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    card,
    checkbox,
    data_table,
    field,
    form_error,
    notice,
    pick,
    same,
    skeleton_card,
    text_input,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.notifications.state import DeliveryState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = DeliveryState  # on the class, a State's attributes are vars and its methods are handlers
_WHEN = (("now", "At once"), ("digest", "In the daily digest"), ("off", "Never"))


def delivery() -> rx.Component:
    """The matrix of kinds and ways."""
    return settings_page("notifications", rx.cond(S.loaded, _form(), skeleton_card()))


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _form() -> rx.Component:
    unproved = notice(
        "Texts go out once you have confirmed your phone number in your profile.", tone="info", icon_name="smartphone"
    )
    matrix = card(
        data_table(("What", "By mail", "By text"), S.kinds, _cells, caption="What reaches you how"),
        title="What reaches you how",
        note="Everything shows up under the bell in any case.",
        flush=True,
    )
    digest = text_input("digest_at", kind="time", default_value=S.digest_at, required=True)
    begins = text_input("quiet_from", kind="time", default_value=S.quiet_from)
    ends = text_input("quiet_until", kind="time", default_value=S.quiet_until)
    times = card(
        rx.el.div(
            field("Daily digest at", digest, error=_error_of("digest_at"), hint="Only on days with something new."),
            checkbox("quiet", "Quiet hours", default_checked=S.quiet, hint="Mail and texts wait until they end."),
            rx.el.div(
                field("From", begins, error=_error_of("quiet_from")),
                field("Until", ends, error=_error_of("quiet_until")),
                class_name="form-row",
            ),
            class_name="form",
        ),
        title="When",
        note="In your time zone: " + S.zone,
    )
    return rx.el.form(
        form_error(pick(S.error_field == "", S.error)),
        rx.cond(S.phone_ready, rx.fragment(), unproved),
        matrix,
        times,
        rx.el.div(button("Save", kind="primary", submit=True), class_name="form-actions"),
        on_submit=S.save,
        class_name="stack",
    )


def _cells(row: Any) -> tuple[Any, ...]:
    mail = rx.el.select(
        *[rx.el.option(text, value=value) for value, text in _WHEN],
        name="email-" + row.key,
        default_value=row.email,
        aria_label="By mail: " + row.label,
        class_name="input select",
    )
    text = rx.el.input(
        type="checkbox",
        name="sms-" + row.key,
        default_checked=row.sms,
        aria_label="By text: " + row.label,
        class_name="checkbox",
    )
    return (row.label, mail, text)
