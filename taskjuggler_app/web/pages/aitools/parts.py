"""How a run looks wherever it is shown."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import badge, link, preformatted, some, time_ago
from taskjuggler_app.web.components.base import Handler
from taskjuggler_app.web.pages.approvals.view import asked

_WORDS: Any = {
    "approval": "Waits for a yes",
    "waiting": "Waits for its turn",
    "running": "Running",
    "completed": "Done",
    "failed": "Failed",
}
_TONES: Any = {
    "approval": "warning",
    "waiting": "neutral",
    "running": "info",
    "completed": "success",
    "failed": "danger",
}


def run_badge(state: Any) -> rx.Component:
    """Where a run stands."""
    words: Any = rx.match(state, *_WORDS.items(), "")
    tones: Any = rx.match(state, *_TONES.items(), "neutral")
    return badge(words, tone=tones)


def run_card(row: Any, approve: Handler, refuse: Handler, *, with_task: bool) -> rx.Component:
    """A run: where it stands, its last word, its result, its whole progress."""
    task = rx.cond(
        row.task_id != "",
        link(row.task, href="/tasks/" + row.task_id, class_name="text-link"),
        rx.el.span(row.task),
    )
    cost = rx.cond(
        row.cost != "",
        rx.el.span(" · cost ", rx.el.strong(row.cost)),
        rx.cond(row.budget != "", rx.el.span(" · at most ", row.budget)),
    )
    return rx.el.li(
        rx.el.div(rx.el.h3(row.tool), run_badge(row.state), class_name="market-head"),
        rx.el.p(
            rx.fragment(task, " · ") if with_task else rx.fragment(), time_ago(row.at, row.at), cost, class_name="muted"
        ),
        rx.match(
            row.state,
            ("approval", rx.el.ul(asked(row.approval, approve, refuse), class_name="tool-asked")),
            ("completed", _output(row)),
            ("failed", rx.el.p(row.error, class_name="wrap-anywhere tool-wrong")),
            rx.el.p(row.last, class_name="tool-last", role="status"),
        ),
        rx.cond(
            some(row.lines),
            rx.el.details(
                rx.el.summary("How it went"),
                rx.el.ol(
                    rx.foreach(
                        row.lines.to(list[dict[str, str]]),
                        lambda line: rx.el.li(
                            time_ago(line["at"], line["at"]), rx.el.span(line["text"], class_name="wrap-anywhere")
                        ),
                    ),
                    class_name="tool-lines",
                ),
            ),
        ),
        class_name="tool-run",
    )


def _output(row: Any) -> rx.Component:
    return rx.cond(
        row.output != "",
        rx.fragment(
            preformatted(row.output, class_name="tool-output"),
            rx.cond(row.note != "", rx.el.p(row.note, class_name="muted")),
        ),
        rx.el.p("Its result was given to the task's own workspace.", class_name="muted"),
    )
