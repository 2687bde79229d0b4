"""State of the card on a task's page that has tools work on it."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.aitools import asking, queries
from taskjuggler_app.domain.aitools.queries import RunRow
from taskjuggler_app.domain.approvals import queries as approvals
from taskjuggler_app.domain.approvals import service as deciding
from taskjuggler_app.domain.approvals.queries import ApprovalRow
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.tasks.task_state import TaskState
from taskjuggler_app.web.session import PageState


class TaskToolsState(PageState, rx.State):
    """The runs on one task, and what else of it waits for a yes."""

    shown: bool = False
    tools: list[Choice] = []
    runs: list[RunRow] = []
    others: list[ApprovalRow] = []
    limit: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the runs on the task that the address names."""
        self.shown = False
        try:
            task_id = parse_uuid(self._path_arg("task_id"))
            self._watch([topics.task(task_id)], keep=(TaskState,))  # whose load is the one that watches
            await self._refresh()
        except NotFound:
            return

    async def _refresh(self) -> None:
        task_id = parse_uuid(self._path_arg("task_id"))
        self.runs = await self._read(queries.of_task, task_id)
        self.tools = [Choice(row.id, row.name) for row in await self._read(queries.usable)]
        self.limit = await self._read(limits.warning, "runs") if self.tools else ""
        of_runs = {run.approval.id for run in self.runs}
        asked = await self._read(approvals.of_subject, "task", task_id)
        self.others = [row for row in asked if row.state == "waiting" and row.id not in of_runs]
        self.shown = True

    @rx.event
    async def run(self, form: dict[str, Any]) -> None:
        """Have a tool work on the task."""
        finishes = str(form.get("finishes", "")) in ("on", "true", "True")
        tool, task = parse_uuid(form.get("tool", "")), parse_uuid(self._path_arg("task_id"))
        await self._do(asking.request, task, tool, finishes=finishes)
        await self._refresh()

    @rx.event
    async def approve(self, approval_id: str) -> None:
        """Say yes, to exactly this."""
        if await self._do(deciding.approve, parse_uuid(approval_id)) is not None:
            await self._say("success", "Approved, for this once.")
        await self._refresh()

    @rx.event
    async def refuse(self, approval_id: str) -> None:
        """Say no."""
        if await self._do(deciding.refuse, parse_uuid(approval_id)) is not None:
            await self._say("success", "Refused. Nothing was done.")
        await self._refresh()
