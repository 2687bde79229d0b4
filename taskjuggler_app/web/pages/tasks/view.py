"""The task list."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    dialog,
    empty_state,
    field,
    form_actions,
    icon_button,
    load_more,
    menu,
    menu_divider,
    menu_item,
    native_link,
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
from taskjuggler_app.web.components.base import joined, pick, when
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.tasks.adding import new_task, new_task_button
from taskjuggler_app.web.pages.tasks.bulk_bar import bulk_bar
from taskjuggler_app.web.pages.tasks.filters import DUE, GROUPS, PRIORITIES, SCOPES, SORTS, chooser
from taskjuggler_app.web.pages.tasks.list_state import ListDeeds

S: Any = ListDeeds  # on the class, a State's attributes are vars and its methods are handlers
_PLACES = (
    Choice("list", "List", "list-checks", "/tasks"),
    Choice("board", "Board", "layers", "/tasks/board"),
    Choice("calendar", "Calendar", "calendar", "/tasks/calendar"),
    Choice("projects", "Projects", "briefcase", "/tasks/projects"),
    Choice("processes", "Processes", "split", "/tasks/processes"),
    Choice("bin", "Bin", "trash-2", "/tasks/bin"),
)
_STATUSES = (
    Choice("open", "Open"),
    Choice("pending", "To do"),
    Choice("in_progress", "In progress"),
    Choice("completed", "Done"),
    Choice("cancelled", "Cancelled"),
    Choice("any", "All"),
)


def places(active: str) -> rx.Component:
    """The pages of the tasks area."""
    return tab_links(_PLACES, active, label="Tasks")


def tasks() -> rx.Component:
    """Every task of the workspace that the filters leave."""
    return framed(
        "tasks",
        page_header("Tasks", note="Each has one person answerable for it.", actions=[new_task_button()]),
        places("list"),
        _toolbar(),
        _saved(),
        tabs(
            _STATUSES,
            S.wanted["status"],
            on_select=lambda value: S.choose("status", value),
            panel_id="task-list",
            label="Status",
        ),
        tab_panel(rx.cond(S.loaded, _rows(), skeleton_list()), panel_id="task-list", active=S.wanted["status"]),
        bulk_bar(),
        new_task(S.wanted["project"]),
        _keep(),
        rx.el.span(
            hidden=True,
            data_came_by=S.came_by,
            data_address=pick(S.loaded, joined("/tasks", when(S.query != "", "?"), S.query)),
        ),
    )


def _toolbar() -> rx.Component:
    scope = segmented(
        "scope",
        SCOPES,
        S.wanted["scope"],
        on_select=lambda value: S.choose("scope", value),
        label="Whose tasks",
    )
    words = search_input(
        "search",
        "Search tasks",
        default_value=S.wanted["text"],
        key=S.arrivals.to_string(),
        on_change=lambda value: S.choose("text", value).debounce(200),
    )
    return rx.el.div(
        rx.el.div(scope, words, _more(), class_name="toolbar"),
        rx.el.div(
            chooser(S, "sort", "Order", SORTS),
            chooser(S, "priority", "Priority", PRIORITIES),
            chooser(S, "due", "Due", DUE),
            chooser(S, "doer", "Person", S.members, "Anybody"),
            rx.cond(some(S.projects), chooser(S, "project", "Project", S.projects, "Any project")),
            chooser(S, "group", "Groups", GROUPS),
            rx.cond(
                S.wanted["tag"] != "",
                rx.el.button(
                    joined("#", S.wanted["tag"]),
                    icon("x", size=14),
                    type="button",
                    on_click=S.choose("tag", ""),
                    aria_label=joined("No longer only #", S.wanted["tag"]),
                    class_name="filter-chip",
                ),
            ),
            rx.cond(S.query != "", button("Clear", kind="ghost", small=True, icon_name="x", on_click=S.clear)),
            class_name="toolbar filters",
        ),
        class_name="filter-bar",
    )


def _more() -> rx.Component:
    return menu(
        icon("ellipsis"),
        menu_item("Keep these filters", icon_name="star", data_opens="#keep-filter"),
        menu_divider(),
        native_link(
            icon("file-text", size=16),
            rx.el.span("Export as CSV"),
            href=joined("/data/tasks.csv?", S.query),
            class_name="menu-item",
        ),
        native_link(
            icon("calendar", size=16),
            rx.el.span("Export as calendar (ICS)"),
            href=joined("/data/tasks.ics?", S.query),
            class_name="menu-item",
        ),
        label="More",
    )


def _saved() -> rx.Component:
    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                icon("star", size=14),
                row.name,
                type="button",
                on_click=S.use(row.id),
                aria_pressed=when(row.query == S.query, "true", "false"),
                class_name="filter-chip",
            ),
            icon_button("x", joined("Forget ", row.name), on_click=S.forget(row.id), class_name="filter-forget"),
            key=row.id,
        )

    chips = rx.el.ul(rx.foreach(S.saved, draw), class_name="saved-filters", aria_label="Your filters")
    return rx.cond(some(S.saved), chips)


def _rows() -> rx.Component:
    listed = rx.fragment(
        row_list(S.rows, _row, label="Tasks"),
        rx.cond(S.next_cursor != "", load_more(S.more)),
    )
    filtered = empty_state(
        "search",
        "No task matches",
        "Try other words, or fewer filters.",
        action=button("Clear the filters", on_click=S.clear),
    )
    nothing = empty_state(
        "list-checks",
        "Nothing here",
        "Messages become tasks by your rules. You can also write one down yourself.",
        action=button("New task", kind="primary", icon_name="plus", data_opens="#new-task"),
    )
    return rx.cond(some(S.rows), listed, rx.cond(S.query != "", filtered, nothing))


def _row(task: Any) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        checked=S.chosen.contains(task.id),
        on_change=S.tick(task.id),
        aria_label=joined("Choose ", task.title),
        data_row_key="x",
        class_name="checkbox row-box",
    )
    return rx.fragment(
        rx.cond(task.head != "", rx.el.li(rx.el.h2(task.head), class_name="row-group")),
        task_row(task, choose=box),
        key=task.id,
    )


def _keep() -> rx.Component:
    form = rx.el.form(
        field(
            "Name",
            text_input("name", required=True, max_length=80, id_="filter-name", placeholder="Overdue and mine"),
            hint="The list as it is filtered now, one press away. Only you see it.",
        ),
        form_actions(button("Keep", kind="primary", submit=True), button("Cancel", kind="ghost", data_closes="")),
        on_submit=S.keep,
        reset_on_submit=True,
        data_closes_on_submit="",
        class_name="form",
    )
    return dialog("keep-filter", "Keep these filters", form)
