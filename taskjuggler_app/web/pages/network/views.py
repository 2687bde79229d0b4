"""The network's lists: actors, delegation rules, deliveries."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    count,
    data_table,
    dialog,
    empty_state,
    field,
    form_error,
    icon,
    icon_button,
    link,
    link_button,
    load_more,
    notice,
    pick,
    select,
    skeleton_list,
    some,
    switch,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.base import when, word
from taskjuggler_app.web.pages.network.picture import picture
from taskjuggler_app.web.pages.network.state import DelegationState, DeliveriesState, NetworkState, TalksState
from taskjuggler_app.web.pages.network.tabs import ICONS, KINDS, MANY, RELATIONS, STATUSES, TONES, network_page

N: Any = NetworkState  # on the class, a State's attributes are vars and its methods are handlers
D: Any = DeliveriesState
R: Any = DelegationState
T: Any = TalksState
_TONES = {"received": "success", "delivered": "success", "queued": "info", "failed": "danger", "refused": "danger"}
_FIELDS = [
    Choice("title", "Title contains"),
    Choice("description", "Description contains"),
    Choice("tags", "Tags contain"),
    Choice("priority", "Priority is"),
    Choice("channel", "Channel contains"),
]


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
        rx.el.span(icon(word(row.kind, ICONS, "user"), size=20), class_name="actor-icon"),
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


def conversations() -> rx.Component:
    """What is said between us and other actors, the latest talk first."""
    nothing = empty_state("message-square", "Nothing was said yet", "Open an actor that you know, and write to it.")

    def draw(row: Any) -> rx.Component:
        ended = badge(pick(row.status == "closed", "Closed", "Archived"))
        return rx.el.li(
            rx.el.span(icon(word(row.kind, ICONS, "user"), size=20), class_name="actor-icon"),
            rx.el.div(
                link(row.name, href="/network/" + row.actor_id, class_name="row-link"),
                rx.el.span(when(row.mine, "You: "), row.last, class_name="talk-last"),
                class_name="row-main",
            ),
            rx.el.div(
                time_ago(row.at, row.at),
                rx.cond(row.status != "active", ended),
                count(row.unread, spoken="unread"),
                class_name="talk-side",
            ),
            key=row.id,
            class_name="talk-person",
        )

    listed = card(
        rx.el.ul(rx.foreach(T.rows, draw), class_name="talk-list actor-talks", aria_label="Conversations"), flush=True
    )
    return network_page("talks", rx.cond(T.loaded, rx.cond(some(T.rows), listed, nothing), skeleton_list()))


def delegation() -> rx.Component:
    """Rules that hand on tasks nobody has."""
    nothing = empty_state(
        "route",
        "No rule yet",
        "A rule gives tasks that nobody has to an actor you know: say, all that are tagged report to an agent.",
    )
    listed = card(rx.el.ul(rx.foreach(R.rows, _rule), class_name="rules", aria_label="Delegation rules"), flush=True)
    return network_page(
        "rules",
        rx.cond(R.loaded, rx.cond(some(R.rows), listed, nothing), skeleton_list()),
        _rule_form(),
        actions=[rx.cond(R.is_admin, button("New rule", kind="primary", icon_name="plus", data_opens="#rule-form"))],
    )


def _rule(row: Any) -> rx.Component:
    needs = rx.el.span(" that can do " + row.scopes)
    return rx.el.li(
        rx.el.div(
            rx.el.p("When ", rx.el.strong(row.sentence), class_name="rule-name"),
            rx.el.p("give it to " + row.doer, rx.cond(row.scopes != "", needs), class_name="muted"),
            class_name="rule-text",
        ),
        rx.cond(
            R.is_admin,
            rx.el.div(
                switch(
                    "active",
                    "On",
                    id_="on-" + row.id,
                    checked=row.active,
                    on_change=lambda on: R.set_active(row.id, on),
                ),
                icon_button("trash-2", "Delete the rule", on_click=R.remove(row.id)),
                class_name="rule-controls",
            ),
        ),
        key=row.id,
        class_name="rule",
    )


def _rule_form() -> rx.Component:
    return dialog(
        "rule-form",
        "New delegation rule",
        rx.el.form(
            field("When the task's", select("field", _FIELDS, id_="rule-field")),
            field("Words", text_input("value", id_="rule-value", required=True, max_length=200)),
            field("Give it to", select("actor", R.choices, id_="rule-actor")),
            field(
                "It must be able to do",
                text_input("scopes", id_="rule-scopes", max_length=500),
                hint="Words with commas between.",
                optional=True,
            ),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Make the rule", kind="primary", submit=True, data_closes=""),
                class_name="form-actions",
            ),
            on_submit=R.add,
            class_name="form",
        ),
    )


def deliveries() -> rx.Component:
    """The log of envelopes, and above it what waits for a decision."""
    nothing = empty_state("send", "Nothing yet", "Every message to and from other actors shows up here.")
    table = data_table(
        ("What", "From", "To", "State", "When"),
        D.rows,
        lambda row: (
            rx.el.code(row.kind),
            row.source,
            row.target,
            rx.el.span(
                badge(row.state, tone=word(row.state, _TONES, "neutral")),
                rx.cond(row.reason != "", rx.el.span(" " + row.reason, class_name="muted")),
                rx.cond(row.state == "failed", button("Try again", kind="ghost", small=True, on_click=D.again(row.id))),
            ),
            time_ago(row.at, row.at),
        ),
        caption="Envelopes, newest first",
    )
    log = rx.el.div(card(table, flush=True), rx.cond(D.next_cursor != "", load_more(D.more)), class_name="stack")
    return network_page(
        "deliveries",
        rx.cond(
            D.loaded,
            rx.el.div(rx.cond(some(D.held), _held()), rx.cond(some(D.rows), log, nothing), class_name="stack"),
            skeleton_list(),
        ),
    )


def _held() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(row.title, class_name="rule-name"),
                rx.el.p("from " + row.source + " ", time_ago(row.at, row.at), class_name="muted"),
                class_name="rule-text",
            ),
            rx.el.div(
                button("Refuse", kind="ghost", small=True, on_click=D.turn_away(row.id)),
                button("Take it", kind="primary", small=True, on_click=D.admit(row.id)),
                class_name="rule-controls",
            ),
            key=row.id,
            class_name="rule",
        )

    return card(
        rx.el.ul(rx.foreach(D.held, draw), class_name="rules", aria_label="Tasks from strangers"),
        title="Tasks from strangers",
        note="They become tasks only when you take them.",
        flush=True,
    )
