"""States of what goes between actors: conversations, deliveries, delegation rules."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tef import (
    exchange,
    mailbox,
    queries,
    talks,
)
from taskjuggler_app.domain.tef import rules as delegation_rules
from taskjuggler_app.domain.tef.rows import EnvelopeRow, RuleRow, TalkRow
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


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
