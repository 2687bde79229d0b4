"""The state of the rule list."""

from dataclasses import dataclass

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.routing import queries, service
from taskjuggler_app.domain.routing.queries import RuleRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.rules.undoing import Undoing


@dataclass
class RuleLine:
    """A rule in the list."""

    id: str = ""
    number: int = 0
    name: str = ""
    when: str = ""
    then: str = ""
    is_active: bool = True
    times_matched: int = 0
    last_matched_at: str = ""
    problem: str = ""


class RulesState(Undoing, rx.State):
    """The rules in the order tried."""

    loaded: bool = False
    rows: list[RuleLine] = []

    @rx.event
    async def load(self) -> None:
        """Show the rules."""
        self._watch([topics.rules(current_principal().team_id)])
        self.done = ""
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._read(queries.rules)
        self.rows = [_line(number, row) for number, row in enumerate(found, 1)]
        self.loaded = True

    @rx.event
    async def set_active(self, rule_id: str, active: bool) -> None:
        """Switch a rule on or off."""
        said = "switched on" if active is True else "switched off"
        await self._undoable(f"“{self._name(rule_id)}” is {said}.", service.set_active, rule_id, active is True)

    @rx.event
    async def earlier(self, rule_id: str) -> None:
        """Try a rule before the one above it."""
        await self._undoable(f"“{self._name(rule_id)}” is tried earlier.", service.move, rule_id, -1)

    @rx.event
    async def later(self, rule_id: str) -> None:
        """Try a rule after the one below it."""
        await self._undoable(f"“{self._name(rule_id)}” is tried later.", service.move, rule_id, 1)

    @rx.event
    async def dropped(self, value: str) -> None:
        """A rule was dragged onto another: "rule|place"."""
        rule_id, _, place = str(value).partition("|")
        if rule_id != place:
            said = f"“{self._name(rule_id)}” stands elsewhere now."
            await self._undoable(said, service.take_place, rule_id, parse_uuid(place))

    @rx.event
    async def duplicate(self, rule_id: str) -> None:
        """A copy right after the rule, switched off."""
        await self._undoable(f"“{self._name(rule_id)}” is copied; the copy is off.", service.duplicate, rule_id)

    @rx.event
    async def delete(self, rule_id: str) -> None:
        """Remove a rule."""
        await self._undoable(f"“{self._name(rule_id)}” is deleted.", service.delete, rule_id)

    def _name(self, rule_id: str) -> str:
        return next((row.name for row in self.rows if row.id == rule_id), "The rule")


def _line(number: int, row: RuleRow) -> RuleLine:
    return RuleLine(
        id=row.id,
        number=number,
        name=row.name,
        when=row.when,
        then=row.then,
        is_active=row.is_active,
        times_matched=row.times_matched,
        last_matched_at=row.last_matched_at,
        problem=row.problem,
    )
