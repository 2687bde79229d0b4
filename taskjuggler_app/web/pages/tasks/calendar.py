"""Tasks by the day they are due, a week or a month; a task is dragged to another day."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    hidden_text,
    icon_button,
    link,
    notice,
    page_header,
    pick,
    segmented,
    skeleton_card,
)
from taskjuggler_app.web.components.base import classes, joined, when
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.tasks.calendar_state import DueState
from taskjuggler_app.web.pages.tasks.view import places

S: Any = DueState  # on the class, a State's attributes are vars and its methods are handlers
_VIEWS = (Choice("week", "Week"), Choice("month", "Month"))
_WHOSE = (Choice("all", "Everybody's"), Choice("mine", "Mine"))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def due_calendar() -> rx.Component:
    """Days with the tasks that are due on them."""
    hidden = rx.el.input(
        class_name="sr-only", tab_index=-1, aria_hidden="true", data_dropped="", on_change=S.dropped, default_value=""
    )
    return framed(
        "tasks",
        page_header(
            "Due dates", note="Drag a task to another day, or hold Alt and press an arrow on it; it keeps its time."
        ),
        places("calendar"),
        rx.el.div(
            rx.el.div(
                icon_button("chevron-left", "Earlier", on_click=S.step(-1)),
                button("Today", small=True, on_click=S.step(0)),
                icon_button("chevron-right", "Later", on_click=S.step(1)),
                rx.el.h2(S.title, aria_live="polite"),
                class_name="cal-steps",
            ),
            segmented("view", _VIEWS, S.view, on_select=S.show, label="View"),
            segmented("whose", _WHOSE, pick(S.mine, "mine", "all"), on_select=S.whose, label="Whose"),
            class_name="toolbar cal-bar",
            data_address=pick(S.loaded, joined("/tasks/calendar?", S.query)),
            data_came_by=S.came_by,
        ),
        rx.cond(S.loaded, _days(), skeleton_card()),
        hidden,
    )


def _days() -> rx.Component:
    names = rx.el.div(*[rx.el.span(day) for day in _DAYS], class_name="due-names", aria_hidden="true")
    nothing = notice("Nothing is due in these days.")
    return rx.fragment(
        rx.cond(S.empty, nothing),
        rx.cond(S.view == "month", names),
        rx.el.div(
            rx.foreach(S.days, _day),
            data_due_answers=S.answers.to_string(),
            class_name=classes("due-grid", when(S.view == "week", "is-week", "is-month")),
        ),
    )


def _day(day: Any) -> rx.Component:
    more = rx.el.button(
        "+",
        day.more,
        hidden_text(" more on ", day.spoken),
        type="button",
        on_click=S.open_day(day.date),
        class_name="due-more",
    )
    return rx.el.section(
        rx.el.h3(
            rx.el.span(day.label, class_name="due-short", aria_hidden="true"),
            rx.el.span(day.spoken, class_name="due-long"),
        ),
        rx.el.ul(rx.foreach(day.tasks, _task)),
        rx.cond(day.more > 0, more),
        data_drop_at=day.date,
        key=day.date,
        class_name=classes(
            "due-day",
            when(day.today, "is-today"),
            when(day.outside, "is-outside"),
            when(day.tasks.to(list).length() == 0, "is-empty"),
        ),
    )


def _task(task: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(task.due, class_name="due-time"),
            rx.el.span(task.title, class_name="due-title"),
            href=task.href,
            title=task.title,
        ),
        key=task.id,
        draggable=True,
        data_drag_id=task.id,
        class_name=classes(
            "due-task", "is-" + task.status, "priority-" + task.priority, when(task.overdue, "is-overdue")
        ),
    )
