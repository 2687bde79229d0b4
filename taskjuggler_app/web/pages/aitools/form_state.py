"""State of a tool's form, and of its test call."""

import asyncio
import time
from typing import Any

import reflex as rx

from taskjuggler_app.adapters import tool_calls
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.aitools import configs, queries
from taskjuggler_app.domain.aitools.calls import Call, Later
from taskjuggler_app.domain.aitools.configs import ToolDraft
from taskjuggler_app.domain.aitools.queries import ToolRow
from taskjuggler_app.web.pages.aitools.state import ToolsState
from taskjuggler_app.web.session import PageState

KINDS = ("function", "api", "webhook")
_LONGEST = {"template": 20_000, "url": 1_000}


class ToolFormState(PageState, rx.State):
    """One tool while it is set up."""

    open: bool = False
    row: ToolRow = ToolRow()
    kind: str = "function"
    round: int = 0
    error: str = ""
    error_field: str = ""
    tested: str = ""
    result: str = ""
    result_good: bool = False

    @rx.event
    async def begin(self, tool_id: str) -> None:
        """Open the form; empty for a new tool."""
        tools = await self._read(queries.tools)
        self.row = next((one for one in tools if one.id == tool_id), ToolRow())
        self.kind, self.open, self.round = self.row.kind, True, self.round + 1
        self.error = self.error_field = ""

    @rx.event
    async def close(self) -> None:
        """Leave the form."""
        self.open = False

    @rx.event
    async def choose(self, kind: str) -> None:
        """Another kind of tool asks other things."""
        if kind in KINDS:
            self.kind = kind

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Keep the tool."""
        known = ToolDraft.__dataclass_fields__
        typed = {key: str(value)[: _LONGEST.get(key, 500)] for key, value in dict(form).items() if key in known}
        try:
            draft = ToolDraft(**{"tool_name": "", **typed, "tool_type": self.kind})
            vendor = parse_uuid(form.get("vendor", ""))
            await self._run(configs.save, vendor, draft, parse_uuid(self.row.id) if self.row.id else None)
        except DomainError as error:
            self.error, self.error_field = error.message, getattr(error, "field", None) or ""
            return
        self.open = False
        await self._say("success", "Saved.")
        await (await self.get_state(ToolsState))._refresh()

    @rx.event
    async def test(self, tool_id: str) -> None:
        """Call the tool with a made-up task, and show what comes back."""
        call = await self._do(queries.sample_call, parse_uuid(tool_id))
        if call is None:
            return
        self.result_good, self.result = await asyncio.to_thread(_tried, call)
        self.tested = call.name

    @rx.event
    async def forget_test(self) -> None:
        """Close the test's result."""
        self.tested = self.result = ""


def _tried(call: Call) -> tuple[bool, str]:
    began = time.monotonic()
    try:
        output = tool_calls.perform(call, lambda _: None)
    except VendorError as error:
        return False, str(error)
    took = f"After {time.monotonic() - began:.1f} seconds"
    if isinstance(output, Later):
        return True, f"{took}: it took the made-up task and would call back later."
    note = f" {output.note}" if output.note else ""
    return True, f"{took}:{note}\n\n{output.text[:4_000]}"
