"""States of the contacts pages: the lists, and one list."""

import asyncio

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import topics
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.contacts import bulk, imports, optouts, queries, reading, service
from taskjuggler_app.domain.contacts.bulk import BulkRow
from taskjuggler_app.domain.contacts.optouts import OptOutRow
from taskjuggler_app.domain.contacts.queries import ContactRow, ListRow
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.files import service as file_service
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 1000
_FIELDS = ("name", "email", "phone", "notes")


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


class ContactListState(PageState, rx.State):
    """One list and the people on it."""

    loaded: bool = False
    is_admin: bool = False
    list_id: str = ""
    row: ListRow = ListRow()
    people: list[ContactRow] = []
    more: bool = False
    text: str = ""
    form_open: bool = False
    form: ContactRow = ContactRow()
    error: str = ""
    error_field: str = ""
    reach_sms: int = 0
    reach_email: int = 0
    channel: str = "sms"
    message_open: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the list."""
        self._watch([topics.contacts(current_principal().team_id)])
        self.list_id, self.text, self.form_open, self.message_open = self._path_arg("list_id"), "", False, False
        self.loaded = False
        await self._refresh()

    async def _refresh(self) -> None:
        self.is_admin = current_principal().is_admin
        try:
            list_id = parse_uuid(self.list_id)
            self.row = await self._read(queries.one_list, list_id)
            page = await self._read(queries.members, list_id, self.text)
        except DomainError:
            self.row, self.people, self.more, self.loaded = ListRow(), [], False, True
            return
        self.people, self.more, self.loaded = page.rows, bool(page.next_cursor), True

    @rx.event
    async def show_more(self) -> None:
        """The next page of people."""
        if self.people:
            after = (self.people[-1].name, self.people[-1].id)
            page = await self._read(queries.members, parse_uuid(self.list_id), self.text, after)
            self.people, self.more = [*self.people, *page.rows], bool(page.next_cursor)

    @rx.event
    async def find(self, text: str) -> None:
        """Show whom the words fit."""
        self.text = str(text)[:100].strip()
        await self._refresh()

    @rx.event
    async def open_form(self, member_id: str) -> None:
        """The form of somebody, or of a new entry."""
        self.form = next((one for one in self.people if one.id == member_id), ContactRow())
        self.error, self.error_field, self.form_open = "", "", True

    @rx.event
    async def close_form(self) -> None:
        """Leave the forms."""
        self.form_open = self.message_open = False

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Store what the form says."""
        values = {key: str(form.get(key, ""))[:LONGEST] for key in _FIELDS}
        try:
            if self.form.id:
                await self._run(service.change_member, parse_uuid(self.form.id), values)
            else:
                await self._run(service.add_member, parse_uuid(self.list_id), values)
        except DomainError as error:
            self.error, self.error_field = error.message, (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.form_open = False
        await self._refresh()

    @rx.event
    async def remove(self, member_id: str) -> None:
        """Take somebody off the list."""
        await self._do(service.remove_member, parse_uuid(member_id))
        await self._refresh()

    @rx.event
    async def delete_list(self) -> EventSpec | None:
        """Delete the list."""
        try:
            await self._run(service.delete_list, parse_uuid(self.list_id))
        except DomainError as error:
            await self._say("error", error.message)
            return None
        return rx.redirect("/contacts")

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
