"""The form of a tool."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.aitools import template
from taskjuggler_app.domain.aitools.functions import FUNCTIONS
from taskjuggler_app.web.components import (
    Choice,
    button,
    dialog,
    field,
    form_error,
    password_input,
    pick,
    same,
    select,
    text_input,
    textarea,
)
from taskjuggler_app.web.pages.aitools.form_state import ToolFormState
from taskjuggler_app.web.pages.aitools.state import ToolsState
from taskjuggler_app.web.pages.marketplace.parts import CURRENCY_CHOICES

S: Any = ToolsState  # on the class, a State's attributes are vars and its methods are handlers
F: Any = ToolFormState
_KINDS = (
    Choice("function", "Built in: a function of TaskJuggler"),
    Choice("api", "An address that answers at once"),
    Choice("webhook", "A webhook that may call back later"),
)
_FUNCTIONS = tuple(Choice(one.name, one.label) for one in FUNCTIONS.values())
_PLACES = ", ".join("{{" + name + "}}" for name in template.NAMES)


def tool_form() -> rx.Component:
    """A dialog; what it asks depends on the kind of tool."""
    row = F.row
    form = rx.el.form(
        form_error(pick(F.error_field == "", F.error)),
        field(
            "Name",
            text_input("tool_name", id_="tool-name", default_value=row.name, required=True, max_length=255),
            error=_wrong("tool_name"),
        ),
        field("Vendor", select("vendor", S.vendors, id_="tool-vendor", default_value=row.vendor_id)),
        field("Kind", select("tool_type", _KINDS, id_="tool-kind", value=F.kind, on_change=F.choose)),
        rx.cond(
            F.kind == "function",
            field(
                "What it does",
                select("function", _FUNCTIONS, id_="tool-function", default_value=row.function),
                hint="With the language model of Settings → AI, or by our own rules where none is set up.",
                error=_wrong("function"),
            ),
            _elsewhere(),
        ),
        field(
            "What it is given",
            textarea("template", id_="tool-template", rows=5, default_value=row.template, spell_check=False),
            hint=f"A text, or JSON. A task fills {_PLACES}.",
            error=_wrong("template"),
        ),
        _limits(),
        _price(),
        rx.el.div(
            rx.cond(row.id != "", button("Take it away", kind="ghost", data_opens="#remove-tool")),
            button("Cancel", kind="ghost", data_closes=""),
            button("Save", kind="primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=F.save,
        key="tool-" + F.round.to(str),
        class_name="form",
    )
    return dialog("tool-form", "AI tool", form, open_=F.open, on_close=F.close)


def _wrong(name: str) -> Any:
    return pick(same(F.error_field, name), F.error)


def _elsewhere() -> rx.Component:
    row = F.row
    kept = pick(row.has_secret, "Kept encrypted; leave this empty to keep it.", "It is kept encrypted.")
    both = pick(row.has_secret, kept, "Both sides sign with it (HMAC-SHA256). It is kept encrypted.")
    api = rx.fragment(
        field(
            "Key", password_input("secret", new=True, id_="tool-key"), hint=kept, error=_wrong("secret"), optional=True
        ),
        rx.el.div(
            field(
                "Header of the key",
                text_input("auth_header", id_="tool-header", default_value=row.auth_header, max_length=100),
                error=_wrong("auth_header"),
            ),
            field(
                "Where the result is",
                text_input(
                    "output_path",
                    id_="tool-output",
                    default_value=row.output_path,
                    placeholder="choices.0.message.content",
                ),
                optional=True,
            ),
            field(
                "Where the cost is",
                text_input("cost_path", id_="tool-cost-path", default_value=row.cost_path, placeholder="usage.cost"),
                optional=True,
            ),
            class_name="form-row",
        ),
    )
    webhook = rx.fragment(
        field("Secret", password_input("secret", new=True, id_="tool-secret"), hint=both, error=_wrong("secret")),
        field(
            "Seconds it has to call back",
            text_input("wait", kind="number", id_="tool-wait", default_value=row.wait, min="1", max="86400"),
            error=_wrong("wait"),
        ),
    )
    return rx.fragment(
        field(
            "Address",
            text_input(
                "url", kind="url", id_="tool-url", default_value=row.url, placeholder="https://", max_length=1000
            ),
            hint="It is sent a POST with what a task fills in below, after a person's yes.",
            error=_wrong("url"),
        ),
        rx.cond(F.kind == "api", api, webhook),
    )


def _limits() -> rx.Component:
    row = F.row
    return rx.el.div(
        field(
            "Seconds for an answer",
            text_input("timeout", kind="number", id_="tool-timeout", default_value=row.timeout, min="1", max="120"),
            error=_wrong("timeout"),
        ),
        field(
            "Tries again, at most",
            text_input("retries", kind="number", id_="tool-retries", default_value=row.retries, min="0", max="5"),
            error=_wrong("retries"),
        ),
        class_name="form-row",
    )


def _price() -> rx.Component:
    row = F.row
    return rx.el.div(
        field(
            "Cost of an attempt",
            text_input("cost", id_="tool-cost", default_value=row.cost, placeholder="0.10"),
            error=_wrong("cost"),
            optional=True,
        ),
        field(
            "A run costs at most",
            text_input("budget", id_="tool-budget", default_value=row.budget, placeholder="1.00"),
            error=_wrong("budget"),
            optional=True,
        ),
        field("Currency", select("currency", CURRENCY_CHOICES, id_="tool-currency", default_value=row.currency)),
        class_name="form-row",
    )
