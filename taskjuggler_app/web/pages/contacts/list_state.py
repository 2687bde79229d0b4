"""State of one contact list and the people on it."""

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.contacts import queries, service
from taskjuggler_app.domain.contacts.queries import ContactRow, ListRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.contacts.state import LONGEST
from taskjuggler_app.web.session import PageState

_FIELDS = ("name", "email", "phone", "notes")


class ContactListState(PageState, rx.State):
    """One list and the people on it."""

    loaded: bool = False
    is_admin: bool = False
    list_id: str = ""
    row: ListRow = ListRow()
    people: list[ContactRow] = []
    more: str = ""
    text: str = ""
    form_open: bool = False
    form: ContactRow = ContactRow()
    error: str = ""
    error_field: str = ""
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
            self.row, self.people, self.more, self.loaded = ListRow(), [], "", True
            return
        self.people, self.more, self.loaded = page.rows, page.next_cursor, True

    @rx.event
    async def show_more(self) -> None:
        """The next page of people."""
        if self.more:
            page = await self._read(queries.members, parse_uuid(self.list_id), self.text, self.more)
            self.people, self.more = [*self.people, *page.rows], page.next_cursor

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
