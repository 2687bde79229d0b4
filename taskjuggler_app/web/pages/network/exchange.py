"""What goes between actors: conversations, delegation rules, deliveries."""

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
    icon,
    icon_button,
    link,
    load_more,
    pick,
    select,
    skeleton_list,
    some,
    switch,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.base import when, word
from taskjuggler_app.web.pages.network.exchange_state import DelegationState, DeliveriesState, TalksState
from taskjuggler_app.web.pages.network.tabs import ICONS, network_page

D: Any = DeliveriesState  # on the class, a State's attributes are vars and its methods are handlers
R: Any = DelegationState
T: Any = TalksState
_TONES = {"received": "success", "delivered": "success", "queued": "info", "failed": "danger", "refused": "danger"}
_KINDS = {
    "TASK_CREATE": "Task offered",
    "ACCEPT": "Task taken",
    "REJECT": "Task refused",
    "DELEGATE": "Task handed on",
    "STATUS_UPDATE": "State changed",
    "COMPLETE": "Task done",
    "CANCEL": "Task cancelled",
    "REOPEN": "Task opened again",
    "MESSAGE": "Message",
    "CLARIFICATION_REQUEST": "Question",
    "CLARIFICATION_RESPONSE": "Answer",
    "ATTACHMENT_ADD": "File added",
    "PROGRESS_REPORT": "Progress",
    "TIMELINE_UPDATE": "Dates changed",
    "DISPUTE": "Dispute",
    "RESOLUTION": "Dispute settled",
}
_FIELDS = [
    Choice("title", "Title contains"),
    Choice("description", "Description contains"),
    Choice("tags", "Tags contain"),
    Choice("priority", "Priority is"),
    Choice("channel", "Channel contains"),
]


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
            rx.el.span(word(row.kind, _KINDS, ""), " ", rx.el.code(row.kind, class_name="muted")),
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
