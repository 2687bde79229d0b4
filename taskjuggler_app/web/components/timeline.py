"""How something came to be: the timeline."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components.chips import time_ago
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.shapes import EventLine


def timeline(events: Any, *, label: str = "History") -> rx.Component:
    """What happened, in order: a list of EventLine or a var of one."""
    drawn = [rx.foreach(events, _event)] if isinstance(events, rx.Var) else [_event(event) for event in events]
    return rx.el.ol(*drawn, class_name="timeline", aria_label=label)


def _event(event: EventLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(event.icon, size=14), class_name="timeline-icon"),
        rx.el.div(
            rx.el.p(rx.el.strong(event.who), " ", event.text, " ", time_ago(event.at, event.when)),
            rx.cond(event.note != "", rx.el.p(event.note, class_name="timeline-note")),
            class_name="timeline-body",
        ),
        class_name="timeline-event",
    )
