"""The task list."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    dialog,
    empty_state,
    field,
    load_more,
    page_header,
    row_list,
    search_input,
    segmented,
    skeleton_list,
    some,
    tab_links,
    tab_panel,
    tabs,
    task_row,
    text_input,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.tasks.state import TasksState

S: Any = TasksState  # on the class, a State's attributes are vars and its methods are handlers
SCOPES = (
    Choice("all", "Everybody's"),
    Choice("mine", "Mine"),
    Choice("asked", "I asked for"),
    Choice("unassigned", "Nobody's yet"),
)
_SORTS = (Choice("newest", "Newest first"), Choice("due", "Soonest due first"))
_PRIORITIES = (
    Choice("", "Any priority"),
    *(
        Choice(value, word)
        for value, word in (("urgent", "Urgent"), ("high", "High"), ("normal", "Normal"), ("low", "Low"))
    ),
)
_DUE = (
    Choice("", "Any date"),
    Choice("overdue", "Overdue"),
    Choice("today", "Due today"),
    Choice("week", "Due within a week"),
    Choice("none", "No date"),
)
_PLACES = (
    Choice("list", "List", "list-checks", "/tasks"),
    Choice("board", "Board", "layers", "/tasks/board"),
    Choice("bin", "Bin", "trash-2", "/tasks/bin"),
)
_STATUSES = (
    Choice("open", "Open"),
    Choice("pending", "Waiting"),
    Choice("in_progress", "In progress"),
    Choice("completed", "Done"),
    Choice("cancelled", "Cancelled"),
)


def places(active: str) -> rx.Component:
    """The pages of the tasks area."""
    return tab_links(_PLACES, active, label="Tasks")


def tasks() -> rx.Component:
    """Every task of the workspace that the filters leave."""
    return framed(
        "tasks",
        page_header(
            "Tasks",
            note="Each has one person answerable for it.",
            actions=[button("New task", kind="primary", icon_name="plus", data_opens="#new-task")],
        ),
        places("list"),
        rx.el.div(
            segmented("scope", SCOPES, S.scope, on_select=S.show_scope, label="Whose tasks"),
            search_input("search", "Search tasks", on_change=S.search.debounce(200)),
            _chooser("sort", "Order", _SORTS, S.sort, S.show_sort),
            _chooser("priority", "Priority", _PRIORITIES, S.priority, S.show_priority),
            _chooser("due", "Due", _DUE, S.due, S.show_due),
            class_name="toolbar",
        ),
        tabs(_STATUSES, S.status, on_select=S.show_status, panel_id="task-list", label="Status"),
        tab_panel(rx.cond(S.loaded, _rows(), skeleton_list()), panel_id="task-list", active=S.status),
        _new_task(),
    )


def _chooser(name: str, label: str, choices: tuple[Choice, ...], value: Any, on_change: Any) -> rx.Component:
    """A select in the toolbar, named for readers."""
    options = [rx.el.option(choice.label, value=choice.value) for choice in choices]
    return rx.el.select(
        *options, name=name, aria_label=label, value=value, on_change=on_change, class_name="input select"
    )


def _rows() -> rx.Component:
    listed = rx.fragment(
        row_list(S.rows, task_row, label="Tasks"),
        rx.cond(S.next_cursor != "", load_more(S.more)),
    )
    filtered = empty_state("search", "No task matches", "Try other words, or look at another status.")
    nothing = empty_state(
        "list-checks",
        "Nothing here",
        "Messages become tasks by your rules. You can also write one down yourself.",
        action=button("New task", kind="primary", icon_name="plus", data_opens="#new-task"),
    )
    return rx.cond(some(S.rows), listed, rx.cond(S.text != "", filtered, nothing))


def _new_task() -> rx.Component:
    form = rx.el.form(
        field(
            "What has to be done?",
            text_input(
                "title",
                required=True,
                max_length=500,
                id_="new-task-name",
                placeholder="Call Ada tomorrow 9am #billing",
            ),
            hint="A date and a time are read as you write them; #tag, !high and @name work too.",
        ),
        rx.el.div(
            button("Cancel", kind="ghost", data_closes=""),
            button("Add task", kind="primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=S.add,
        reset_on_submit=True,
        data_closes_on_submit="",
        class_name="form",
    )
    return dialog("new-task", "New task", form)
