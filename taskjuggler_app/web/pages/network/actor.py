"""The page of one actor."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Crumb,
    avatar,
    badge,
    button,
    card,
    confirm,
    copy_button,
    dialog,
    empty_state,
    facts,
    field,
    icon,
    icon_button,
    link,
    notice,
    page_header,
    pick,
    select,
    skeleton_card,
    some,
    textarea,
    time_ago,
)
from taskjuggler_app.web.components.base import word
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.network.actor_state import ActorState
from taskjuggler_app.web.pages.network.tabs import KINDS, STATUSES, TONES

S: Any = ActorState  # on the class, a State's attributes are vars and its methods are handlers
A: Any = ActorState.detail


def actor() -> rx.Component:
    """Who it is, how far it is trusted and why, what it has to do, what was said."""
    gone = empty_state("users", "There is no such actor", "It was deleted, or you two do not know each other.")
    return framed("network", rx.cond(S.loaded, rx.cond(A.row.id != "", _whole(), gone), skeleton_card()))


def _whole() -> rx.Component:
    return rx.fragment(
        page_header(
            A.row.name,
            note=rx.el.span(
                rx.cond(A.row.picture != "", avatar(A.row.name, size="s", picture=A.row.picture)),
                word(A.row.kind, KINDS, "Actor"),
                badge(word(A.row.status, STATUSES, A.row.status), tone=word(A.row.status, TONES, "neutral")),
                class_name="marks",
            ),
            crumbs=(Crumb("Network", "/network"), Crumb("Actor")),
            actions=[rx.cond(A.may_change, _actions())],
        ),
        rx.el.div(
            rx.el.div(_claim(), _handed(), rx.cond(A.row.relation != "", _talk()), class_name="stack"),
            rx.el.div(
                _about(), rx.cond(A.row.relation != "", _trust()), rx.cond(A.may_change, _keys()), class_name="stack"
            ),
            class_name="columns",
        ),
        _hand_on(),
        confirm(
            "delete-actor",
            "Delete this actor?",
            "Its keys end at once. What happened with it stays in the history.",
            label="Delete it",
            on_confirm=S.set_status("DELETED"),
        ),
    )


def _actions() -> rx.Component:
    return rx.el.div(
        rx.cond(A.row.status == "ACTIVE", button("Suspend", kind="secondary", on_click=S.set_status("SUSPENDED"))),
        rx.cond(A.row.status == "SUSPENDED", button("Resume", kind="primary", on_click=S.set_status("ACTIVE"))),
        button("Delete", kind="ghost", icon_name="trash-2", data_opens="#delete-actor"),
        class_name="form-actions",
    )


def _claim() -> rx.Component:
    shown = rx.el.div(
        rx.el.img(src=S.qr, alt="The claim code as a QR code", width="180", height="180"),
        rx.el.p(rx.el.strong(S.code), " ", copy_button(S.code, label="Copy the code")),
        rx.el.p("Good for an hour, and once.", class_name="muted"),
    )
    make = button("Make a claim code", kind="primary", on_click=S.make_code)
    waits = card(
        rx.cond(S.code != "", shown, make),
        title="It waits to be claimed",
        note="Somebody who is signed in enters its code, and answers for it from then on.",
    )
    return rx.cond((A.row.status == "PENDING_CLAIM") & A.may_change, waits)


def _about() -> rx.Component:
    return card(
        facts(
            ("Can do", pick(A.row.capabilities != "", A.row.capabilities, "Not said")),
            ("Gets its tasks", pick(A.contact != "", A.contact, "by fetching them here")),
            ("To us", pick(A.row.relation != "", A.row.relation, "no relationship")),
            ("Tasks done", A.row.tasks.to(str)),
            (
                "Its id",
                rx.el.span(rx.el.code(A.row.id, class_name="actor-id"), copy_button(A.row.id, label="Copy the id")),
            ),
        ),
        rx.cond(some(A.may), rx.el.p("It may ", rx.foreach(A.may, lambda one: badge(one)), class_name="actor-may")),
        title="About",
    )


def _trust() -> rx.Component:
    def point(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                rx.el.strong(row.outcome, class_name="point-outcome"), time_ago(row.at, row.at), class_name="point-what"
            ),
            rx.el.strong(row.counts, class_name="point-counts"),
            rx.el.span(row.weight, ", of which ", row.decay, " is left", class_name="muted"),
        )

    points = rx.el.ul(rx.foreach(A.points, point), class_name="points", aria_label="What the trust is made of")
    return card(
        rx.el.p(rx.el.strong(A.row.trust, class_name="stat-value"), " of 100"),
        rx.el.div(
            rx.el.meter(value=A.row.trust, min="0", max="100", low="30", high="70", optimum="100", aria_label="Trust"),
            class_name="trust trust-whole",
        ),
        rx.el.ul(rx.foreach(A.raises, rx.el.li), class_name="muted"),
        rx.cond(some(A.points), points, rx.el.p("Everybody starts at 50. No task has ended yet.", class_name="muted")),
        rx.el.details(
            rx.el.summary("Every change"),
            rx.el.ul(
                rx.foreach(
                    A.changes,
                    lambda row: rx.el.li(
                        rx.el.strong(row.what), " ", time_ago(row.at, row.at), rx.el.p(row.detail, class_name="muted")
                    ),
                )
            ),
        ),
        title="Trust",
        note="From how tasks between you ended; each counts less day by day, and nothing after thirty.",
    )


def _keys() -> rx.Component:
    secret = notice(
        rx.el.span("Copy it now, it is shown this once: ", rx.el.code(S.secret, class_name="actor-id")),
        tone="warning",
        icon_name="key",
        action=copy_button(S.secret, label="Copy the key"),
    )

    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(rx.el.code(row.prefix + "…"), " ", row.kind, class_name="rule-name"),
                rx.el.p("made ", time_ago(row.made_at, row.made_at), class_name="muted"),
                class_name="rule-text",
            ),
            rx.el.div(
                rx.cond(row.kind == "bearer", icon_button("rotate-ccw", "Rotate", on_click=S.rotate(row.id))),
                icon_button("trash-2", "Revoke", on_click=S.revoke_key(row.id)),
                class_name="rule-controls",
            ),
            key=row.id,
            class_name="workspace-line",
        )

    return card(
        rx.cond(S.secret != "", secret),
        rx.cond(
            some(A.live_keys),
            rx.el.ul(rx.foreach(A.live_keys, draw), class_name="workspace-lines", aria_label="Keys"),
            rx.el.p("No key yet. With one, the program can fetch and answer its tasks.", class_name="muted"),
        ),
        rx.el.div(button("New key", icon_name="key", small=True, on_click=S.make_key), class_name="actor-more"),
        title="Keys",
    )


def _handed() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(link(row.title, href="/tasks/" + row.task_id, class_name="rule-name")),
                rx.el.p(pick(row.ours, "we gave it", "it gave us"), class_name="muted"),
                class_name="rule-text",
            ),
            rx.el.div(
                badge(row.state),
                rx.cond(
                    row.ours & row.open, button("Take back", kind="ghost", small=True, on_click=S.take_back(row.id))
                ),
                class_name="rule-controls",
            ),
            key=row.id,
            class_name="rule",
        )

    can_take = (A.row.status == "ACTIVE") & (A.row.relation != "")
    give = rx.cond(can_take, button("Give it a task", small=True, icon_name="send", data_opens="#hand-on"))
    nothing = rx.el.p("None yet. Give it one, or let a delegation rule do so.", class_name="card-empty muted")
    listed = rx.el.ul(rx.foreach(A.handed, draw), class_name="rules", aria_label="Tasks between us")
    return card(rx.cond(some(A.handed), listed, nothing), title="Tasks between us", flush=True, actions=[give])


def _hand_on() -> rx.Component:
    return dialog(
        "hand-on",
        "Give it a task",
        rx.el.form(
            field("Task", select("task", S.open_tasks, id_="hand-task")),
            rx.el.p("You stay accountable; you can take it back at any time.", class_name="muted"),
            rx.el.div(
                button("Cancel", kind="ghost", data_closes=""),
                button("Hand it on", kind="primary", submit=True, data_closes=""),
                class_name="form-actions",
            ),
            on_submit=S.hand_on,
            class_name="form",
        ),
    )


def _talk() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        card_of = rx.el.p(icon("list-checks"), " ", link(row.text, href="/tasks/" + row.task_id), class_name="marks")
        return rx.el.li(
            rx.cond(row.task_id != "", card_of, rx.el.p(row.text)),
            rx.el.p(time_ago(row.at, row.at), class_name="muted"),
            class_name=pick(row.mine, "talk-line is-mine", "talk-line"),
            key=row.id,
        )

    return card(
        rx.el.ul(rx.foreach(S.talk.lines, draw), class_name="talk-lines", aria_label="What was said"),
        rx.el.form(
            field("Message", textarea("text", id_="talk-text", rows=2, required=True, max_length=20_000)),
            rx.el.div(button("Send", kind="primary", icon_name="send", submit=True), class_name="form-actions"),
            on_submit=S.say,
            reset_on_submit=True,
            class_name="form actor-talk",
        ),
        title="Conversation",
        actions=[rx.cond(S.talk.id != "", _talk_actions())],
    )


def _talk_actions() -> rx.Component:
    ended = rx.fragment(
        badge(pick(S.talk.status == "closed", "Closed", "Archived")),
        button("Open again", kind="ghost", small=True, on_click=S.set_talk("active")),
    )
    going = rx.fragment(
        button("Archive", kind="ghost", small=True, on_click=S.set_talk("archived")),
        button("Close", kind="ghost", small=True, on_click=S.set_talk("closed")),
    )
    return rx.el.div(rx.cond(S.talk.status == "active", going, ended), class_name="marks")
