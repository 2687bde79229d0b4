"""States of the rule list and the rule editor."""

from dataclasses import dataclass, replace

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.routing import queries, service
from taskjuggler_app.domain.routing.queries import RuleRow
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.rules.draft import (
    LONGEST,
    MOST_CONDITIONS,
    ConditionForm,
    condition_forms,
    parsed,
    sentence,
)
from taskjuggler_app.web.session import PageState


@dataclass
class RuleLine:
    """A rule in the list."""

    id: str = ""
    name: str = ""
    when: str = ""
    then: str = ""
    is_active: bool = True
    times_matched: int = 0
    last_matched_at: str = ""
    problem: str = ""


class RulesState(PageState, rx.State):
    """The rules in the order tried."""

    loaded: bool = False
    rows: list[RuleLine] = []

    @rx.event
    async def load(self) -> None:
        """Show the rules."""
        self._watch([topics.rules(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = [_line(row) for row in await self._read(queries.rules)]
        self.loaded = True

    @rx.event
    async def set_active(self, rule_id: str, active: bool) -> None:
        """Switch a rule on or off."""
        await self._do(service.set_active, parse_uuid(rule_id), bool(active))
        await self._refresh()

    @rx.event
    async def earlier(self, rule_id: str) -> None:
        """Try a rule before the one above it."""
        await self._do(service.move, parse_uuid(rule_id), -1)
        await self._refresh()

    @rx.event
    async def later(self, rule_id: str) -> None:
        """Try a rule after the one below it."""
        await self._do(service.move, parse_uuid(rule_id), 1)
        await self._refresh()

    @rx.event
    async def duplicate(self, rule_id: str) -> None:
        """A copy right after the rule, switched off."""
        if await self._do(service.duplicate, parse_uuid(rule_id)) is not None:
            await self._say("success", "Copied. The copy is off until you switch it on.")
        await self._refresh()

    @rx.event
    async def delete(self, rule_id: str) -> None:
        """Remove a rule."""
        await self._do(service.delete, parse_uuid(rule_id))
        await self._say("success", "Rule deleted.")
        await self._refresh()


class RuleState(PageState, rx.State):
    """The editor of one rule, or of a new one."""

    loaded: bool = False
    rule_id: str = ""
    name: str = ""
    match_type: str = "all"
    conditions: list[ConditionForm] = []
    member_id: str = ""
    priority: str = "normal"
    tags: str = ""
    members: list[Choice] = []
    error: str = ""
    _stored: RuleRow | None = None

    @rx.event
    async def load(self) -> None:
        """Show the rule that the address names, or an empty form."""
        self.loaded, self.error = False, ""
        self.rule_id = self._path_arg("rule")
        row = RuleRow(conditions=[])
        if self.rule_id != "new":
            rows = await self._read(queries.rules)
            row = next((one for one in rows if one.id == self.rule_id), row)
        self.name, self.match_type, self.priority = row.name, row.match_type, row.task_priority
        self.conditions = condition_forms(row) or [ConditionForm("0")]
        self.member_id, self.tags, self._stored = row.team_member_id, ", ".join(row.tags), row
        people = await self._read(teams.members)
        self.members = [Choice("", "The channel's owner"), *(Choice(one.id, one.name) for one in people)]
        self.loaded = True

    @rx.event
    async def set_name(self, value: str) -> None:
        """The rule's name."""
        self.name = str(value)[:LONGEST]

    @rx.event
    async def set_match_type(self, value: str) -> None:
        """Every condition, or any of them."""
        self.match_type = "any" if value == "any" else "all"

    @rx.event
    async def set_member(self, value: str) -> None:
        """Who gets the task."""
        self.member_id = str(value)[:36]

    @rx.event
    async def set_priority(self, value: str) -> None:
        """The task's priority."""
        self.priority = str(value)[:20]

    @rx.event
    async def set_tags(self, value: str) -> None:
        """The task's tags, separated by commas."""
        self.tags = str(value)[:LONGEST]

    @rx.event
    async def set_condition(self, condition_id: str, part: str, value: str) -> None:
        """One input of one condition."""
        if part in ("field", "operator", "value"):
            change = {str(part): str(value)[:LONGEST]}
            self.conditions = [replace(one, **change) if one.id == condition_id else one for one in self.conditions]

    @rx.event
    async def add_condition(self) -> None:
        """One more condition."""
        if len(self.conditions) < MOST_CONDITIONS:
            newest = max((int(one.id) for one in self.conditions), default=-1)
            self.conditions = [*self.conditions, ConditionForm(str(newest + 1))]

    @rx.event
    async def remove_condition(self, condition_id: str) -> None:
        """One condition less."""
        self.conditions = [one for one in self.conditions if one.id != condition_id]

    @rx.event
    async def save(self) -> EventSpec | None:
        """Store the rule; what could never work is refused, with the place named."""
        stored = self._stored or RuleRow()
        kept = {name: value for name, value in stored.actions.items() if name not in ("assign_to", "team_member_id")}
        target = {"assign_to": "team_member", "team_member_id": self.member_id} if self.member_id else {}
        tags = [tag.strip().removeprefix("#") for tag in self.tags.split(",") if tag.strip().removeprefix("#")]
        draft = {
            "name": self.name,
            "description": stored.description,
            "conditions": stored.raw if stored.has_groups else parsed(self.conditions, self.match_type),
            "actions": {**kept, "assign_to": "self", **target, "priority": self.priority, "tags": tags},
        }
        try:
            if self.rule_id == "new":
                await self._run(service.create, draft)
            else:
                await self._run(service.change, parse_uuid(self.rule_id), draft)
        except DomainError as error:
            place = f" ({error.field})" if isinstance(error, Invalid) and error.field else ""
            self.error = f"{error.message}{place}"
            return None
        await self._say("success", "Rule saved. It counts from the next message on.")
        return rx.redirect("/rules")


def _line(row: RuleRow) -> RuleLine:
    return RuleLine(
        id=row.id,
        name=row.name,
        when=sentence(row),
        then=row.then,
        is_active=row.is_active,
        times_matched=row.times_matched,
        last_matched_at=row.last_matched_at,
        problem=row.problem,
    )
