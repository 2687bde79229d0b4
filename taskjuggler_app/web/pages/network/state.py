"""States of the network pages."""

import asyncio

import reflex as rx
import segno
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tef import (
    actors,
    claims,
    conversations,
    delegation,
    exchange,
    graph,
    keys,
    mailbox,
    queries,
    talks,
)
from taskjuggler_app.domain.tef import rules as delegation_rules
from taskjuggler_app.domain.tef.rows import ActorDetail, ActorRow, EnvelopeRow, RuleRow, TalkRow
from taskjuggler_app.models.tef import ActorStatus, ActorType, ConversationStatus, RelationshipType
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.network import drawing
from taskjuggler_app.web.pages.network.drawing import Picture
from taskjuggler_app.web.pages.network.talk import Talk, talk
from taskjuggler_app.web.session import PageState

_KINDS = {"agent": ActorType.AI_AGENT, "partner": ActorType.HUMAN, "gateway": ActorType.IOT_GATEWAY}


class NetworkState(PageState, rx.State):
    """Everybody the workspace exchanges tasks with."""

    loaded: bool = False
    is_admin: bool = False
    rows: list[ActorRow] = []
    alone: bool = False
    kind: str = ""
    relation: str = ""
    wide: Picture = Picture()
    narrow: Picture = Picture()
    waiting: int = 0
    offered: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show them, all or the kind in the address, and keep them current."""
        self._watch([topics.network(current_principal().team_id)])
        self.error, self.relation = "", ""
        self.offered = str(self.router.url.query_parameters.get("code", ""))[:20]
        self.kind = self._path_arg("kind") if self._path_arg("kind") in list(ActorType) else ""
        await self._refresh()

    async def _refresh(self) -> None:
        self.is_admin = current_principal().is_admin
        rows, ties, held = await asyncio.gather(
            self._read(queries.network), self._read(graph.ties), self._read(queries.held)
        )
        self.alone = all(row.ours and row.kind in ("TEAM", "HUMAN") for row in rows)
        self.rows = [row for row in rows if self.kind in ("", row.kind) and self.relation in ("", row.relation)]
        us = [row for row in rows if row.ours and row.kind == "TEAM" and row not in self.rows]
        self.wide, self.narrow = drawing.wide([*us, *self.rows], ties), drawing.narrow([*us, *self.rows], ties)
        self.waiting, self.loaded = len(held), True

    @rx.event
    async def narrow_to(self, name: str, value: str) -> None:
        """Only one kind of actor, or of relationship; an empty value shows all."""
        if name == "kind" and value in ("", *ActorType):
            self.kind = value
        if name == "relation" and value.upper() in ("", *RelationshipType):
            self.relation = value
        await self._refresh()

    @rx.event
    async def add(self, form: dict[str, str]) -> EventSpec | None:
        """A new actor of the workspace, and go there."""
        kind = _KINDS.get(str(form.get("kind", "")), ActorType.AI_AGENT)
        words = [word.strip() for word in str(form.get("capabilities", ""))[:2000].split(",") if word.strip()]
        address = str(form.get("address", "")).strip()[:500]
        made = await self._do(
            actors.register,
            kind,
            str(form.get("name", ""))[:255],
            capabilities=[{"type": word} for word in words],
            contact_methods=[{"type": "tef", "value": address}] if address else [],
        )
        return None if made is None else rx.redirect(f"/network/{made.id}")

    @rx.event
    async def claim(self, form: dict[str, str]) -> EventSpec | None:
        """Make an actor one's own by its code."""
        return await self._claim(str(form.get("code", "")))

    @rx.event
    async def claim_offered(self) -> EventSpec | None:
        """The same with the code that the page was opened with: a QR code leads here."""
        done = await self._claim(self.offered)
        if self.error:
            await self._say("error", self.error)
        return done

    async def _claim(self, code: str) -> EventSpec | None:
        self.error = ""
        try:
            await run_in_db(limits.count, limits.CLAIM, account=str(current_principal().user_id), ip="")
            made = await self._run(claims.claim, code[:40])
        except DomainError as error:
            self.error = error.message
            return None
        return rx.redirect(f"/network/{made.id}")


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


class TalksState(PageState, rx.State):
    """The conversations with actors."""

    loaded: bool = False
    rows: list[TalkRow] = []

    @rx.event
    async def load(self) -> None:
        """Show them, and keep them current."""
        self._watch([topics.network(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows, self.loaded = await self._read(talks.listed), True


class DeliveriesState(PageState, rx.State):
    """Envelopes in and out, and what waits for a decision."""

    loaded: bool = False
    rows: list[EnvelopeRow] = []
    next_cursor: str = ""
    held: list[EnvelopeRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the newest."""
        self._watch([topics.network(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.held = await self._read(queries.held)
        self.rows, self.next_cursor = await self._read(queries.deliveries)
        self.loaded = True

    @rx.event
    async def more(self) -> None:
        """Older ones."""
        if self.next_cursor:
            rows, self.next_cursor = await self._read(queries.deliveries, self.next_cursor)
            self.rows = [*self.rows, *rows]

    @rx.event
    async def again(self, envelope_id: str) -> None:
        """Deliver a failed one once more."""
        await self._do(mailbox.try_again, parse_uuid(envelope_id))
        await self._refresh()

    @rx.event
    async def admit(self, envelope_id: str) -> None:
        """Take a stranger's task in."""
        if await self._do(exchange.admit, parse_uuid(envelope_id)) is not None:
            await self._say("success", "It is among the tasks now, and you two know each other.")
        await self._refresh()

    @rx.event
    async def turn_away(self, envelope_id: str) -> None:
        """Refuse it."""
        await self._do(exchange.turn_away, parse_uuid(envelope_id))
        await self._refresh()


class DelegationState(PageState, rx.State):
    """Rules that hand tasks on by themselves."""

    loaded: bool = False
    is_admin: bool = False
    rows: list[RuleRow] = []
    choices: list[Choice] = []

    @rx.event
    async def load(self) -> None:
        """Show them."""
        self._watch([topics.network(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.is_admin = current_principal().is_admin
        self.rows = await self._read(queries.rule_rows)
        known = await self._read(queries.network)
        self.choices = [Choice(row.id, row.name) for row in known if row.relation and row.status == "ACTIVE"]
        self.loaded = True

    @rx.event
    async def add(self, form: dict[str, str]) -> None:
        """A rule: tasks whose field has the words go to the actor."""
        field, value = str(form.get("field", "title")), str(form.get("value", "")).strip()[:200]
        operator = "equals" if field in ("priority", "source_type") else "contains"
        scopes = [word.strip() for word in str(form.get("scopes", ""))[:500].split(",") if word.strip()]
        asked = [{"field": field, "operator": operator, "value": value}]
        await self._do(delegation_rules.add, parse_uuid(form.get("actor", "")), asked, scopes=scopes)
        await self._refresh()

    @rx.event
    async def set_active(self, rule_id: str, active: bool) -> None:
        """Switch a rule on or off."""
        await self._do(delegation_rules.set_active, parse_uuid(rule_id), bool(active))
        await self._refresh()

    @rx.event
    async def remove(self, rule_id: str) -> None:
        """Forget a rule."""
        await self._do(delegation_rules.remove, parse_uuid(rule_id))
        await self._refresh()
