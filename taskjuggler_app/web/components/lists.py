"""Lists and tables. j, k, the arrows and Enter move in any list made here."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Child, Flag, Text, classes, hidden_text, link, when
from taskjuggler_app.web.components.chips import avatar, category_chip, priority_mark, status_icon, time_ago
from taskjuggler_app.web.components.icons import channel_icon, icon
from taskjuggler_app.web.components.shapes import InboxLine, NoticeLine, TaskLine

Rows = Any
"""A list of rows, or a var of one."""


def row_list(rows: Rows, draw: Callable[[Any], rx.Component], *, label: str) -> rx.Component:
    """A list of rows, each drawn by `draw` (task_row, inbox_row, …). label names it for readers."""
    items = rx.foreach(rows, draw) if isinstance(rows, rx.Var) else [draw(row) for row in rows]
    children = items if isinstance(items, list) else [items]
    return rx.el.ul(*children, class_name="rows", data_nav_list="", aria_label=label)


def task_row(task: TaskLine, *, choose: rx.Component | None = None) -> rx.Component:
    """A task: status, priority, title, what it is about, when it is due, who does it. choose: a box to tick it with."""
    due = rx.el.span(
        icon("calendar", size=14),
        hidden_text("Due "),
        time_ago(task.due_at, task.due),
        class_name=classes("row-due", when(task.overdue, "is-overdue")),
    )
    return rx.el.li(
        rx.el.span(choose, priority_mark(task.priority), status_icon(task.status), class_name="row-lead"),
        rx.el.div(
            link(task.title, href=task.href, class_name="row-link", data_nav_item=""),
            rx.el.span(task.source, class_name="row-note"),
            class_name="row-main",
        ),
        rx.el.span(
            _if_any(task.steps, rx.el.span(icon("list-checks", size=14), task.steps, class_name="row-steps")),
            _if_any(task.category, category_chip(task.category)),
            _if_any(task.due, due),
            class_name="row-meta",
        ),
        rx.el.span(_doer(task), class_name="row-doer"),
        class_name=classes("row", "task-row", "is-" + task.status),
    )


def inbox_row(item: InboxLine) -> rx.Component:
    """A message: where it came from, who sent it, what it says, what became of it."""
    return inbox_row_with(item, choose=None, here=False)


def inbox_row_with(item: InboxLine, *, choose: rx.Component | None, here: Flag) -> rx.Component:
    """As `inbox_row`, with a box to tick it with, and marked when it is the one that is open (`here`)."""
    files = icon("paperclip", size=14, label="With files", class_name="row-files")
    return rx.el.li(
        rx.el.span(channel_icon(item.channel), choose, class_name="row-lead"),
        rx.el.div(
            rx.el.span(
                rx.el.span(item.sender, class_name="row-sender"),
                link(
                    item.summary,
                    href=item.href,
                    class_name="row-link",
                    data_nav_item="",
                    aria_current=when(here, "true", "false"),
                ),
                class_name="row-head",
            ),
            rx.el.span(item.text, class_name="row-note"),
            class_name="row-main",
        ),
        rx.el.span(
            rx.cond(item.has_files, files),
            _if_any(item.category, category_chip(item.category)),
            _if_any(item.assignee, avatar(item.assignee, size="s", picture=item.assignee_picture, alone=True)),
            rx.el.span(item.outcome, class_name=classes("row-outcome", "status-" + item.state)),
            class_name="row-meta",
        ),
        rx.el.span(time_ago(item.at, item.when), class_name="row-time"),
        class_name=classes("row", "inbox-row", when(item.unread, "is-unread"), when(here, "is-here")),
    )


def data_table(
    headings: Sequence[str], rows: Rows, cells: Callable[[Any], Sequence[Child]], *, caption: str
) -> rx.Component:
    """A table that turns into cards on a phone. `cells` gives one row's cells, in the order of the headings.

    Roles are spelled out because the phone layout takes the table display away, and with it the meaning.
    """

    def draw(row: Any) -> rx.Component:
        drawn = [
            rx.el.td(
                rx.el.span(name, class_name="cell-name", aria_hidden="true"),
                rx.el.span(cell, class_name="cell-value"),
                role="cell",
            )
            for name, cell in zip(headings, cells(row), strict=True)
        ]
        return rx.el.tr(*drawn, role="row")

    body = [rx.foreach(rows, draw)] if isinstance(rows, rx.Var) else [draw(row) for row in rows]
    head = [rx.el.th(name, scope="col", role="columnheader") for name in headings]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr-only"),
            rx.el.thead(rx.el.tr(*head, role="row"), role="rowgroup"),
            rx.el.tbody(*body, role="rowgroup"),
            role="table",
            class_name="table",
        ),
        class_name="table-wrap",
    )


def load_more(on_click: Any, *, label: Text = "Show more") -> rx.Component:
    """The foot of a list that has more."""
    return rx.el.div(
        rx.el.button(label, type="button", on_click=on_click, class_name="btn btn-ghost"), class_name="more"
    )


def _doer(task: TaskLine) -> Child:
    nobody = rx.el.span(icon("user-plus", size=16), hidden_text("Nobody yet"), class_name="nobody", title="Nobody yet")
    somebody = avatar(task.doer, size="s", picture=task.doer_picture, alone=True)
    return _if_any(task.doer, somebody, nobody)


def _if_any(text: Text, drawn: rx.Component, otherwise: rx.Component | None = None) -> Child:
    if isinstance(text, str):
        return drawn if text else (otherwise or rx.fragment())
    chosen: Child = rx.cond(text != "", drawn, otherwise or rx.fragment())
    return chosen


def notice_row(line: NoticeLine) -> rx.Component:
    """A notification in the bell's panel."""
    return link(
        rx.el.strong(line.title),
        rx.el.span(line.text),
        time_ago(line.at, line.when),
        href=line.href,
        class_name=classes("notice-line", when(line.unread, "is-unread")),
    )
