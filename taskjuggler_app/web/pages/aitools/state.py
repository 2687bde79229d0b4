"""State of the console of AI tools: tools, runs, what waits for a yes."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.aitools import configs, queries
from taskjuggler_app.domain.aitools.queries import RunRow, Spent, ToolRow
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

SHOWS = ("", "approval", "running", "completed", "failed")


class ToolsState(PageState, rx.State):
    """The workspace's tools and their runs, live."""

    loaded: bool = False
    is_admin: bool = False
    tools: list[ToolRow] = []
    vendors: list[Choice] = []
    runs: list[RunRow] = []
    spent: Spent = Spent()
    show: str = ""
    near_limits: list[str] = []

    @rx.event
    async def load(self) -> None:
        """Show the workspace's tools."""
        principal = current_principal()
        self.is_admin = principal.is_admin
        self._watch([topics.tools(principal.team_id), topics.approvals(principal.team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.tools = await self._read(queries.tools)
        self.vendors = [Choice(value, name) for value, name in await self._read(queries.vendors)]
        self.runs = await self._read(queries.runs, self.show)
        self.spent = await self._read(queries.spent)
        self.near_limits = [await self._read(limits.warning, kind) for kind in ("tools", "runs")]
        self.loaded = True

    @rx.event
    async def choose(self, show: str) -> None:
        """All runs, or those that stand in one way."""
        self.show = show if show in SHOWS else ""
        await self._refresh()

    @rx.event
    async def approve(self, approval_id: str) -> None:
        """Let a run begin, exactly as it is shown."""
        if await self._do(approvals.approve, parse_uuid(approval_id)) is not None:
            await self._say("success", "Approved, for this once.")
        await self._refresh()

    @rx.event
    async def refuse(self, approval_id: str) -> None:
        """Let a run never begin."""
        if await self._do(approvals.refuse, parse_uuid(approval_id)) is not None:
            await self._say("success", "Refused. Nothing was done.")
        await self._refresh()

    @rx.event
    async def pause(self, tool_id: str, active: bool) -> None:
        """Pause a tool, or let it work again."""
        await self._do(configs.set_active, parse_uuid(tool_id), active is True)
        await self._refresh()

    @rx.event
    async def remove(self, tool_id: str) -> None:
        """Take a tool away."""
        await self._do(configs.remove, parse_uuid(tool_id))
        await self._refresh()
