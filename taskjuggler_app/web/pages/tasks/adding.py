"""A new task out of one line, wherever tasks are shown."""

import asyncio
from typing import Any

import reflex as rx

from taskjuggler_app.core import clock
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import quick_add
from taskjuggler_app.domain.tasks import service
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import button, dialog, field, form_actions, text_input
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState


class AddingState(PageState, rx.State):
    """Takes the line; the page that shows tasks hears of the new one by itself."""

    @rx.event
    async def add(self, form: dict[str, str]) -> None:
        """Make a task out of one line: "call Ada tomorrow 9am #billing !high @luis"."""
        principal = current_principal()
        line = str(form.get("title", ""))[: service.TITLE_LENGTH]
        project = str(form.get("project", ""))
        if principal.user_id is None:
            return
        read = await asyncio.to_thread(quick_add.read, line, now=clock.utcnow(), zone=principal.timezone)
        people = await self._read(teams.members) if read.person else []
        named = [one for one in people if one.name.lower().startswith(read.person.lower())]
        draft = TaskDraft(
            title=read.title,
            requestor_id=principal.user_id,
            owner_id=None if named else principal.user_id,
            team_member_id=lines.as_id(named[0].id) if named else None,
            priority=read.priority,
            due_date=read.due,
            due_zone=principal.timezone,
            tags=read.tags,
            project_id=parse_uuid(project) if project else None,
        )
        if await self._do(service.create, draft) is not None:
            await self._say("success", f"Task added for {named[0].name}." if named else "Task added.")


S: Any = AddingState  # on the class, a State's attributes are vars and its methods are handlers


def new_task_button() -> rx.Component:
    """Opens the line that becomes a task."""
    return button("New task", kind="primary", icon_name="plus", data_opens="#new-task", data_key="c")


def new_task(project: Any = "") -> rx.Component:
    """The line that becomes a task, in the project with this id if any."""
    form = rx.el.form(
        rx.el.input(type="hidden", name="project", value=project, read_only=True),
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
        form_actions(button("Add task", kind="primary", submit=True), button("Cancel", kind="ghost", data_closes="")),
        on_submit=S.add,
        reset_on_submit=True,
        data_closes_on_submit="",
        class_name="form",
    )
    return dialog("new-task", "New task", form)
