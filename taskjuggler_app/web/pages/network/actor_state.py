"""State of an actor's page."""

import reflex as rx
import segno
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tef import (
    actors,
    claims,
    conversations,
    delegation,
    keys,
    queries,
)
from taskjuggler_app.domain.tef.rows import ActorDetail
from taskjuggler_app.models.tef import ActorStatus, ConversationStatus
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.network.talk import Talk, talk
from taskjuggler_app.web.session import PageState


class ActorState(PageState, rx.State):
    """One actor: who it is, how far it is trusted, what it has to do, what was said."""

    loaded: bool = False
    actor_id: str = ""
    detail: ActorDetail = ActorDetail()
    talk: Talk = Talk()
    open_tasks: list[Choice] = []
    secret: str = ""
    code: str = ""
    qr: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the actor."""
        self._watch([topics.network(current_principal().team_id)])
        self.actor_id, self.loaded = self._path_arg("actor_id"), False
        self.secret = self.code = self.qr = ""
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            actor_id = parse_uuid(self.actor_id)
            self.detail = await self._read(queries.one, actor_id)
            self.talk = await self._read(talk, actor_id)
            if self.talk.id:  # what is on the screen is read
                await self._do(conversations.mark_read, parse_uuid(self.talk.id))
            page = await self._read(task_queries.page, TaskFilter())
            self.open_tasks = [Choice(row.id, row.title) for row in page.rows]
        except DomainError:
            self.detail, self.talk = ActorDetail(), Talk()
        self.loaded = True

    @rx.event
    async def make_code(self) -> None:
        """A claim code to show, also as a picture."""
        made = await self._do(claims.new_code, parse_uuid(self.actor_id))
        if made is not None:
            self.code = made.code
            address = f"{settings().public_url}/network?code={made.code}"
            self.qr = segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#ffffff")

    @rx.event
    async def make_key(self) -> None:
        """A key, shown this once."""
        made = await self._do(keys.issue, parse_uuid(self.actor_id))
        self.secret = made.token if made else ""
        await self._refresh()

    @rx.event
    async def rotate(self, key_id: str) -> None:
        """A new key in place of one that works for another day."""
        made = await self._do(keys.rotate, parse_uuid(self.actor_id), str(key_id)[:12])
        self.secret = made.token if made else ""
        await self._refresh()

    @rx.event
    async def revoke_key(self, key_id: str) -> None:
        """The key is worthless from now on."""
        await self._do(keys.revoke, parse_uuid(self.actor_id), str(key_id)[:12])
        await self._refresh()

    @rx.event
    async def set_status(self, status: str) -> EventSpec | None:
        """Suspend, resume or delete the actor."""
        if status in list(ActorStatus):
            changed = await self._do(actors.set_status, parse_uuid(self.actor_id), ActorStatus(status))
            if changed is not None and changed.status is ActorStatus.DELETED:
                return rx.redirect("/network")
        await self._refresh()
        return None

    @rx.event
    async def hand_on(self, form: dict[str, str]) -> None:
        """Give one of the open tasks to the actor."""
        made = await self._do(delegation.delegate, parse_uuid(form.get("task", "")), parse_uuid(self.actor_id))
        if made is not None:
            await self._say("success", "It is on its way.")
        await self._refresh()

    @rx.event
    async def take_back(self, exchange_id: str) -> None:
        """Take a task back, with all that was handed on below it."""
        count = await self._do(delegation.revoke, parse_uuid(exchange_id))
        if count is not None:
            await self._say("success", "Taken back." if count == 1 else f"Taken back, from {count} in all.")
        await self._refresh()

    @rx.event
    async def set_talk(self, status: str) -> None:
        """Archive the conversation, close it, or open it again."""
        if self.talk.id and status in list(ConversationStatus):
            await self._do(conversations.set_status, parse_uuid(self.talk.id), ConversationStatus(status))
        await self._refresh()

    @rx.event
    async def say(self, form: dict[str, str]) -> None:
        """Write to the actor."""
        await self._do(conversations.say, parse_uuid(self.actor_id), str(form.get("text", ""))[:20_000])
        await self._refresh()
