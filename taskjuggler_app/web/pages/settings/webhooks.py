"""Settings → Webhooks: where the workspace's events go, and how each delivery went."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.webhooks import kinds
from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    checkbox,
    copy_button,
    dialog,
    empty_state,
    field,
    form_error,
    load_more,
    notice,
    pick,
    preformatted,
    same,
    skeleton_card,
    some,
    text_input,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.tabs import settings_page
from taskjuggler_app.web.pages.settings.webhooks_state import WebhooksState

S: Any = WebhooksState  # on the class, a State's attributes are vars and its methods are handlers


def webhooks() -> rx.Component:
    """The webhooks, their secrets, their deliveries."""
    refused = empty_state("lock", "Only for admins", "A webhook tells another program what everybody does here.")
    inside = rx.cond(S.refused, refused, rx.fragment(_fresh(), _list(), rx.cond(some(S.rows), _deliveries())))
    return settings_page("webhooks", rx.cond(S.loaded, inside, skeleton_card()), _form())


def _fresh() -> rx.Component:
    shown = card(
        notice("Copy it now: it is shown this once.", tone="warning", icon_name="key"),
        rx.el.p(rx.el.code(S.secret, id="new-secret"), copy_button(S.secret), class_name="copy-line"),
        rx.el.p(
            "With it the receiver checks webhook-signature, as Standard Webhooks says. A former secret signs beside it "
            "for 24 hours.",
            class_name="muted",
        ),
        title="The webhook's secret",
    )
    return rx.cond(S.secret != "", shown)


def _list() -> rx.Component:
    new = button("New webhook", kind="primary", icon_name="plus", on_click=S.open_form)
    nothing = empty_state(
        "send",
        "No webhook yet",
        "Tell your own programs what happens here: each event is sent to your address, signed, and again until it is "
        "taken.",
        action=new,
    )
    listed = card(
        rx.el.ul(rx.foreach(S.rows, _hook), class_name="rules", aria_label="Webhooks"),
        rx.el.div(button("New webhook", icon_name="plus", on_click=S.open_form), class_name="card-foot"),
        title="Webhooks",
        note="Events of this workspace, sent to your addresses.",
        flush=True,
    )
    return rx.cond(some(S.rows), listed, nothing)


def _hook(row: Any) -> rx.Component:
    state = rx.cond(row.is_active, badge("On", tone="success"), badge("Off", tone="neutral"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.strong(rx.cond(row.description != "", row.description, row.url)), state, class_name="marks"),
            rx.el.p(rx.el.code(row.url), class_name="rule-when hook-url"),
            rx.el.p(row.wanted, class_name="muted"),
            rx.cond(row.trouble != "", rx.el.p(badge(row.trouble, tone="warning", icon_name="triangle-alert"))),
            rx.el.div(
                button(
                    "Deliveries",
                    small=True,
                    on_click=S.show(row.id),
                    aria_pressed=when(S.chosen == row.id, "true", "false"),
                ),
                button("Test", small=True, on_click=S.test(row.id)),
                button("New secret", small=True, on_click=S.rotate(row.id)),
                rx.cond(
                    row.is_active,
                    button("Switch off", small=True, on_click=S.switch(row.id, False)),
                    button("Switch on", small=True, on_click=S.switch(row.id, True)),
                ),
                button(
                    "Remove",
                    small=True,
                    on_click=S.remove(row.id),
                    data_confirm="Its deliveries go with it.",
                    aria_label="Remove the webhook to " + row.url,
                ),
                class_name="hook-deeds",
            ),
            class_name="rule-text",
        ),
        key=row.id,
        class_name="rule",
    )


def _deliveries() -> rx.Component:
    nothing = rx.el.p("Nothing was sent yet. Test sends an event at once.", class_name="muted hook-none")
    listed = rx.el.ul(rx.foreach(S.sent, _delivery), class_name="rules", aria_label="Deliveries")
    return card(
        rx.cond(some(S.sent), listed, nothing),
        rx.cond(S.next_cursor != "", load_more(S.more)),
        title="Deliveries",
        note=S.chosen_url,
        flush=True,
    )


def _delivery(row: Any) -> rx.Component:
    state: Any = rx.match(
        row.state,
        ("delivered", badge("Taken", tone="success", icon_name="check")),
        ("failed", badge("Given up", tone="danger", icon_name="x")),
        badge("On its way", tone="info", icon_name="clock"),
    )
    again = button("Send again", small=True, icon_name="refresh-cw", on_click=S.send_again(row.id))
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                state,
                rx.el.strong(row.kind),
                rx.el.span(row.attempts, class_name="muted"),
                time_ago(row.at, row.at),
                class_name="hook-line",
            ),
            preformatted(row.said, class_name="hook-said"),
            preformatted(row.body, class_name="hook-said"),
            rx.cond(row.state != "queued", again),
        ),
        key=row.id,
        class_name="rule outbox-row",
    )


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _form() -> rx.Component:
    boxes = [checkbox(f"about-{name}", label, id_=f"hook-{name}") for name, label in kinds.GROUPS.items()]
    return dialog(
        "hook-form",
        "New webhook",
        rx.el.form(
            form_error(pick(same(S.error_field, "url"), "", S.error)),
            field(
                "Address",
                text_input("url", kind="url", id_="hook-url", required=True, placeholder="https://example.com/hooks"),
                hint="Events are posted there as JSON.",
                error=_error_of("url"),
            ),
            field("Name", text_input("description", id_="hook-name", max_length=200), optional=True),
            rx.el.fieldset(
                rx.el.legend("About", class_name="field-label"),
                rx.el.p("Nothing ticked is everything.", class_name="field-hint"),
                rx.el.div(*boxes, class_name="hook-kinds"),
                class_name="field",
            ),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Make the webhook", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.create,
            class_name="form",
        ),
        open_=S.form_open,
        on_close=S.close_form,
    )
