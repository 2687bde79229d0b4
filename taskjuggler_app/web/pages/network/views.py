"""The network: its picture, its actors, adding and claiming one."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    avatar,
    badge,
    button,
    card,
    count,
    dialog,
    empty_state,
    field,
    form_error,
    icon,
    link,
    link_button,
    notice,
    pick,
    select,
    skeleton_list,
    some,
    text_input,
)
from taskjuggler_app.web.components.base import word
from taskjuggler_app.web.pages.network.picture import picture
from taskjuggler_app.web.pages.network.state import NetworkState
from taskjuggler_app.web.pages.network.tabs import ICONS, KINDS, MANY, RELATIONS, STATUSES, TONES, network_page

N: Any = NetworkState  # on the class, a State's attributes are vars and its methods are handlers


def network() -> rx.Component:
    """Everybody we exchange tasks with."""
    waiting = notice(
        pick(N.waiting == 1, "A task from a stranger waits.", N.waiting.to(str) + " tasks from strangers wait."),
        tone="warning",
        icon_name="shield",
        action=link_button("Decide", href="/network/deliveries", small=True),
    )
    listed = card(rx.el.ul(rx.foreach(N.rows, _actor), class_name="rules", aria_label="Actors"), flush=True)
    lonely = empty_state(
        "users",
        "Nobody else yet",
        "Add an AI agent, a device or a partner, or enter a code. A picture then shows who knows whom.",
    )
    unmatched = empty_state("search", "No actor is like that", "Choose another kind or relationship.")
    found = rx.cond(some(N.rows), rx.fragment(picture(), listed), unmatched)
    offered = notice(
        rx.fragment("This code makes an agent or a device yours: ", rx.el.strong(N.offered)),
        icon_name="key",
        action=button("Claim it", kind="primary", small=True, on_click=N.claim_offered),
    )
    whole = rx.el.div(
        rx.cond(N.offered != "", offered),
        rx.cond(N.waiting > 0, waiting),
        rx.cond(
            N.alone & (N.kind == "") & (N.relation == ""), rx.fragment(lonely, listed), rx.fragment(_filters(), found)
        ),
        class_name="stack",
    )
    return network_page(
        "actors",
        rx.cond(N.loaded, whole, skeleton_list()),
        _add_form(),
        _claim_form(),
        actions=[
            button("Enter a code", kind="secondary", icon_name="key", data_opens="#claim-form"),
            rx.cond(N.is_admin, button("Add an actor", kind="primary", icon_name="plus", data_opens="#actor-form")),
        ],
    )


def _filters() -> rx.Component:
    kinds = [Choice("", "Every kind"), *(Choice(kind, name) for kind, name in MANY.items())]
    ties = [Choice("", "Every relationship"), *(Choice(kind, name) for kind, name in RELATIONS.items())]

    def narrowed(name: str, label: str, choices: list[Choice], value: Any) -> rx.Component:
        asked = select(name, choices, id_=f"network-{name}", value=value, on_change=lambda new: N.narrow_to(name, new))
        return field(label, asked)

    return rx.el.div(
        narrowed("kind", "Kind", kinds, N.kind),
        narrowed("relation", "Relationship", ties, N.relation),
        class_name="toolbar network-filters",
    )


def _actor(row: Any) -> rx.Component:
    silent = badge("Silent", tone="warning", icon_name="wifi-off")
    trust = rx.el.span(
        rx.el.meter(value=row.trust, min="0", max="100", low="30", high="70", optimum="100", aria_label="Trust"),
        rx.el.span(row.trust, class_name="muted"),
        class_name="trust",
        title="Trust, 0 to 100",
    )
    return rx.el.li(
        rx.cond(
            row.picture != "",
            avatar(row.name, picture=row.picture),
            rx.el.span(icon(word(row.kind, ICONS, "user"), size=20), class_name="actor-icon"),
        ),
        rx.el.div(
            rx.el.p(link(row.name, href="/network/" + row.id, class_name="rule-name")),
            rx.el.p(
                word(row.kind, KINDS, "Actor"),
                pick(row.relation != "", " · " + row.relation),
                pick(row.capabilities != "", " · " + row.capabilities),
                class_name="muted",
            ),
            class_name="rule-text",
        ),
        rx.el.div(
            count(row.unread, spoken="unread"),
            rx.cond(row.silent, silent),
            rx.cond(row.trust != "", trust),
            badge(word(row.status, STATUSES, row.status), tone=word(row.status, TONES, "neutral")),
            class_name="rule-controls",
        ),
        key=row.id,
        class_name="rule actor-row",
    )


def _add_form() -> rx.Component:
    kinds = [
        Choice("agent", "AI agent or program"),
        Choice("partner", "Partner with TaskJuggler elsewhere"),
        Choice("gateway", "Gateway for devices"),
    ]
    return dialog(
        "actor-form",
        "Add an actor",
        rx.el.form(
            field("What it is", select("kind", kinds, id_="actor-kind")),
            field("Name", text_input("name", id_="actor-name", required=True, max_length=255)),
            field(
                "What it can do",
                text_input("capabilities", id_="actor-can", max_length=500, placeholder="text.summarise, translation"),
                hint="Words with commas between. Rules ask for them.",
                optional=True,
            ),
            field(
                "Address for its tasks",
                text_input("address", id_="actor-address", kind="url", max_length=500),
                hint="Where envelopes are sent. Without one it fetches them here.",
                optional=True,
            ),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Add it", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=N.add,
            class_name="form",
        ),
    )


def _claim_form() -> rx.Component:
    code = text_input("code", id_="claim-code", required=True, max_length=20, placeholder="TJ-7K2M9P")
    return dialog(
        "claim-form",
        "Claim an agent or a device",
        rx.el.form(
            form_error(N.error),
            field("Its code", code, hint="The agent shows it, or whoever runs it tells you. Good for an hour."),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Claim it", kind="primary", submit=True),
                class_name="form-actions",
            ),
            on_submit=N.claim,
            class_name="form",
        ),
    )
