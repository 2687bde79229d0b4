"""The board and the bin."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    avatar,
    button,
    category_chip,
    empty_state,
    hidden_text,
    link,
    page_header,
    pick,
    priority_mark,
    row_list,
    segmented,
    skeleton_list,
    some,
    time_ago,
)
from taskjuggler_app.web.components.base import classes, joined, when
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.tasks.adding import new_task, new_task_button
from taskjuggler_app.web.pages.tasks.board_state import BinState, BoardState
from taskjuggler_app.web.pages.tasks.filters import DUE, PRIORITIES, SCOPES, chooser
from taskjuggler_app.web.pages.tasks.view import places

S: Any = BoardState  # on the class, a State's attributes are vars and its methods are handlers
B: Any = BinState
_BY = (Choice("status", "By state"), Choice("doer", "By person"))


def board() -> rx.Component:
    """Cards to drag between columns."""
    columns = rx.el.div(rx.foreach(S.columns, _column), class_name="board", data_board_answers=S.answers.to_string())
    return framed(
        "tasks",
        page_header("Board", note="Drag a card, or hold Alt and press an arrow on it.", actions=[new_task_button()]),
        places("board"),
        _toolbar(),
        rx.cond(S.loaded, columns, skeleton_list()),
        new_task(S.wanted["project"]),
        rx.el.input(
            type="text",
            default_value="",
            hidden=True,
            aria_label="Move",
            on_change=S.move,
            data_board_move="",
            class_name="sr-only",
        ),
    )


def _toolbar() -> rx.Component:
    whose = segmented(
        "scope", SCOPES, S.wanted["scope"], on_select=lambda value: S.choose("scope", value), label="Whose tasks"
    )
    return rx.el.div(
        rx.el.div(
            segmented("by", _BY, S.by, on_select=S.show_by, label="Columns"),
            rx.cond(S.by == "status", whose),
            class_name="toolbar",
        ),
        rx.el.div(
            chooser(S, "priority", "Priority", PRIORITIES),
            chooser(S, "due", "Due", DUE),
            rx.cond(S.by == "status", chooser(S, "doer", "Person", S.members, "Anybody")),
            rx.cond(some(S.projects), chooser(S, "project", "Project", S.projects, "Any project")),
            rx.cond(S.narrowed, button("Clear", kind="ghost", small=True, icon_name="x", on_click=S.clear)),
            class_name="toolbar filters",
        ),
        class_name="filter-bar",
        data_address=pick(S.loaded, joined("/tasks/board", when(S.query != "", "?"), S.query)),
        data_came_by=S.came_by,
    )


def task_bin() -> rx.Component:
    """What was taken away, with the way back."""
    nothing = empty_state("trash-2", "The bin is empty", "A task that you put here can be brought back for 30 days.")
    return framed(
        "tasks",
        page_header("Bin", note="Kept for 30 days, then gone for good."),
        places("bin"),
        rx.cond(
            B.loaded,
            rx.cond(some(B.rows), row_list(B.rows, _thrown, label="Tasks in the bin"), nothing),
            skeleton_list(),
        ),
    )


def _column(column: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(column.title, rx.el.span(column.count, hidden_text(" cards"), class_name="muted")),
        rx.el.ul(rx.foreach(column.cards, _card), class_name="board-cards"),
        aria_label=column.title,
        class_name="board-column",
        data_column=column.key,
    )


def _card(card: Any) -> rx.Component:
    return rx.el.li(
        link(card.title, href=card.href),
        rx.el.span(
            priority_mark(card.priority),
            rx.cond(card.category != "", category_chip(card.category)),
            rx.cond(card.steps != "", rx.el.span(icon("list-checks", size=14), card.steps, class_name="row-steps")),
            rx.cond(
                card.due != "",
                rx.el.span(
                    icon("calendar", size=14),
                    time_ago(card.due_at, card.due),
                    class_name=classes("row-due", when(card.overdue, "is-overdue")),
                ),
            ),
            rx.cond(card.doer != "", avatar(card.doer, size="s", picture=card.doer_picture, alone=True)),
            class_name="board-foot",
        ),
        key=card.id,
        draggable=True,
        class_name="board-card",
        data_card=card.id,
    )


def _thrown(task: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(task.title, class_name="row-link"),
            rx.el.span(task.source, class_name="row-note"),
            class_name="row-main",
        ),
        button("Bring back", icon_name="rotate-ccw", small=True, on_click=B.restore(task.id)),
        class_name="row",
    )
