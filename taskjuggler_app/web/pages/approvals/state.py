"""State of the page of approvals."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.approvals import queries, service
from taskjuggler_app.domain.approvals.queries import ApprovalRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class ApprovalsState(PageState, rx.State):
    """What waits for a word, and what became of the rest."""

    loaded: bool = False
    waiting: list[ApprovalRow] = []
    over: list[ApprovalRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the workspace's approvals."""
        self._watch([topics.approvals(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._read(queries.page)
        self.waiting = [row for row in found if row.state == "waiting"]
        self.over = [row for row in found if row.state != "waiting"]
        self.loaded = True

    @rx.event
    async def approve(self, approval_id: str) -> None:
        """Say yes, to exactly this."""
        if await self._do(service.approve, parse_uuid(approval_id)) is not None:
            await self._say("success", "Approved, for this once.")
        await self._refresh()

    @rx.event
    async def refuse(self, approval_id: str) -> None:
        """Say no."""
        if await self._do(service.refuse, parse_uuid(approval_id)) is not None:
            await self._say("success", "Refused. Nothing was done.")
        await self._refresh()
