"""Process templates: what always happens in the same order."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    dialog,
    empty_state,
    field,
    form_actions,
    icon_button,
    page_header,
    select,
    skeleton_card,
    some,
    text_input,
)
from taskjuggler_app.web.components.base import joined
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.tasks.processes_state import ProcessesState
from taskjuggler_app.web.pages.tasks.view import places

S: Any = ProcessesState  # on the class, a State's attributes are vars and its methods are handlers


def process_list() -> rx.Component:
    """Every template with its steps."""
    new = button("New process", kind="primary", icon_name="plus", on_click=S.write(""), data_key="c")
    nothing = empty_state(
        "split",
        "No process yet",
        "What always happens in the same order, step by step: a move-in, a new client. Each step becomes a task when "
        "the one before it is done.",
        action=rx.cond(S.is_admin, button("New process", icon_name="plus", on_click=S.write(""))),
    )
    shown = rx.el.div(rx.foreach(S.rows, _template), class_name="process-cards")
    return framed(
        "tasks",
        page_header(
            "Processes",
            note="Each step becomes a task when the one before it is done.",
            actions=[rx.cond(S.is_admin, new)],
        ),
        places("processes"),
        rx.cond(S.loaded, rx.cond(some(S.rows), shown, nothing), skeleton_card()),
        _form(),
    )


def _template(row: Any) -> rx.Component:
    change = rx.fragment(
        icon_button("pencil", joined("Edit ", row.name), on_click=S.write(row.id)),
        icon_button(
            "trash-2",
            joined("Remove ", row.name),
            on_click=S.remove(row.id),
            data_confirm=joined("Remove the process ", row.name, "? Its tasks stay."),
        ),
    )
    return card(
        rx.el.ol(rx.foreach(row.steps, _step), class_name="process-steps"),
        title=row.name,
        note=joined(row.running, " open now"),
        actions=[
            rx.cond(S.is_admin, change),
            button("Start", icon_name="play", small=True, on_click=S.start(row.id)),
        ],
        key=row.id,
    )


def _step(step: Any) -> rx.Component:
    days = rx.match(step.days, (0, ""), (1, "within a day"), joined("within ", step.days, " days"))
    return rx.el.li(
        rx.el.span(step.title),
        rx.el.span(
            rx.cond(step.days > 0, badge(days)),
            rx.cond(step.team_member_id != "", badge(S.names[step.team_member_id], icon_name="user")),
            class_name="marks",
        ),
    )


def _form() -> rx.Component:
    form = rx.el.form(
        field("Name", text_input("name", id_="process-name", required=True, default_value=S.edited_name)),
        rx.el.ol(rx.foreach(S.steps, _step_fields), class_name="process-form"),
        button("One more step", icon_name="plus", small=True, on_click=S.add_step),
        form_actions(button("Keep", kind="primary", submit=True), button("Cancel", kind="ghost", on_click=S.close)),
        on_submit=S.save,
        key=joined(S.edited_id, S.editing.to_string()),
        class_name="form",
    )
    return dialog("process", "A process", form, open_=S.editing, on_close=S.close)


def _step_fields(step: Any) -> rx.Component:
    return rx.el.li(
        field(
            "What is done",
            text_input(joined("title-", step.id), id_=joined("title-", step.id), default_value=step.title),
        ),
        field(
            "Days",
            text_input(
                joined("days-", step.id),
                id_=joined("days-", step.id),
                kind="number",
                min="0",
                max="365",
                default_value=rx.cond(step.days > 0, step.days.to_string(), ""),
            ),
        ),
        field(
            "Who",
            select(joined("who-", step.id), S.members, id_=joined("who-", step.id), default_value=step.team_member_id),
        ),
        rx.el.div(
            icon_button("arrow-up", "Earlier", on_click=S.raise_step(step.id)),
            icon_button("x", "Remove this step", on_click=S.drop_step(step.id)),
            class_name="process-moves",
        ),
        key=step.id,
    )
