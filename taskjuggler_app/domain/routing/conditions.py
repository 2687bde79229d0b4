"""The conditions of a rule, parsed from JSON. What could never be evaluated is refused, with the place named."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing.fields import MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.operators import OPERATORS, Operator

CONDITION_LIMIT = 100
FIELD_LIMIT = 100
_NAMES = frozenset(operator.value for operator in Operator)


class MatchType(StrEnum):
    """Whether every condition has to hold, or one of them."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to the message."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Conditions:
    """The questions of a rule and how their answers combine. None at all: the rule never matches."""

    match_type: MatchType = MatchType.ALL
    rules: tuple[Condition, ...] = ()


def parse(raw: object, *, fields: Mapping[str, Kind] | None = MESSAGE_FIELDS) -> Conditions:
    """Read a bare array (all have to hold) or {match_type: all|any, rules: […]}.

    `fields` names the fields there are; None takes any name. Raises Invalid whose field is the place, as
    "rules[1].operator".
    """
    if isinstance(raw, list):
        return Conditions(MatchType.ALL, _conditions(raw, fields))
    if not isinstance(raw, Mapping):
        raise Invalid("Conditions are a list, or an object with match_type and rules.", "conditions")
    unknown = next((str(key) for key in raw if key not in ("match_type", "rules")), None)
    if unknown is not None:
        raise Invalid(f"Conditions have match_type and rules, but no {unknown!r}.", unknown or "conditions")
    rules = raw.get("rules")
    if not isinstance(rules, list):
        raise Invalid("rules must be a list of conditions.", "rules")
    return Conditions(match_type(raw.get("match_type", "all")), _conditions(rules, fields))


def match_type(raw: object) -> MatchType:
    """all or any. Raises Invalid."""
    if isinstance(raw, str) and raw.casefold() in ("all", "any"):
        return MatchType(raw.casefold())
    raise Invalid("match_type must be all or any.", "match_type")


def dump(conditions: Conditions) -> dict[str, Any]:
    """The stored form, which `parse` reads back."""
    rules = [{"field": c.field, "operator": c.operator.value, "value": c.value} for c in conditions.rules]
    return {"match_type": conditions.match_type.value, "rules": rules}


def _conditions(raw: list[object], fields: Mapping[str, Kind] | None) -> tuple[Condition, ...]:
    if len(raw) > CONDITION_LIMIT:
        raise Invalid(f"A rule has at most {CONDITION_LIMIT} conditions.", "rules")
    return tuple(_condition(item, f"rules[{index}]", fields) for index, item in enumerate(raw))


def _condition(raw: object, place: str, fields: Mapping[str, Kind] | None) -> Condition:
    if not isinstance(raw, Mapping):
        raise Invalid("A condition is an object with field, operator and value.", place)
    unknown = next((str(key) for key in raw if key not in ("field", "operator", "value")), None)
    if unknown is not None:
        raise Invalid(f"A condition has field, operator and value, but no {unknown!r}.", f"{place}.{unknown}")
    field = raw.get("field")
    if not isinstance(field, str) or not field.strip() or len(field) > FIELD_LIMIT:
        raise Invalid("A condition needs the name of a field.", f"{place}.field")
    if fields is not None and field not in fields:
        raise Invalid(f"There is no field called {field!r}.", f"{place}.field")
    name = raw.get("operator")
    if not isinstance(name, str) or name not in _NAMES:
        raise Invalid(f"There is no operator called {name!r}; there are {', '.join(Operator)}.", f"{place}.operator")
    operator = Operator(name)
    if "value" not in raw:
        raise Invalid(f"The operator {name} needs a value.", f"{place}.value")
    problem = OPERATORS[operator].refuses(None if fields is None else fields[field], raw["value"])
    if problem:
        raise Invalid(f"The value for {field} {name.replace('_', ' ')} {problem}.", f"{place}.value")
    return Condition(field, operator, raw["value"])
