"""State of what is done with a whole list: a file taken in, a message to everybody."""

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.contacts import bulk, imports, reading
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.files import service as file_service
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.web.pages.contacts.list_state import ContactListState
from taskjuggler_app.web.pages.contacts.state import LONGEST


class ReachingState(ContactListState):
    """The list as a whole."""

    reach_sms: int = 0
    reach_email: int = 0
    channel: str = "sms"

    @rx.event
    async def take_file(self, ids: str) -> EventSpec | None:
        """A CSV file arrived: look at it on its own page."""
        first = str(ids).split(",")[0]
        if not first:
            return None
        file = await self._do(files.readable, parse_uuid(first))
        if file is None:
            return None
        if file.size > reading.MOST_BYTES:
            await self._say("error", "That file is larger than 5 MB. Split it and import the parts.")
            return None
        raw = await run_in_db(_content, file.storage_key)
        made = await self._do(imports.upload, parse_uuid(self.list_id), file.name, raw)
        await self._do(file_service.forget_mine, file.id)
        return None if made is None else rx.redirect(f"/contacts/import/{made.id}")

    @rx.event
    async def open_message(self) -> None:
        """Write to everybody."""
        reached = await self._read(bulk.reach, parse_uuid(self.list_id))
        self.reach_sms, self.reach_email = reached["sms"], reached["email"]
        self.channel = "sms" if self.reach_sms or not self.reach_email else "email"
        self.error, self.error_field, self.message_open = "", "", True

    @rx.event
    async def choose_channel(self, channel: str) -> None:
        """By text, or by mail."""
        self.channel = "email" if channel == "email" else "sms"

    @rx.event
    async def send(self, form: dict[str, str]) -> EventSpec | None:
        """Send it to everybody who has not opted out."""
        body, subject = str(form.get("body", ""))[:25_000], str(form.get("subject") or "")[:LONGEST]
        try:
            await self._run(bulk.send, parse_uuid(self.list_id), ContactChannel(self.channel), body, subject)
        except DomainError as error:
            self.error, self.error_field = error.message, (error.field or "") if isinstance(error, Invalid) else ""
            return None
        self.message_open = False
        return rx.redirect("/contacts")


def _content(storage_key: str) -> bytes:
    with registry.files().open(storage_key) as file:
        return file.read(reading.MOST_BYTES + 1)
