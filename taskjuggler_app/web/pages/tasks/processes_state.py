"""State of the process templates, and of the one that is being written."""

from typing import Any
from uuid import uuid4

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import processes
from taskjuggler_app.domain.tasks.processes import ProcessRow, StepRow
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class ProcessesState(PageState, rx.State):
    """Templates, and the form for one. The form's steps live here, so that they can be added and moved."""

    loaded: bool = False
    is_admin: bool = False
    rows: list[ProcessRow] = []
    members: list[Choice] = []
    names: dict[str, str] = {}
    editing: bool = False
    edited_id: str = ""
    edited_name: str = ""
    steps: list[StepRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the templates."""
        self._watch([topics.tasks(current_principal().team_id)])
        people = await self._read(teams.members)
        self.members = [Choice("", "Nobody yet"), *(Choice(row.id, row.name) for row in people)]
        self.names = {row.id: row.name for row in people}
        self.is_admin = current_principal().is_admin
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(processes.templates)
        self.loaded = True

    @rx.event
    async def start(self, template_id: str) -> Any:
        """Begin a process, and go to its first task."""
        made = await self._do(processes.start, parse_uuid(template_id))
        return rx.redirect(f"/tasks/{made.id}") if made is not None else None

    @rx.event
    async def remove(self, template_id: str) -> None:
        """Take a template away."""
        name = await self._do(processes.remove_template, parse_uuid(template_id))
        if name is not None:
            await self._say("success", f"{name} is gone. Its tasks stay.")
        await self._refresh()

    @rx.event
    async def write(self, template_id: str) -> None:
        """Open the form: for a template, or empty for a new one."""
        found = next((row for row in self.rows if row.id == str(template_id)), ProcessRow())
        self.edited_id, self.edited_name = found.id, found.name
        self.steps = [*found.steps] or [StepRow(id=uuid4().hex[:12]), StepRow(id=uuid4().hex[:12])]
        self.editing = True

    @rx.event
    async def close(self) -> None:
        """Leave the form."""
        self.editing = False

    @rx.event
    async def add_step(self) -> None:
        """One more step at the end."""
        if len(self.steps) < processes.MOST_STEPS:
            self.steps = [*self.steps, StepRow(id=uuid4().hex[:12])]

    @rx.event
    async def drop_step(self, step_id: str) -> None:
        """One step less."""
        self.steps = [step for step in self.steps if step.id != str(step_id)]

    @rx.event
    async def raise_step(self, step_id: str) -> None:
        """A step before the one above it."""
        at = next((place for place, step in enumerate(self.steps) if step.id == str(step_id)), 0)
        if at:
            self.steps = [*self.steps[: at - 1], self.steps[at], self.steps[at - 1], *self.steps[at + 1 :]]

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Keep the template as the form has it, its steps in their order here."""
        steps = [
            {
                "id": step.id,
                "title": str(form.get(f"title-{step.id}", "")),
                "days": str(form.get(f"days-{step.id}", "")),
                "team_member_id": str(form.get(f"who-{step.id}", "")),
            }
            for step in self.steps
        ]
        template_id = parse_uuid(self.edited_id) if self.edited_id else None
        if await self._do(processes.save_template, str(form.get("name", "")), steps, template_id) is not None:
            self.editing = False
            await self._say("success", "Kept.")
        await self._refresh()
