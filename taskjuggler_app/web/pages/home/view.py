"""Today."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    bar_chart,
    bar_list,
    button,
    card,
    empty_state,
    icon,
    inbox_row,
    link,
    link_button,
    notice,
    page_header,
    row_list,
    skeleton_card,
    some,
    stat_tile,
    task_row,
)
from taskjuggler_app.web.components.base import classes, hidden_text, joined, pick, when
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.home.state import HomeState
from taskjuggler_app.web.pages.samples.view import samples

S: Any = HomeState  # on the class, a State's attributes are vars and its methods are handlers


def home() -> rx.Component:
    """What needs me, what came in, and how the last days went."""
    waiting = rx.el.div(skeleton_card(), skeleton_card(), class_name="stack")
    return framed(
        "home",
        page_header("Today", note=pick(S.greeting != "", joined("Hello ", S.greeting, ". This is what needs you."))),
        rx.cond(S.loaded, _content(), waiting),
    )


def _content() -> rx.Component:
    return rx.el.div(
        _failed(),
        rx.cond(some(S.steps), _first_steps()),
        samples(),
        rx.el.div(
            _tile("My open tasks", S.mine, "waiting or in progress", "list-checks", "/tasks?scope=mine&status=open"),
            _tile("Urgent", S.urgent, "open, anybody's", "flag", "/tasks?priority=urgent"),
            _tile("Nobody's yet", S.unassigned, "open, without a doer", "user-plus", "/tasks?scope=unassigned"),
            _tile("Unrouted", S.unrouted, "open, no rule matched", "route", "/tasks?tag=unrouted"),
            class_name="tiles",
        ),
        rx.el.div(
            rx.el.div(_mine(), _latest(), class_name="stack"),
            rx.el.div(_days(), _categories(), class_name="stack"),
            class_name="columns",
        ),
        class_name="stack",
    )


def _tile(label: str, value: Any, note: str, icon_name: str, href: str) -> rx.Component:
    return stat_tile(label, value, note=note, icon_name=icon_name, href=href)


def _failed() -> rx.Component:
    look = link_button("Look at them", href="/inbox?folder=failed", kind="secondary", small=True)
    words = rx.fragment(S.failed, " could not be processed.")
    return rx.cond(S.failed > 0, notice(words, tone="danger", icon_name="circle-alert", action=look))


def _first_steps() -> rx.Component:
    away = button("Put this away", kind="ghost", small=True, on_click=S.put_steps_away)
    return card(
        rx.el.ol(rx.foreach(S.steps, _first_step), class_name="first-steps", aria_label="First steps"),
        title="Your first hour",
        note=S.steps_done.to(str) + " of " + S.steps.length().to(str) + " done. Each ticks itself.",
        actions=[away],
    )


def _first_step(step: Any) -> rx.Component:
    state = rx.cond(step.is_done, icon("circle-check", size=20), icon("circle", size=20))
    return rx.el.li(
        state,
        rx.el.div(
            rx.cond(
                step.is_done,
                rx.el.span(step.title, hidden_text(" (done)"), class_name="first-step-title"),
                link(step.title, href=step.href, class_name="first-step-title text-link"),
            ),
            rx.el.p(step.why, class_name="muted"),
        ),
        key=step.key,
        class_name=classes("first-step", when(step.is_done, "is-done")),
    )


def _mine() -> rx.Component:
    done = empty_state("circle-check", "Nothing waits for you", "New tasks for you show up here the moment they exist.")
    rows = row_list(S.my_tasks, task_row, label="My tasks")
    more = link("All my tasks", href="/tasks?scope=mine&status=open", class_name="text-link")
    return card(
        rx.cond(some(S.my_tasks), rows, done),
        title="My tasks",
        note="Soonest due, then the newest.",
        actions=[more],
        flush=True,
    )


def _latest() -> rx.Component:
    nothing = empty_state(
        "inbox",
        "No messages yet",
        "Connect a phone number, and every text to it arrives here within a second.",
        action=link_button("Connect a channel", href="/channels"),
    )
    rows = row_list(S.latest, inbox_row, label="Latest messages")
    more = link("Inbox", href="/inbox", class_name="text-link")
    return card(rx.cond(some(S.latest), rows, nothing), title="Just in", actions=[more], flush=True)


def _days() -> rx.Component:
    return card(
        bar_chart(S.by_day, title="Messages a day"),
        title="Messages a day",
        note="The last 14 days, your time zone.",
        actions=[link("Report", hidden_text(" on messages"), href="/dashboards/inbox", class_name="text-link")],
    )


def _categories() -> rx.Component:
    return card(
        bar_list(S.by_category, title="Messages by category"),
        title="What they were about",
        note="The last 30 days.",
        actions=[
            link("Report", hidden_text(" on what they ask for"), href="/dashboards/inbox", class_name="text-link")
        ],
    )
