"""What the rule being written would have done with recent messages, told while typing."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.routing.recent import Fit
from taskjuggler_app.web.components import card, link, pick, some, time_ago
from taskjuggler_app.web.pages.rules.editor_state import RuleState

S: Any = RuleState  # on the class, a State's attributes are vars and its methods are handlers


def preview_card() -> rx.Component:
    """How many recent messages fit, which rules take them before, and some examples."""
    view = S.preview
    none_yet = rx.el.p("Say what to look for, and see here which recent messages fit.", class_name="muted")
    fits = rx.fragment(
        rx.el.p(
            rx.el.strong(view.fits, class_name="preview-number"),
            " of the last ",
            view.of,
            pick(view.of == 1, " message fits.", " messages fit."),
        ),
        _bar(view),
        rx.cond(view.fits > 0, rx.el.p("This rule would decide ", view.decides, " of them.")),
        rx.cond(
            some(view.before),
            rx.el.p(
                "The others go by an earlier rule: ",
                rx.foreach(view.before, lambda name: rx.el.span(name, class_name="preview-rule")),
            ),
        ),
        rx.el.ul(rx.foreach(view.examples, _example), class_name="preview-examples", aria_label="Messages that fit"),
    )
    return card(
        rx.el.div(rx.cond(view.of > 0, fits, none_yet), aria_live="polite", class_name="stack preview"),
        title="Tried on recent messages",
        note="Nothing is sent or changed.",
        class_name="preview-card",
    )


def _example(one: Fit) -> rx.Component:
    return rx.el.li(
        link(one.text, href="/inbox/" + one.item_id, class_name="text-link"),
        rx.el.p(
            one.sender,
            " · ",
            time_ago(one.at, one.at),
            rx.cond(one.goes_to != "", rx.el.span(" · goes by “", one.goes_to, "”")),
            class_name="muted",
        ),
    )


def _bar(view: Any) -> rx.Component:
    """The share of all messages that fit, and of those that the rule would decide. Without inline styles."""
    return rx.el.svg(
        rx.el.svg.rect(width=view.fits, height=1, class_name="preview-fits"),
        rx.el.svg.rect(width=view.decides, height=1, class_name="preview-decides"),
        view_box="0 0 " + view.of.to(str) + " 1",
        preserve_aspect_ratio="none",
        class_name="preview-bar",
        aria_hidden="true",
    )
