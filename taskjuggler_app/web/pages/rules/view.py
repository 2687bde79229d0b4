"""The rule list."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    card,
    empty_state,
    icon,
    icon_button,
    link,
    link_button,
    notice,
    page_header,
    pick,
    skeleton_list,
    some,
    switch,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import classes
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.state import RulesState
from taskjuggler_app.web.pages.rules.undoing import rule_tabs, undo_notice

S: Any = RulesState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState


def rules() -> rx.Component:
    """The rules in the order tried."""
    new = link_button("New rule", kind="primary", href="/rules/new", icon_name="plus")
    return framed(
        "rules",
        page_header(
            "Rules",
            note="A message goes by the first rule that matches, from the top down. Drag a rule, or press Alt with an "
            "arrow on it, to move it.",
            actions=[rx.fragment(rx.cond(Frame.is_admin, new))],
        ),
        rule_tabs("rules"),
        rx.cond(S.loaded, rx.cond(some(S.rows), _list(), _nothing()), skeleton_list()),
    )


def _list() -> rx.Component:
    moved = rx.el.input(
        class_name="sr-only", tab_index=-1, aria_hidden="true", data_dropped="", on_change=S.dropped, default_value=""
    )
    after = rx.el.p(
        icon("inbox", size=16),
        "A message that no rule matches becomes a normal task for the channel's owner, tagged unrouted.",
        class_name="rules-end",
    )
    return rx.fragment(
        undo_notice(S),
        card(rx.el.ol(rx.foreach(S.rows, _rule), class_name="rules", aria_label="Rules"), moved, after, flush=True),
    )


def _nothing() -> rx.Component:
    return empty_state(
        "route",
        "No rules yet",
        "Until there are some, every message becomes a task for the channel's owner, tagged unrouted.",
        action=link_button("Write the first rule", kind="primary", href="/rules/new"),
    )


def _rule(rule: Any) -> rx.Component:
    matched = pick(rule.times_matched == 1, "1 message", rule.times_matched.to(str) + " messages")
    never = rx.el.span("Never matched")
    last = rx.el.span(matched, ", last ", time_ago(rule.last_matched_at, rule.last_matched_at))
    handle = rx.el.span(icon("grip-vertical", size=16), class_name="rule-handle", title="Drag to another place")
    return rx.el.li(
        rx.cond(Frame.is_admin, handle),
        rx.el.span(rule.number, class_name="rule-number", aria_hidden="true"),
        rx.el.div(
            link(rule.name, href="/rules/" + rule.id, class_name="rule-name"),
            rx.el.p(rule.when, class_name="rule-when"),
            rx.el.p(rule.then, class_name="rule-then"),
            rx.cond(rule.problem != "", notice("This rule is passed over: " + rule.problem, tone="warning")),
            rx.el.p(rx.cond(rule.last_matched_at != "", last, never), class_name="muted"),
            class_name="rule-text",
        ),
        rx.cond(Frame.is_admin, _controls(rule)),
        key=rule.id,
        draggable=Frame.is_admin,
        data_drag_id=rule.id,
        data_moves="",
        data_drop_at=rule.id,
        class_name=classes("rule", when(rule.is_active, "", "is-off")),
    )


def _controls(rule: Any) -> rx.Component:
    return rx.el.div(
        switch(
            "active",
            "On",
            id_="active-" + rule.id,
            checked=rule.is_active,
            on_change=lambda on: S.set_active(rule.id, on),
        ),
        icon_button("arrow-up", "Try earlier", on_click=S.earlier(rule.id), data_move="ArrowUp"),
        icon_button("arrow-down", "Try later", on_click=S.later(rule.id), data_move="ArrowDown"),
        icon_button("copy", "Duplicate", on_click=S.duplicate(rule.id)),
        icon_button("trash-2", "Delete", on_click=S.delete(rule.id)),
        class_name="rule-controls",
    )
