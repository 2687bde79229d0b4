"""States of the task list and the task page."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import queries, service
from taskjuggler_app.domain.tasks.queries import TaskFilter
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.tasks import TaskStatus
from taskjuggler_app.web.components import Choice, EventLine, TaskLine, TraceRule
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState

LONGEST_SEARCH = 100
SCOPES = ("all", "mine", "unassigned")
STATUSES = ("open", *(status.value for status in TaskStatus))


class TasksState(PageState, rx.State):
    """The task list: filters, and the rows shown so far."""

    loaded: bool = False
    scope: str = "all"
    status: str = "open"
    text: str = ""
    rows: list[TaskLine] = []
    next_cursor: str = ""
    counts: dict[str, int] = {}

    @rx.event
    async def load(self) -> None:
        """Show the list that the address asks for."""
        query = self.router.url.query_parameters
        scope, status = query.get("scope", self.scope), query.get("status", self.status)
        self.scope = scope if scope in SCOPES else "all"
        self.status = status if status in STATUSES else "open"
        self._watch([topics.tasks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.counts = await self._read(queries.counts)
        page = await self._read(queries.page, self._filter())
        self.rows, self.next_cursor = [lines.task_line(row) for row in page.rows], page.next_cursor
        self.loaded = True

    def _filter(self) -> TaskFilter:
        return TaskFilter(self.scope, self.status, self.text)

    @rx.event
    async def show_scope(self, scope: str) -> None:
        """All tasks, mine, or those that nobody has."""
        self.scope = scope if scope in SCOPES else "all"
        await self._refresh()

    @rx.event
    async def show_status(self, status: str) -> None:
        """Open tasks, or those of one status."""
        self.status = status if status in STATUSES else "open"
        await self._refresh()

    @rx.event
    async def search(self, text: str) -> None:
        """Only tasks whose title or tag has the words."""
        self.text = str(text)[:LONGEST_SEARCH]
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """The next page, under the rows shown."""
        if self.next_cursor:
            page = await self._read(queries.page, self._filter(), self.next_cursor)
            self.rows = [*self.rows, *(lines.task_line(row) for row in page.rows)]
            self.next_cursor = page.next_cursor

    @rx.event
    async def add(self, form: dict[str, str]) -> None:
        """Make a task of one's own from a title."""
        principal = current_principal()
        if principal.user_id is None:
            return
        draft = TaskDraft(
            title=str(form.get("title", ""))[: service.TITLE_LENGTH],
            requestor_id=principal.user_id,
            owner_id=principal.user_id,
        )
        if await self._do(service.create, draft) is not None:
            await self._say("success", "Task added.")
            await self._refresh()


class TaskState(PageState, rx.State):
    """One task's page."""

    loaded: bool = False
    missing: bool = False
    task: TaskLine = TaskLine()
    description: str = ""
    requestor: str = ""
    sender: str = ""
    item_href: str = ""
    doer_member_id: str = ""
    version: int = 1
    tags: list[str] = []
    events: list[EventLine] = []
    trace: list[TraceRule] = []
    trace_note: str = ""
    members: list[Choice] = []

    @rx.event
    async def load(self) -> None:
        """Show the task that the address names."""
        self.loaded = self.missing = False
        try:
            task_id = parse_uuid(self._path_arg("task_id"))
            self._watch([topics.task(task_id)])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        found = await self._read(queries.detail, parse_uuid(self._path_arg("task_id")))
        self.task, self.tags = lines.task_line(found.row), found.row.tags
        self.description, self.requestor, self.sender = found.description, found.requestor, found.sender
        self.version, self.doer_member_id = found.version, found.doer_member_id
        self.item_href = f"/inbox/{found.inbox_item_id}" if found.inbox_item_id else ""
        self.events = [lines.action_line(row) for row in found.actions]
        self.trace = lines.trace_rules(found.trace)
        self.trace_note = str((found.trace or {}).get("note", ""))
        people = await self._read(teams.members)
        self.members = [Choice("", "Nobody yet"), *(Choice(row.id, row.name) for row in people)]

    @rx.event
    async def set_status(self, status: str) -> None:
        """Move the task, unless somebody else did meanwhile."""
        if status in STATUSES[1:]:
            done = await self._do(
                service.change_status, parse_uuid(self._path_arg("task_id")), TaskStatus(status), self.version
            )
            if done is not None:
                await self._say("success", _MOVED[TaskStatus(status)])
            await self._refresh()

    @rx.event
    async def assign(self, member_id: str) -> None:
        """Give the task to somebody of the workspace, or to nobody."""
        member = parse_uuid(member_id) if member_id else None
        if await self._do(service.assign, parse_uuid(self._path_arg("task_id")), member) is not None:
            await self._say("success", "Passed on." if member else "Nobody has this task now.")
        await self._refresh()


_MOVED = {
    TaskStatus.PENDING: "Task is open again.",
    TaskStatus.IN_PROGRESS: "Task started.",
    TaskStatus.COMPLETED: "Done.",
    TaskStatus.CANCELLED: "Task cancelled.",
}
