"""State of the operations page."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.access import operations
from taskjuggler_app.domain.access.operations import Operations
from taskjuggler_app.web.session import PageState


class OperationsState(PageState, rx.State):
    """Queues, failed jobs, the schedule, versions."""

    loaded: bool = False
    refused: bool = False
    seen: Operations = Operations()

    @rx.event
    async def load(self) -> None:
        """Show how the installation does, to operators."""
        try:
            await self._refresh()
            self._watch([topics.operations()])
            self.refused = False
        except NotFound:
            self.seen, self.refused = Operations(), True
        self.loaded = True

    async def _refresh(self) -> None:
        self.seen = await self._read(operations.overview)

    @rx.event
    async def retry(self, job_id: str) -> None:
        """One more attempt for a failed job, or for all."""
        count = await self._do(operations.retry, str(job_id))
        await self._told(count, "waits for another attempt", "wait for another attempt")

    @rx.event
    async def put_away(self, job_id: str) -> None:
        """Forget a failed job, or all."""
        count = await self._do(operations.put_away, str(job_id))
        await self._told(count, "is put away", "are put away")

    async def _told(self, count: int | None, one: str, many: str) -> None:
        if count is not None:
            said = f"One job {one}." if count == 1 else f"{count} jobs {many}."
            await self._say("success" if count else "info", said if count else "That job is not there any more.")
            await self._refresh()
