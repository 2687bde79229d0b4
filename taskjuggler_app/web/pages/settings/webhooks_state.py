"""State of the webhooks' page."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, Forbidden, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.webhooks import deliveries, queries, subscriptions
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.settings.webhooks_lines import DeliveryLine, HookLine, delivery_line, draft_of, hook_line
from taskjuggler_app.web.session import PageState


class WebhooksState(PageState, rx.State):
    """The workspace's webhooks, the form of a new one, a secret shown once, and the deliveries of the chosen one."""

    loaded: bool = False
    refused: bool = False
    rows: list[HookLine] = []
    form_open: bool = False
    secret: str = ""
    chosen: str = ""
    chosen_url: str = ""
    sent: list[DeliveryLine] = []
    next_cursor: str = ""
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Show them, to admins; a secret that was shown before is gone."""
        self.secret, self.form_open, self.chosen = "", False, ""
        self._watch([topics.webhooks(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            self.rows = [hook_line(row) for row in await self._read(queries.hooks)]
            self.refused = False
        except Forbidden:
            self.rows, self.refused = [], True
        self.loaded = True
        known = {row.id: row.url for row in self.rows}
        self.chosen = self.chosen if self.chosen in known else next(iter(known), "")
        self.chosen_url = known.get(self.chosen, "")
        self.sent, self.next_cursor = [], ""
        if self.chosen:
            page = await self._read(queries.deliveries, parse_uuid(self.chosen))
            self.sent, self.next_cursor = [delivery_line(row) for row in page.rows], page.next_cursor

    @rx.event
    async def open_form(self) -> None:
        """The form of a new webhook."""
        self.error = self.error_field = self.secret = ""
        self.form_open = True

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def create(self, form: dict[str, Any]) -> None:
        """Make it, and show its secret."""
        try:
            _, self.secret = await self._run(subscriptions.create, draft_of(form))
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.form_open, self.chosen = False, ""
        await self._refresh()

    @rx.event
    async def show(self, hook_id: str) -> None:
        """The deliveries of one."""
        self.chosen = str(hook_id)
        await self._refresh()

    @rx.event
    async def test(self, hook_id: str) -> None:
        """Send a test event."""
        if await self._do(deliveries.send_test, parse_uuid(hook_id)):
            await self._say("success", "A test event is on its way.")
            self.chosen = str(hook_id)
        await self._refresh()

    @rx.event
    async def rotate(self, hook_id: str) -> None:
        """A new secret."""
        _, self.secret = await self._do(subscriptions.rotate, parse_uuid(hook_id)) or (None, "")
        await self._refresh()

    @rx.event
    async def switch(self, hook_id: str, on: bool) -> None:
        """Off, or on again."""
        await self._do(subscriptions.change, parse_uuid(hook_id), {"is_active": on is True})
        await self._refresh()

    @rx.event
    async def remove(self, hook_id: str) -> None:
        """Take it away."""
        await self._do(subscriptions.remove, parse_uuid(hook_id))
        await self._refresh()

    @rx.event
    async def send_again(self, delivery_id: str) -> None:
        """The same once more."""
        await self._do(deliveries.send_again, parse_uuid(delivery_id))
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """Older deliveries."""
        if self.chosen and self.next_cursor:
            page = await self._read(queries.deliveries, parse_uuid(self.chosen), self.next_cursor)
            self.sent = [*self.sent, *(delivery_line(row) for row in page.rows)]
            self.next_cursor = page.next_cursor
