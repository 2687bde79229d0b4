"""State of a task's own page."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.files.queries import FileRow
from taskjuggler_app.domain.tasks import attachments, comments, invitations, projects, queries, service, story
from taskjuggler_app.domain.tasks.comments import CommentRow
from taskjuggler_app.domain.tasks.invitations import InvitedRow
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.tasks import TaskStatus
from taskjuggler_app.web import markdown
from taskjuggler_app.web.components import Choice, EventLine, TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.session import PageState

STATUSES = tuple(status.value for status in TaskStatus)
_MOVED = {
    TaskStatus.PENDING: "Task is open again.",
    TaskStatus.IN_PROGRESS: "Task started.",
    TaskStatus.COMPLETED: "Done.",
    TaskStatus.CANCELLED: "Task cancelled.",
}


@dataclass
class Step:
    """A step of the checklist."""

    id: str = ""
    text: str = ""
    done: bool = False


class TaskState(PageState, rx.State):
    """One task's page."""

    loaded: bool = False
    missing: bool = False
    task: TaskLine = TaskLine()
    description: str = ""
    requestor: str = ""
    requestor_picture: str = ""
    sender: str = ""
    source: str = ""
    item_href: str = ""
    doer_member_id: str = ""
    version: int = 1
    tags: list[str] = []
    events: list[EventLine] = []
    story: list[EventLine] = []
    only_changes: bool = False
    members: list[Choice] = []
    projects: list[Choice] = []
    project_id: str = ""
    project: str = ""
    html: str = ""
    due_local: str = ""
    recurrence: str = ""
    checklist: list[Step] = []
    comments: list[CommentRow] = []
    attached: list[FileRow] = []
    invited: list[InvitedRow] = []
    may_edit: bool = False
    may_accept: bool = False
    may_decline: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the task that the address names."""
        self.loaded = self.missing = False
        try:
            task_id = parse_uuid(self._path_arg("task_id"))
            self._watch([topics.task(task_id)])
            await self._refresh()
            await self._do(comments.mark_read, task_id)
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        found = await self._read(queries.detail, parse_uuid(self._path_arg("task_id")))
        self.task, self.tags = lines.task_line(found.row), found.row.tags
        self.description, self.requestor, self.sender = found.description, found.requestor, found.sender
        self.requestor_picture = found.requestor_picture
        self.source = lines.source_of(found.row)
        self.version, self.doer_member_id = found.version, found.doer_member_id
        self.item_href = f"/inbox/{found.inbox_item_id}" if found.inbox_item_id else ""
        self.events = [lines.action_line(row) for row in found.actions]
        zone = ZoneInfo(current_principal().timezone)
        due = found.row.due_at
        self.due_local = datetime.fromisoformat(due).astimezone(zone).strftime("%Y-%m-%dT%H:%M") if due else ""
        self.html, self.recurrence = markdown.html(found.description), found.row.recurrence
        self.checklist = [Step(step["id"], step["text"], step["done"]) for step in found.checklist]
        self.may_edit, self.may_decline, self.may_accept = found.may_edit, found.may_decline, found.may_accept
        task_id = parse_uuid(self._path_arg("task_id"))
        self.comments = await self._read(comments.of_task, task_id)
        self.story = [lines.story_line(row) for row in await self._read(story.of_task, task_id)]
        self.invited = await self._read(invitations.of_task, task_id)
        self.attached = await self._read(attachments.of_task, task_id)
        people = await self._read(teams.members)
        self.members = [Choice("", "Nobody yet"), *(Choice(row.id, row.name) for row in people)]
        running = await self._read(projects.rows)
        self.projects = [Choice("", "No project"), *(Choice(row.id, row.name) for row in running)]
        self.project_id = found.row.project_id
        self.project = next((row.name for row in running if row.id == self.project_id), "")

    @rx.event
    async def set_status(self, status: str) -> None:
        """Move the task, unless somebody else did meanwhile."""
        if status in STATUSES:
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
