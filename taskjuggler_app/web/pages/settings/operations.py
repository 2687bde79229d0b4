"""Settings → Operations: how the installation is doing, for those who run it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    data_table,
    empty_state,
    pick,
    skeleton_list,
    some,
    stat_tile,
    time_ago,
)
from taskjuggler_app.web.pages.settings.operations_state import OperationsState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = OperationsState  # on the class, a State's attributes are vars and its methods are handlers


def operations() -> rx.Component:
    """Queues, failed jobs, the schedule, versions."""
    refused = empty_state(
        "lock",
        "Only for those who run this installation",
        "Their addresses are listed in OPERATOR_EMAILS.",
    )
    return settings_page("operations", rx.cond(S.loaded, rx.cond(S.refused, refused, _content()), skeleton_list()))


def _content() -> rx.Component:
    seen = S.seen
    alive = pick(seen.scheduler_alive, "runs", "is silent")
    return rx.fragment(
        rx.el.div(
            stat_tile("Jobs that wait", seen.waiting.to(str), note="due now, in all queues", icon_name="list-checks"),
            stat_tile("Failed jobs", seen.failed_jobs.to(str), note="kept for 30 days", icon_name="triangle-alert"),
            stat_tile("Workers", seen.workers_alive.to(str), note="gave a sign of life", icon_name="zap"),
            stat_tile("Scheduler", alive, note=seen.scheduler, icon_name="clock"),
            class_name="tiles",
        ),
        _failed(),
        _queues(),
        _schedule(),
        card(rx.el.dl(rx.foreach(seen.versions, _fact), class_name="facts"), title="Versions"),
    )


def _failed() -> rx.Component:
    rows = rx.el.ul(rx.foreach(S.seen.failed, _failed_row), class_name="rules", aria_label="Failed jobs")
    every = (
        button("Retry all", small=True, icon_name="rotate-ccw", on_click=S.retry("")),
        button("Put all away", small=True, kind="ghost", on_click=S.put_away("")),
    )
    none = rx.el.p("No job failed for good.", class_name="muted")
    return rx.cond(
        some(S.seen.failed),
        card(rows, title="Failed jobs", note="Their last attempt failed; the rest goes on.", actions=every, flush=True),
        card(none, title="Failed jobs"),
    )


def _failed_row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.strong(row.name),
            rx.el.p(pick(row.why != "", row.why, "Why is not known any more."), class_name="muted break-all"),
            rx.el.p(row.attempts.to(str), " attempts, last ", time_ago(row.at, row.at), class_name="muted"),
            class_name="rule-words",
        ),
        rx.el.div(
            button("Retry", small=True, on_click=S.retry(row.id)),
            button("Put away", small=True, kind="ghost", on_click=S.put_away(row.id)),
            class_name="rule-tools",
        ),
        key=row.id,
        class_name="rule",
    )


def _queues() -> rx.Component:
    def cells(one: Any) -> tuple[Any, ...]:
        age = rx.cond(one.is_slow, badge(one.oldest, tone="warning"), rx.el.span(one.oldest))
        return one.name, one.due.to(str), one.later.to(str), one.running.to(str), age

    heads = ("Queue", "Due", "Later", "Running", "Oldest waits")
    empty = rx.el.p("Nothing waits.", class_name="muted")
    shown = rx.cond(some(S.seen.queues), data_table(heads, S.seen.queues, cells, caption="Queues"), empty)
    return card(shown, title="Queues")


def _schedule() -> rx.Component:
    def moment(at: Any) -> rx.Component:
        return rx.cond(at != "", time_ago(at, at), rx.el.span("not yet"))

    def cells(one: Any) -> tuple[Any, ...]:
        state = rx.match(
            one.state,
            ("failed", badge("failed", tone="danger")),
            ("late", badge("late", tone="warning")),
            badge("well", tone="success"),
        )
        name = rx.el.span(one.name, rx.cond(one.failed != "", rx.el.span(one.failed, class_name="muted break-all")))
        return name, one.every, moment(one.last_at), moment(one.next_at), one.took, state

    heads = ("What", "Every", "Last run", "Next run", "Took", "State")
    empty = rx.el.p("No scheduler has run for a week: start one with “taskjuggler scheduler”.", class_name="muted")
    shown = rx.cond(some(S.seen.schedule), data_table(heads, S.seen.schedule, cells, caption="Schedule"), empty)
    return card(shown, title="Schedule", note="Written down every ten seconds.")


def _fact(one: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(one.name), rx.el.dd(one.value), key=one.name)
