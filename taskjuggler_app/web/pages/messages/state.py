"""State of the messages page: the people on the left, one conversation on the right."""

import asyncio

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.messaging import queries, service
from taskjuggler_app.domain.messaging.queries import ConversationRow, FoundRow, MessageRow
from taskjuggler_app.domain.notifications import service as notifications
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

MOST_FILES = 20


class MessagesState(PageState, rx.State):
    """A person's conversations."""

    loaded: bool = False
    people: list[ConversationRow] = []
    person: ConversationRow = ConversationRow()
    missing: bool = False
    messages: list[MessageRow] = []
    cursor: str = ""
    draft: int = 0
    words: str = ""
    found: list[FoundRow] = []
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the conversations, and the one that the address names."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.messages(principal.user_id), topics.team(principal.team_id)])
        self.person, self.messages, self.cursor = ConversationRow(), [], ""
        self.words, self.found, self.error, self.missing = "", [], "", False
        wanted = self._path_arg("person_id")
        if wanted:
            try:
                self.person = await self._read(queries.person, parse_uuid(wanted))
            except DomainError:
                self.missing = True
        await self._refresh()

    async def _refresh(self) -> None:
        if self.person.person_id:
            person_id = parse_uuid(self.person.person_id)
            await self._seen(person_id)
            self.people, page = await asyncio.gather(self._read(queries.people), self._read(queries.thread, person_id))
            self.messages, self.cursor = page.rows[::-1], page.next_cursor
        else:
            self.people = await self._read(queries.people)
        self.loaded = True

    async def _seen(self, person_id: object) -> None:
        """What is on the screen is read; so is the notification about it."""
        if await self._do(service.mark_read, parse_uuid(person_id)):
            await self._do(notifications.mark_about, f"/messages/{person_id}")

    @rx.event
    async def older(self) -> None:
        """What was said before."""
        page = await self._do(queries.thread, parse_uuid(self.person.person_id), self.cursor)
        if page is not None:
            self.messages, self.cursor = [*page.rows[::-1], *self.messages], page.next_cursor

    @rx.event
    async def send(self, form: dict[str, str]) -> None:
        """Say something."""
        ids = [one for one in str(form.get("files", "")).split(",") if one][:MOST_FILES]
        try:
            files = [parse_uuid(one) for one in ids]
            await self._run(service.send, parse_uuid(self.person.person_id), str(form.get("message", "")), files)
        except DomainError as error:
            self.error = error.message
            return
        self.error = ""
        self.draft += 1
        await self._refresh()

    @rx.event
    async def find(self, words: str) -> None:
        """Search what was said."""
        self.words = str(words)[:100].strip()
        self.found = await self._read(queries.search, self.words) if self.words else []
