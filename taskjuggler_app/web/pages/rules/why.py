"""Why was this routed here, and why not elsewhere: one panel for every page about a message.

Its page's address names the message (item_id) or the task (task_id); the panel reads the rest itself.
"""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.routing.why import WhyLine, WhyRow
from taskjuggler_app.web.components import card, hidden_text, icon, link, some, when
from taskjuggler_app.web.components.base import classes, joined, word
from taskjuggler_app.web.pages.rules.why_state import WhyState

S: Any = WhyState  # on the class, a State's attributes are vars and its methods are handlers
_RESULTS = {"matched": "Matched", "not_matched": "Did not match", "not_reached": "Not tried", "later": "Came later"}
_ICONS = {"matched": "circle-check", "not_matched": "circle-x", "not_reached": "circle-dashed", "later": "clock"}


def why_panel() -> rx.Component:
    """The decision in a sentence, then every rule with its reason; the conditions open on a press."""
    shown = card(
        rx.el.p(icon("route", size=16), rx.el.span(S.note), class_name="trace-outcome why-note"),
        rx.el.ol(rx.foreach(S.rows, _rule), class_name="why-rules", aria_label="Rules in the order tried"),
        rx.cond(S.hidden > 0, rx.el.p("And ", S.hidden, " more rules after these.", class_name="muted")),
        title="Why was this routed here?",
        note="Every rule in the order tried, and why it is or is not the one. Open one for its conditions.",
    )
    return rx.el.div(rx.cond((S.note != "") | some(S.rows), shown), on_mount=S.show)


def _rule(row: WhyRow) -> rx.Component:
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                icon(word(row.result, _ICONS, "circle")),
                rx.el.span(
                    rx.el.span(row.name, class_name="why-name"),
                    rx.el.span(word(row.result, _RESULTS, "Not tried"), class_name="why-result"),
                    rx.el.span(row.sentence, class_name="why-sentence"),
                    class_name="why-head",
                ),
            ),
            rx.el.ul(rx.foreach(row.lines, _line), class_name="why-lines"),
            rx.cond(row.rule_id != "", link("Open the rule", href="/rules/" + row.rule_id, class_name="text-link")),
        ),
        key=row.rule_id + row.name,
        class_name=classes("why-rule", joined("is-", row.result)),
    )


def _line(line: WhyLine) -> rx.Component:
    held = rx.el.span(icon("check", size=16), hidden_text("Held: "), class_name="held")
    broke = rx.el.span(icon("x", size=16), hidden_text("Did not hold: "), class_name="broke")
    depth: Any = line.depth
    return rx.el.li(
        rx.cond(line.held, held, broke),
        rx.el.span(line.text),
        class_name=classes("why-line", joined("depth-", depth.to(str)), when(line.held, "is-held")),
    )
