"""State of the contacts page: the lists."""

import asyncio

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.domain.contacts import bulk, optouts, queries, service
from taskjuggler_app.domain.contacts.bulk import BulkRow
from taskjuggler_app.domain.contacts.optouts import OptOutRow
from taskjuggler_app.domain.contacts.queries import ListRow
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 1000


class ContactsState(PageState, rx.State):
    """The workspace's lists, its opt-outs and its last bulk messages."""

    loaded: bool = False
    is_admin: bool = False
    lists: list[ListRow] = []
    opt_outs: list[OptOutRow] = []
    messages: list[BulkRow] = []

    @rx.event
    async def load(self) -> None:
        """Show them, and keep them current."""
        self._watch([topics.contacts(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.is_admin = current_principal().is_admin
        self.lists, self.opt_outs, self.messages = await asyncio.gather(
            self._read(queries.lists), self._read(optouts.recent), self._read(bulk.recent)
        )
        self.loaded = True

    @rx.event
    async def make_list(self, form: dict[str, str]) -> EventSpec | None:
        """A new list, and go there."""
        values = [str(form.get(key, ""))[:LONGEST] for key in ("name", "description")]
        made = await self._do(service.create_list, *values)
        return None if made is None else rx.redirect(f"/contacts/{made.id}")

    @rx.event
    async def stop(self, form: dict[str, str]) -> None:
        """Record an opt-out by hand."""
        address = str(form.get("address", ""))[:255]
        channel = ContactChannel.EMAIL if "@" in address else ContactChannel.SMS
        if await self._do(optouts.by_hand, channel, address, out=True) is not None:
            await self._say("success", "They get no more bulk messages.")
        await self._refresh()

    @rx.event
    async def allow(self, channel: str, identifier: str) -> None:
        """Take an opt-out back."""
        known = ContactChannel.EMAIL if channel == "email" else ContactChannel.SMS
        await self._do(optouts.by_hand, known, str(identifier)[:255], out=False)
        await self._refresh()
