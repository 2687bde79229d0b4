"""Parts of a task's page: checklist, talk, attachments, and its dialogs."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    card,
    dialog,
    field,
    file_list,
    form_actions,
    icon_button,
    person,
    pick,
    select,
    some,
    text_input,
    textarea,
    time_ago,
    upload_zone,
    when,
)
from taskjuggler_app.web.components.base import joined, word
from taskjuggler_app.web.pages.tasks.talk_state import TaskDeeds

S: Any = TaskDeeds  # on the class, a State's attributes are vars and its methods are handlers
_PRIORITIES = tuple(
    Choice(value, word)
    for value, word in (("low", "Low"), ("normal", "Normal"), ("high", "High"), ("urgent", "Urgent"))
)
_INVITED = {"open": "Has not answered", "accepted": "Accepted", "declined": "Declined", "expired": "Too old"}
_FIELDS = {
    "title": "title",
    "description": "description",
    "priority": "priority",
    "due_date": "due date",
    "recurrence": "repetition",
    "project_id": "project",
    "tags": "tags",
}
_REPEATS = (
    Choice("", "Never"),
    Choice("weekdays", "Every weekday"),
    Choice("weekly", "Every week"),
    Choice("monthly", "Every month"),
    Choice("yearly", "Every year"),
)


def checklist_card() -> rx.Component:
    """The steps, each to be ticked, and a line for one more."""

    def draw(step: Any) -> rx.Component:
        words = rx.el.label(step.text, html_for="step-" + step.id, class_name=when(step.done, "is-done"))
        box = rx.el.input(
            type="checkbox",
            id="step-" + step.id,
            checked=step.done,
            on_change=S.tick(step.id, ~step.done),
            class_name="checkbox",
        )
        return rx.el.li(rx.el.div(box, words, class_name="toggle"), key=step.id)

    form = rx.el.form(
        rx.el.input(name="step", placeholder="Add a step", aria_label="Add a step", max_length=300, class_name="input"),
        button("Add", submit=True),
        on_submit=S.add_step,
        reset_on_submit=True,
        class_name="quick-add",
    )
    steps = rx.cond(some(S.checklist), rx.el.ul(rx.foreach(S.checklist, draw), class_name="checklist"))
    return card(steps, rx.cond(S.may_edit, form), title="Checklist")


def talk_card() -> rx.Component:
    """Comments, who has read them, and a place for one more."""

    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(person(row.who, picture=row.picture), time_ago(row.at, row.at), class_name="comment-head"),
            rx.cond(row.text != "", rx.el.p(row.text, class_name="said")),
            rx.cond(some(row.files), file_list(row.files)),
            rx.cond(row.read_by != "", rx.el.span("Read by ", row.read_by, class_name="comment-read")),
            key=row.id,
        )

    form = rx.el.form(
        field(
            "Say something", textarea("text", rows=3, max_length=5000, data_submits=""), hint="@name tells a colleague."
        ),
        upload_zone("files"),
        form_actions(button("Comment", kind="primary", submit=True)),
        on_submit=S.comment,
        reset_on_submit=True,
        class_name="form task-talk",
    )
    return card(
        rx.cond(some(S.comments), rx.el.ul(rx.foreach(S.comments, draw), class_name="comments")), form, title="Talk"
    )


def attachments_card() -> rx.Component:
    """The task's own files."""
    files = rx.cond(some(S.attached), file_list(S.attached, on_remove=S.detach))
    return card(files, upload_zone("attachments", on_files=S.attach), title="Attachments")


def invitations_card() -> rx.Component:
    """Helpers from outside: who was asked, and a line to ask one more."""

    def draw(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.strong(pick(row.name != "", row.name, row.address)),
                rx.el.span(word(row.state, _INVITED, "Asked"), class_name="muted"),
                class_name="invited-who",
            ),
            rx.cond(
                S.may_edit & (row.state != "expired") & (row.state != "declined"),
                icon_button("x", joined("Take back the invitation of ", row.address), on_click=S.uninvite(row.id)),
            ),
            key=row.id,
        )

    form = rx.el.form(
        rx.el.input(
            name="address",
            placeholder="Email or phone",
            aria_label="Email or phone",
            max_length=254,
            class_name="input",
        ),
        button("Invite", submit=True),
        on_submit=S.invite,
        reset_on_submit=True,
        class_name="quick-add",
    )
    listed = rx.cond(some(S.invited), rx.el.ul(rx.foreach(S.invited, draw), class_name="invited"))
    return card(
        listed,
        rx.cond(S.may_edit, form),
        title="Helpers from outside",
        note="They see this task alone, without an account; its talk once they keep it in one.",
    )


def dialogs() -> rx.Component:
    """Edit, give back, and the choice between two people's values."""
    return rx.fragment(_edit(), _decline(), _conflict())


def _edit() -> rx.Component:
    form = rx.el.form(
        field(
            "Title", text_input("title", id_="edit-title", default_value=S.seen["title"], required=True, max_length=500)
        ),
        field(
            "Description",
            textarea("description", id_="edit-description", rows=6, default_value=S.seen["description"]),
            hint="Markdown: **bold**, - lists, [links](https://example.com).",
        ),
        rx.el.div(
            field("Due", text_input("due", kind="datetime-local", id_="edit-due", default_value=S.seen["due"])),
            field("Priority", select("priority", _PRIORITIES, id_="edit-priority", default_value=S.seen["priority"])),
            field("Repeats", select("recurrence", _REPEATS, id_="edit-repeats", default_value=S.seen["recurrence"])),
            class_name="form-row",
        ),
        field("Project", select("project_id", S.projects, id_="edit-project", default_value=S.seen["project_id"])),
        field("Tags", text_input("tags", id_="edit-tags", default_value=S.seen["tags"]), hint="Separate by spaces."),
        form_actions(button("Save", kind="primary", submit=True), button("Close", kind="ghost", data_closes="")),
        on_submit=S.edit,
        key=S.edit_round.to_string(),
        class_name="form",
    )
    return dialog("edit-task", "Edit the task", form, open_=S.editing, on_close=S.end_edit)


def _decline() -> rx.Component:
    form = rx.el.form(
        field("Why?", text_input("reason", id_="decline-reason", max_length=500), optional=True),
        form_actions(
            button("Give it back", kind="primary", submit=True), button("Keep it", kind="ghost", data_closes="")
        ),
        on_submit=S.decline,
        reset_on_submit=True,
        data_closes_on_submit="",
        class_name="form",
    )
    return dialog("decline-task", "Give the task back", form)


def _conflict() -> rx.Component:
    return dialog(
        "edit-conflict",
        "Somebody changed this meanwhile",
        rx.el.p("Two of you changed the ", word(S.conflict, _FIELDS, "task"), ". Which should stay?"),
        rx.el.h3("They wrote"),
        rx.cond(S.theirs_shown != "", rx.el.p(S.theirs_shown, class_name="said")),
        rx.el.h3("You wrote"),
        rx.cond(S.yours_shown != "", rx.el.p(S.yours_shown, class_name="said")),
        actions=[
            button("Keep theirs", kind="secondary", on_click=S.keep_theirs),
            button("Use mine", kind="primary", on_click=S.keep_mine),
        ],
        open_=S.conflict != "",
        on_close=S.leave_theirs,
    )
