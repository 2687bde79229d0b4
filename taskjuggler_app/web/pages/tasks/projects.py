"""The projects, and one project."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.tasks.projects import COLOURS
from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    avatar,
    button,
    card,
    checkbox,
    dialog,
    empty_state,
    field,
    form_actions,
    hidden_text,
    link,
    link_button,
    menu,
    menu_item,
    page_header,
    person,
    pick,
    row_list,
    segmented,
    skeleton_card,
    some,
    task_row,
    text_input,
    textarea,
)
from taskjuggler_app.web.components.base import joined
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.tasks.projects_state import ProjectsState, ProjectState
from taskjuggler_app.web.pages.tasks.view import places

L: Any = ProjectsState  # on the class, a State's attributes are vars and its methods are handlers
S: Any = ProjectState
_WHICH = (Choice("running", "Running"), Choice("archived", "Put away"))
_WORDS = {"accent": "Spruce"}


def project_list() -> rx.Component:
    """Every project with its progress."""
    new = button("New project", kind="primary", icon_name="plus", data_opens="#new-project", data_key="c")
    nothing = empty_state(
        "briefcase",
        "No project here",
        "A project holds tasks together: a move, a renovation, a launch. Everybody sees how far it is.",
        action=button("New project", icon_name="plus", data_opens="#new-project"),
    )
    shown = rx.el.ul(rx.foreach(L.rows, _tile), class_name="project-tiles", data_nav_list="", aria_label="Projects")
    form = rx.el.form(
        *_fields("new", ProjectDefaults()),
        form_actions(button("Begin", kind="primary", submit=True), button("Cancel", kind="ghost", data_closes="")),
        on_submit=L.create,
        data_closes_on_submit="",
        class_name="form",
    )
    return framed(
        "tasks",
        page_header("Projects", note="Tasks that belong together, and how far they are.", actions=[new]),
        places("projects"),
        rx.el.div(
            segmented("which", _WHICH, pick(L.archived, "archived", "running"), on_select=L.show, label="Which"),
            class_name="toolbar",
        ),
        rx.cond(L.loaded, rx.cond(some(L.rows), shown, nothing), skeleton_card()),
        dialog("new-project", "New project", form),
    )


def project() -> rx.Component:
    """One project."""
    missing = empty_state(
        "search",
        "There is no such project",
        "It may belong to another workspace.",
        action=link_button("All projects", href="/tasks/projects"),
    )
    return framed("tasks", rx.cond(S.loaded, rx.cond(S.missing, missing, _content()), skeleton_card()))


class ProjectDefaults:
    """What the form of a new project begins with."""

    name = ""
    colour = COLOURS[0]
    description = ""


def _content() -> rx.Component:
    more = menu(
        icon("ellipsis"),
        rx.cond(
            S.row.archived,
            menu_item("Take it out again", icon_name="undo-2", on_click=S.archive(False)),
            menu_item("Put it away", icon_name="archive", on_click=S.archive(True)),
        ),
        label="More",
    )
    edit = button("Edit", icon_name="pencil", on_click=S.begin_edit, data_opens="#edit-project")
    nothing = empty_state(
        "circle-check", "No open task", "Put tasks into this project when you edit them, or choose several in the list."
    )
    listed = rx.fragment(
        row_list(S.tasks, task_row, label="Open tasks"),
        rx.cond(
            S.next_cursor != "",
            rx.el.div(link("All of them", href=joined("/tasks?project=", S.row.id)), class_name="more"),
        ),
    )
    everything = joined("/tasks?status=any&project=", S.row.id)
    people = rx.el.ul(
        rx.foreach(S.row.people, lambda one: rx.el.li(person(one.name, picture=one.picture))),
        class_name="project-people",
    )
    return rx.fragment(
        page_header(
            rx.el.span(_dot(S.row.colour), S.row.name, class_name="project-name"),
            crumbs=(Crumb("Tasks", "/tasks"), Crumb("Projects", "/tasks/projects"), Crumb("Project")),
            actions=[rx.cond(S.row.may_edit, rx.fragment(edit, more))],
        ),
        rx.el.div(
            card(
                rx.cond(some(S.tasks), listed, nothing),
                title="Open tasks",
                actions=[link_button("In the list", href=everything, kind="ghost", small=True)],
                flush=True,
            ),
            rx.el.div(
                card(
                    _progress(S.row),
                    rx.cond(S.row.description != "", rx.el.p(S.row.description, class_name="said")),
                    title="How far it is",
                ),
                card(rx.cond(some(S.row.people), people, rx.el.p("Nobody yet", class_name="muted")), title="People"),
                class_name="stack",
            ),
            class_name="columns",
        ),
        _edit(),
    )


def _edit() -> rx.Component:
    def box(one: Any) -> rx.Component:
        return checkbox(
            joined("member-", one.value),
            one.label,
            id_=joined("project-member-", one.value),
            default_checked=S.row.member_ids.contains(one.value),
        )

    form = rx.el.form(
        *_fields("edit", S.row),
        rx.el.fieldset(
            rx.el.legend("People", class_name="field-label"), rx.foreach(S.members, box), class_name="project-members"
        ),
        form_actions(button("Save", kind="primary", submit=True), button("Cancel", kind="ghost", data_closes="")),
        on_submit=S.edit,
        key=S.edit_round.to_string(),
        data_closes_on_submit="",
        class_name="form",
    )
    return dialog("edit-project", "Edit the project", form)


def _fields(prefix: str, now: Any) -> list[rx.Component]:
    colours = [
        rx.el.label(
            rx.el.input(
                type="radio",
                name="colour",
                value=name,
                default_checked=now.colour == name,
                class_name="sr-only",
            ),
            _dot(name),
            hidden_text(_WORDS.get(name, name.capitalize())),
            class_name="colour-choice",
            title=_WORDS.get(name, name.capitalize()),
        )
        for name in COLOURS
    ]
    return [
        field(
            "Name",
            text_input("name", id_=f"{prefix}-project-name", required=True, max_length=120, default_value=now.name),
        ),
        rx.el.fieldset(rx.el.legend("Colour", class_name="field-label"), *colours, class_name="colour-choices"),
        field(
            "What is it about?",
            textarea("description", id_=f"{prefix}-project-text", rows=3, default_value=now.description),
            optional=True,
        ),
    ]


def _tile(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            _dot(row.colour),
            link(row.name, href=joined("/tasks/projects/", row.id), class_name="row-link", data_nav_item=""),
            class_name="project-head",
        ),
        rx.cond(row.description != "", rx.el.p(row.description, class_name="project-about")),
        _progress(row),
        rx.el.div(
            rx.foreach(row.people, lambda one: avatar(one.name, size="s", picture=one.picture, alone=True)),
            class_name="project-avatars",
        ),
        key=row.id,
        class_name="project-tile",
    )


def _progress(row: Any) -> rx.Component:
    late = rx.el.span(row.overdue, " overdue", class_name="is-overdue")
    return rx.el.div(
        rx.el.progress(value=row.percent, max=100, aria_label="Done"),
        rx.el.p(
            rx.cond(
                row.tasks > 0,
                rx.el.span(row.done, " of ", row.tasks, " done, ", row.percent, " %"),
                rx.el.span("No task yet"),
            ),
            rx.cond(row.overdue > 0, late),
        ),
        class_name="project-progress",
    )


def _dot(colour: Any) -> rx.Component:
    return rx.el.span(class_name=joined("project-dot colour-", colour), aria_hidden="true")
