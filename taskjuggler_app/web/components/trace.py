"""How something came to be: the routing trace and the timeline."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Text, classes, hidden_text, word
from taskjuggler_app.web.components.chips import time_ago
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.shapes import EventLine, TraceCondition, TraceRule

OUTCOMES = {"matched": "Matched", "failed": "Did not match", "skipped": "Not reached"}
_OUTCOME_ICONS = {"matched": "circle-check", "failed": "circle-x", "skipped": "circle-dashed"}
OPERATORS = {
    "equals": "is",
    "not_equals": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "not_contains": "does not contain",
    "greater_than": "is more than",
    "less_than": "is less than",
}


def trace_view(rules: Any, *, outcome: Text) -> rx.Component:
    """Why this was routed here: the rules in the order tried, each condition with what was expected and seen.

    rules: a list of TraceRule or a var of one. outcome: one sentence with what the router did in the end.
    """
    drawn = [rx.foreach(rules, _rule)] if isinstance(rules, rx.Var) else [_rule(rule) for rule in rules]
    return rx.el.div(
        rx.el.ol(*drawn, class_name="trace"),
        rx.el.p(icon("route", size=16), rx.el.span(outcome), class_name="trace-outcome"),
        class_name="trace-wrap",
    )


def timeline(events: Any, *, label: str = "History") -> rx.Component:
    """What happened, in order: a list of EventLine or a var of one."""
    drawn = [rx.foreach(events, _event)] if isinstance(events, rx.Var) else [_event(event) for event in events]
    return rx.el.ol(*drawn, class_name="timeline", aria_label=label)


def _rule(rule: TraceRule) -> rx.Component:
    conditions: Any = rule.conditions
    rows = (
        [rx.foreach(conditions, _condition)] if isinstance(conditions, rx.Var) else [_condition(c) for c in conditions]
    )
    return rx.el.li(
        rx.el.div(
            icon(word(rule.outcome, _OUTCOME_ICONS, "circle")),
            rx.el.span(rule.name, class_name="trace-name"),
            rx.el.span(word(rule.outcome, OUTCOMES, "Unknown"), class_name="trace-result"),
            class_name="trace-head",
        ),
        rx.el.p(rule.note, class_name="trace-note"),
        rx.el.ul(*rows, class_name="trace-conditions"),
        class_name=classes("trace-rule", "is-" + rule.outcome),
    )


def _condition(condition: TraceCondition) -> rx.Component:
    held = rx.el.span(icon("check", size=16), hidden_text("Held: "), class_name="held")
    broke = rx.el.span(icon("x", size=16), hidden_text("Did not hold: "), class_name="broke")
    return rx.el.li(
        rx.cond(condition.held, held, broke),
        rx.el.span(
            rx.el.code(condition.field),
            rx.el.span(word(condition.operator, OPERATORS, "compared with"), class_name="trace-operator"),
            rx.el.code(condition.expected),
            class_name="trace-test",
        ),
        rx.el.span("seen ", rx.el.code(condition.seen), class_name="trace-seen"),
        class_name="trace-condition",
    )


def _event(event: EventLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(event.icon, size=14), class_name="timeline-icon"),
        rx.el.div(
            rx.el.p(rx.el.strong(event.who), " ", event.text, " ", time_ago(event.at, event.when)),
            rx.el.p(event.note, class_name="timeline-note"),
            class_name="timeline-body",
        ),
        class_name="timeline-event",
    )
