"""API keys: what a person's own programs sign in with."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    checkbox,
    copy_button,
    dialog,
    empty_state,
    facts,
    field,
    form_error,
    native_link,
    notice,
    pick,
    same,
    select,
    skeleton_card,
    some,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.keys_state import KeysState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = KeysState  # on the class, a State's attributes are vars and its methods are handlers
_DAYS = (*(Choice(str(days), f"{days} days") for days in tokens.DAYS), Choice("0", "No end"))
_DEEDS = {"read": "read", "write": "change"}
_SAID = {
    "inbox": "Inbox",
    "tasks": "Tasks",
    "rules": "Rules",
    "channels": "Channels",
    "teams": "The workspace and its people",
    "contacts": "Contact lists",
    "messages": "Direct messages",
    "notifications": "Notifications",
    "appointments": "Appointments",
    "sites": "Web sites",
    "marketplace": "Marketplace and vendors",
    "analytics": "Reports",
    "tef": "The network",
    "webhooks": "Webhooks",
    "audit": "The audit log",
}


def keys() -> rx.Component:
    """The list of keys and the form of a new one."""
    return settings_page("keys", rx.cond(S.loaded, rx.fragment(_fresh(), _list(), _where()), skeleton_card()), _form())


def _fresh() -> rx.Component:
    shown = card(
        notice("Copy it now: it is shown this once and kept nowhere.", tone="warning", icon_name="key"),
        rx.el.p(rx.el.code(S.secret, id="new-key"), copy_button(S.secret), class_name="copy-line"),
        rx.el.p("Try it:", class_name="muted"),
        rx.el.p(rx.el.code(S.example), copy_button(S.example), class_name="copy-line"),
        title="Your new key",
    )
    return rx.cond(S.secret != "", shown)


def _list() -> rx.Component:
    nothing = empty_state(
        "key",
        "No key yet",
        "With a key, your own programs and assistants do what you do here, as far as you let them.",
        action=button("New key", kind="primary", icon_name="plus", on_click=S.open_form),
    )
    listed = card(
        rx.el.ul(rx.foreach(S.rows, _key), class_name="rules", aria_label="API keys"),
        rx.el.div(button("New key", kind="secondary", icon_name="plus", on_click=S.open_form), class_name="card-foot"),
        title="Your API keys",
        note="Each acts for you in this workspace.",
        flush=True,
    )
    return rx.cond(some(S.rows), listed, nothing)


def _where() -> rx.Component:
    def address(path: str) -> rx.Component:
        return rx.el.span(rx.el.code(S.url, path), copy_button(S.url + path), class_name="copy-line")

    described = native_link("Every address, with examples", href="/api/v1/docs", class_name="text-link")
    return card(
        facts(("REST", address("/api/v1")), ("Assistants (MCP)", address("/mcp")), ("Described", described)),
        title="Where programs connect",
    )


def _key(row: Any) -> rx.Component:
    used = rx.cond(
        row.last_used_at != "",
        rx.el.span("last used ", time_ago(row.last_used_at, row.last_used_at)),
        rx.el.span("never used"),
    )
    ends = rx.cond(row.expires_at != "", rx.el.span("valid until ", row.expires_at.to(str)[:10]), rx.el.span("no end"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.strong(row.name), rx.cond(row.expired, badge("Expired", tone="danger")), class_name="marks"),
            rx.el.p(rx.el.code(row.prefix, "…"), " ", row.abilities, class_name="rule-when"),
            rx.el.p(used, " · ", ends, class_name="muted"),
            class_name="rule-text",
        ),
        button("Revoke", kind="secondary", small=True, on_click=S.revoke(row.id), aria_label="Revoke " + row.name),
        key=row.id,
        class_name="rule",
    )


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _form() -> rx.Component:
    boxes = [
        checkbox(f"{domain}:{deed}", f"{_SAID[domain]}: {text}", id_=f"may-{domain}-{deed}")
        for domain in tokens.DOMAINS
        for deed, text in _DEEDS.items()
        if f"{domain}:{deed}" in tokens.ABILITIES
    ]
    return dialog(
        "key-form",
        "New API key",
        rx.el.form(
            form_error(pick(same(S.error_field, "name"), "", S.error)),
            field(
                "Name",
                text_input("name", id_="key-name", required=True, max_length=60, placeholder="Our web shop"),
                hint="What the key is for.",
                error=_error_of("name"),
            ),
            rx.el.fieldset(rx.el.legend("It may", class_name="field-label"), *boxes, class_name="field"),
            field("Valid for", select("days", _DAYS, id_="key-days", default_value="90")),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Make the key", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=S.create,
            class_name="form",
        ),
        open_=S.form_open,
        on_close=S.close_form,
    )
