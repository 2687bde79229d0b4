"""A message's page: what was said, what was read out of it, and why it went where it went."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Crumb,
    button,
    card,
    category_chip,
    channel_icon,
    empty_state,
    facts,
    link,
    link_button,
    notice,
    page_header,
    pick,
    skeleton_card,
    some,
    time_ago,
    timeline,
    trace_view,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.inbox.state import ItemState

S: Any = ItemState  # on the class, a State's attributes are vars and its methods are handlers
_CRUMBS = (Crumb("Inbox", "/inbox"), Crumb("Message"))


def item() -> rx.Component:
    """One message."""
    missing = empty_state(
        "search",
        "There is no such message",
        "It may have been removed, or it belongs to another workspace.",
        action=link_button("The inbox", href="/inbox"),
    )
    waiting = rx.el.div(skeleton_card(), skeleton_card(), class_name="stack")
    return framed("inbox", rx.cond(S.loaded, rx.cond(S.missing, missing, _content()), waiting))


def _content() -> rx.Component:
    return rx.fragment(
        page_header(S.item.summary, crumbs=_CRUMBS, note=_marks(), actions=[_actions()]),
        _failure(),
        rx.el.div(
            rx.el.div(_message(), _why(), _history(), class_name="stack"),
            rx.el.div(_became(), _facts(), class_name="stack"),
            class_name="columns",
        ),
    )


def _marks() -> rx.Component:
    return rx.el.span(
        channel_icon(S.item.channel),
        rx.el.span(S.item.sender),
        time_ago(S.item.at, S.item.when),
        rx.cond(S.item.category != "", category_chip(S.item.category)),
        class_name="marks",
    )


def _actions() -> rx.Component:
    return rx.cond(
        S.status == "dismissed",
        button("Bring back", kind="secondary", icon_name="undo-2", on_click=S.restore),
        rx.cond(
            S.status != "created_task", button("Dismiss", kind="secondary", icon_name="circle-x", on_click=S.dismiss)
        ),
    )


def _failure() -> rx.Component:
    again = button("Try again", kind="secondary", small=True, icon_name="refresh-cw", on_click=S.retry)
    return rx.cond(S.item.state == "failed", notice(S.error, tone="danger", icon_name="circle-alert", action=again))


def _message() -> rx.Component:
    def piece(one: Any) -> rx.Component:
        marked = rx.el.mark(one.text, title=one.title, class_name="found")
        return rx.cond(one.kind != "", marked, rx.el.span(one.text))

    return card(
        rx.cond(S.subject != "", rx.el.p(rx.el.strong(S.subject))),
        rx.el.p(rx.foreach(S.pieces, piece), class_name="message"),
        title="Message",
        note="What was recognised is marked.",
    )


def _why() -> rx.Component:
    shown = card(
        trace_view(S.trace, outcome=S.trace_note),
        title="Why was this routed here?",
        note="Rules are tried in this order; the first that matches decides.",
    )
    return rx.cond(some(S.trace), shown)


def _history() -> rx.Component:
    return card(timeline(S.events), title="What happened")


def _became() -> rx.Component:
    task = link(S.task_title, href=S.task_href, class_name="text-link")
    nothing = rx.el.p(pick(S.item.state == "completed", "No task was made.", "Not decided yet."), class_name="muted")
    inside = rx.el.div(
        rx.cond(S.task_href != "", task, nothing),
        facts(("From", S.sender_id), ("Channel", pick(S.channel != "", S.channel, "—"))),
        class_name="stack",
    )
    return card(inside, title="Became")


def _facts() -> rx.Component:
    def line(one: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(one.label),
            rx.el.dd(
                one.value,
                rx.el.span(one.confidence, " % sure", class_name="fact-note"),
                rx.cond(one.words != "", rx.el.span("“", one.words, "”", class_name="fact-note")),
            ),
        )

    nothing = rx.el.p("Nothing has been read out of it yet.", class_name="muted")
    return card(rx.cond(some(S.facts), rx.el.dl(rx.foreach(S.facts, line), class_name="facts"), nothing), title="Facts")
