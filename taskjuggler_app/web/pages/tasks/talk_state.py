"""What people do on a task's page besides moving and editing it: take, give back, tick, talk, attach, bin."""

from typing import Any

import reflex as rx

from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import attachments, comments, editing, invitations, service
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.web.pages.tasks.edit_state import TaskEdits


class TaskDeeds(TaskEdits):
    """The task page's verbs. Each re-reads the page."""

    @rx.event
    async def accept(self) -> None:
        """Take the task and begin."""
        if await self._do(service.accept, self._id()) is not None:
            await self._say("success", "It is yours. Good luck.")
        await self._refresh()

    @rx.event
    async def decline(self, form: dict[str, Any]) -> None:
        """Give the task back, with a reason."""
        if await self._do(service.decline, self._id(), str(form.get("reason", ""))) is not None:
            await self._say("success", "Given back. Its requestor has been told.")
        await self._refresh()

    @rx.event
    async def remove(self) -> Any:
        """Put the task into the bin, with the way back in the message."""
        if await self._do(taken_away.remove, self._id()) is None:
            return None
        await self._say("success", "In the bin, for a month.", (taken_away.restore, (self._id(),)))
        return rx.redirect("/tasks")

    @rx.event
    async def add_step(self, form: dict[str, Any]) -> None:
        """One more step of the checklist."""
        await self._do(editing.add_step, self._id(), str(form.get("step", "")))
        await self._refresh()

    @rx.event
    async def tick(self, step_id: str, done: bool) -> None:
        """Mark a step done, or not."""
        await self._do(editing.tick_step, self._id(), str(step_id), bool(done))
        await self._refresh()

    @rx.event
    async def comment(self, form: dict[str, Any]) -> None:
        """Say something, with the files that were dropped."""
        files = [parse_uuid(one) for one in str(form.get("files", "")).split(",") if one]
        await self._do(comments.add, self._id(), str(form.get("text", "")), files)
        await self._refresh()

    @rx.event
    async def attach(self, ids: str) -> None:
        """Files for the task itself, as they arrive."""
        wanted = [one for one in str(ids).split(",") if one]
        if wanted and await self._do(attachments.add, self._id(), [parse_uuid(one) for one in wanted]) is not None:
            await self._refresh()

    @rx.event
    async def tell(self, which: str) -> None:
        """The whole story, or only the task's own changes."""
        self.only_changes = which == "changes"

    @rx.event
    async def invite(self, form: dict[str, Any]) -> None:
        """Ask somebody outside for help with this task."""
        if await self._do(invitations.invite, self._id(), str(form.get("address", ""))) is not None:
            await self._say("success", "On its way. The link is good for seven days.")
        await self._refresh()

    @rx.event
    async def uninvite(self, invitation_id: str) -> None:
        """Make an invitation's link worthless."""
        await self._do(invitations.revoke, self._id(), parse_uuid(invitation_id))
        await self._refresh()

    @rx.event
    async def detach(self, file_id: str) -> None:
        """Take a file off the task."""
        await self._do(attachments.remove, self._id(), parse_uuid(file_id))
        await self._refresh()
