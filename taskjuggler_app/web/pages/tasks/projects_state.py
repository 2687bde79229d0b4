"""States of the projects: all of them, and one with its tasks."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import projects, queries
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.projects import ProjectRow
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice, TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState


class ProjectsState(PageState, rx.State):
    """The workspace's projects, and how far each is."""

    loaded: bool = False
    archived: bool = False
    rows: list[ProjectRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the projects that run."""
        self._watch([topics.tasks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(projects.rows, archived=self.archived)
        self.loaded = True

    @rx.event
    async def show(self, which: str) -> None:
        """Those that run, or those put away."""
        self.archived = which == "archived"
        await self._refresh()

    @rx.event
    async def create(self, form: dict[str, Any]) -> Any:
        """Begin a project, and go to it."""
        texts = [str(form.get(name, "")) for name in ("name", "colour", "description")]
        made = await self._do(projects.create, *texts)
        return rx.redirect(f"/tasks/projects/{made.id}") if made is not None else None


class ProjectState(PageState, rx.State):
    """One project: what it is about, its people, its tasks."""

    loaded: bool = False
    missing: bool = False
    row: ProjectRow = ProjectRow()
    tasks: list[TaskLine] = []
    next_cursor: str = ""
    members: list[Choice] = []
    edit_round: int = 0

    @rx.event
    async def load(self) -> None:
        """Show the project that the address names."""
        self.loaded = self.missing = False
        self._watch([topics.tasks(current_principal().team_id)])
        try:
            await self._refresh()
            self.members = [Choice(row.id, row.name) for row in await self._read(teams.members)]
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        project_id = parse_uuid(self._path_arg("project_id"))
        self.row = await self._read(projects.one, project_id)
        page = await self._read(queries.page, TaskFilter(status="open", sort="due", project=str(project_id)))
        self.tasks, self.next_cursor = [lines.task_line(row) for row in page.rows], page.next_cursor

    @rx.event
    async def begin_edit(self) -> None:
        """Fill the form with what the project says now."""
        self.edit_round += 1

    @rx.event
    async def edit(self, form: dict[str, Any]) -> None:
        """Another name, colour, description, other people."""
        project_id = parse_uuid(self._path_arg("project_id"))
        texts = [str(form.get(name, "")) for name in ("name", "colour", "description")]
        if await self._do(projects.change, project_id, *texts) is not None:
            chosen = [parse_uuid(one.value) for one in self.members if form.get(f"member-{one.value}")]
            await self._do(projects.set_members, project_id, chosen)
            await self._say("success", "Saved.")
        await self._refresh()

    @rx.event
    async def archive(self, archived: bool) -> Any:
        """Put the project away, or take it out again."""
        project_id = parse_uuid(self._path_arg("project_id"))
        if await self._do(projects.archive, project_id, bool(archived)) is None:
            return None
        words = "Put away. Its tasks stay." if archived else "It runs again."
        await self._say("success", words, (projects.archive, (project_id, not archived)))
        await self._refresh()
        return None
