"""State of the page of one's own data."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.teams import exports
from taskjuggler_app.domain.teams.exports import ExportRow, Packing
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.samples.state import SamplesState
from taskjuggler_app.web.pages.settings.leaving_state import LeavingAccountState
from taskjuggler_app.web.session import PageState


class DataState(PageState, rx.State):
    """The ZIP that is being packed, and those that wait."""

    loaded: bool = False
    packing: Packing = Packing()
    ready: list[ExportRow] = []

    @rx.event
    async def load(self) -> None:
        """Show what there is, and keep it current."""
        await self._refresh()

    async def _refresh(self) -> None:
        principal = current_principal()
        self.packing = await self._read(exports.packing)
        self.ready = await self._read(exports.ready)
        if principal.user_id is not None:
            running = [topics.batch(self.packing.batch_id)] if self.packing.batch_id else []
            self._watch([topics.user(principal.user_id), *running], keep=(LeavingAccountState, SamplesState))
        self.loaded = True

    @rx.event
    async def start(self) -> None:
        """Have everything packed."""
        await self._do(exports.start)
        await self._refresh()

    @rx.event
    async def forget(self, file_id: str) -> None:
        """Delete a ZIP now."""
        await self._do(exports.forget, parse_uuid(file_id))
        await self._refresh()
