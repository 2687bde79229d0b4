"""What the rule editor offers to pick from in a workspace, and the rule as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import queries as market
from taskjuggler_app.domain.marketplace.queries import Filter
from taskjuggler_app.domain.receptionist import queries as reception
from taskjuggler_app.domain.routing import actions, conditions, queries, recent
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.rules import tree, vocabulary
from taskjuggler_app.web.pages.rules.actions_form import targets
from taskjuggler_app.web.pages.rules.tree import FormRow

MOST_SENDERS = 50


@dataclass
class Offered:
    """Everything that may be picked."""

    comparisons: dict[str, list[Choice]] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    targets: list[Choice] = field(default_factory=list)
    lists: list[Choice] = field(default_factory=list)
    senders: list[Choice] = field(default_factory=list)


def offered(session: Session, principal: Principal) -> Offered:
    """What the workspace has: its people, channels, lists, and who wrote lately."""
    found = queries.contact_lists(session, principal.team_id)
    people = [(one.id, one.name) for one in teams.members(session, principal)]
    names = [one.name for one in reception.channels(session, principal)]
    seen = recent.recent(session, principal.team_id).facts
    known = {str(one["from"]): recent.sender(one) for one in seen if one.get("from")}
    choices = {name: list(some) for name, some in vocabulary.CHOICES.items()}
    choices["channel"] = [Choice(name, name) for name in dict.fromkeys(names) if name]
    choices["contact_lists"] = [Choice(one.name, one.name) for one in found]
    return Offered(
        vocabulary.comparisons(),
        choices,
        targets(people, market.vendors(session, principal, Filter("vendors")).rows),
        [Choice("", "No list"), *(Choice(str(one.id), one.name) for one in found)],
        [Choice(address, name) for address, name in list(known.items())[:MOST_SENDERS]],
    )


def with_stored(choices: Mapping[str, Sequence[Choice]], rows: Sequence[FormRow]) -> dict[str, list[Choice]]:
    """The choices, and beside them what a rule already asks for: a list that was renamed stays visible."""
    made = {name: list(some) for name, some in choices.items()}
    for row in rows:
        some = made.get(row.pick)
        if some is None or row.pick == "none":
            continue
        for value in (row.value, row.until, *row.picked):
            if value and value not in [one.value for one in some]:
                some.append(Choice(value, value))
    return made


def read_json(text: str) -> tuple[str, list[FormRow], dict[str, Any]]:
    """How the conditions combine, their lines, and the actions. Raises Invalid with the place."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"This is not JSON: {error}.") from None
    if not isinstance(said, dict) or not set(said) <= {"conditions", "actions"}:
        raise Invalid("A rule is an object with conditions and actions.")
    parsed = conditions.parse(said.get("conditions"))
    does = actions.checked(said.get("actions") or {})
    match_type, rows = tree.rows_of(conditions.dump(parsed))
    return match_type, rows, does
