"""The conditions of a rule, parsed from JSON. What could never be evaluated is refused, with the place named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing.fields import MESSAGE_FIELDS, Kind, kind_of
from taskjuggler_app.domain.routing.operators import CALLER_OPERATORS, LISTED, OPERATORS, Operator

CONDITION_LIMIT = 100
FIELD_LIMIT = 100
DEPTH_LIMIT = 8
_NAMES = frozenset(operator.value for operator in Operator)
_SPANS = (("from", "to"), ("start", "end"), ("min", "max"), ("low", "high"))
_OPTIONAL = frozenset({Operator.IS_EMPTY})
Fields: TypeAlias = Mapping[str, Kind] | None
"""The fields there are; None takes any name."""


class MatchType(StrEnum):
    """How the conditions of a group combine: every one holds, one of them does, not all of them do."""

    ALL = "all"
    ANY = "any"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to the message."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    """Questions inside a rule's conditions. `not` holds when all of its questions together do not."""

    match_type: MatchType
    rules: "tuple[Condition | Group, ...]"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The questions of a rule and how their answers combine. None at all: the rule never matches."""

    match_type: MatchType = MatchType.ALL
    rules: tuple[Condition | Group, ...] = ()


def parse(raw: object, *, fields: Fields = MESSAGE_FIELDS) -> Conditions:
    """Read a bare array (all have to hold) or {match_type: all|any, rules: […]}.

    Items are conditions {field, operator, value} or groups: {match_type: all|any|not, rules: […]}, or shorter
    {all: […]}, {any: […]}, {not: …}. Raises Invalid whose field is the place, as "rules[1].rules[0].operator".
    """
    counted = _Counted()
    if isinstance(raw, list):
        return Conditions(MatchType.ALL, _items(raw, fields, "rules", counted))
    if not isinstance(raw, Mapping):
        raise Invalid("Conditions are a list, or an object with match_type and rules.", "conditions")
    if _short(raw) is not None:
        group = _group(raw, "conditions", fields, counted)
        return Conditions(MatchType.ALL, (group,)) if group.match_type is MatchType.NOT else Conditions(*_parts(group))
    unknown = next((str(key) for key in raw if key not in ("match_type", "rules")), None)
    if unknown is not None:
        raise Invalid(f"Conditions have match_type and rules, but no {unknown!r}.", unknown or "conditions")
    rules = raw.get("rules")
    if not isinstance(rules, list):
        raise Invalid("rules must be a list of conditions.", "rules")
    return Conditions(match_type(raw.get("match_type", "all")), _items(rules, fields, "rules", counted))


def match_type(raw: object) -> MatchType:
    """all or any. Raises Invalid."""
    if isinstance(raw, str) and raw.casefold() in ("all", "any"):
        return MatchType(raw.casefold())
    raise Invalid("match_type must be all or any.", "match_type")


def dump(conditions: Conditions) -> dict[str, Any]:
    """The stored form, which `parse` reads back."""
    return {"match_type": conditions.match_type.value, "rules": [_dumped(item) for item in conditions.rules]}


def flat(conditions: Conditions | Group) -> Iterator[Condition]:
    """Every single condition, in order, whatever group it is in."""
    for item in conditions.rules:
        if isinstance(item, Condition):
            yield item
        else:
            yield from flat(item)


class _Counted:
    """How many conditions have been read."""

    number = 0


def _dumped(item: Condition | Group) -> dict[str, Any]:
    if isinstance(item, Group):
        return {"match_type": item.match_type.value, "rules": [_dumped(one) for one in item.rules]}
    return {"field": item.field, "operator": item.operator.value, "value": item.value}


def _parts(group: Group) -> tuple[MatchType, tuple[Condition | Group, ...]]:
    return group.match_type, group.rules


def _items(
    raw: list[Any], fields: Fields, place: str, counted: _Counted, depth: int = 0
) -> tuple[Condition | Group, ...]:
    return tuple(_item(item, f"{place}[{index}]", fields, counted, depth) for index, item in enumerate(raw))


def _item(raw: object, place: str, fields: Fields, counted: _Counted, depth: int) -> Condition | Group:
    if isinstance(raw, Mapping) and (_short(raw) is not None or "rules" in raw):
        if depth >= DEPTH_LIMIT:
            raise Invalid(f"Groups are nested at most {DEPTH_LIMIT} deep.", place)
        return _group(raw, place, fields, counted, depth)
    counted.number += 1
    if counted.number > CONDITION_LIMIT:
        raise Invalid(f"A rule has at most {CONDITION_LIMIT} conditions.", "rules")
    return _condition(raw, place, fields)


def _short(raw: Mapping[Any, Any]) -> MatchType | None:
    """The kind of a group in its short form {all: […]}."""
    return next((kind for kind in MatchType if set(raw) == {kind.value}), None)


def _group(raw: Mapping[Any, Any], place: str, fields: Fields, counted: _Counted, depth: int = 0) -> Group:
    short = _short(raw)
    if short is not None:
        kind, rules, inside = short, raw[short.value], f"{place}.{short.value}"
    else:
        unknown = next((str(key) for key in raw if key not in ("match_type", "rules")), None)
        if unknown is not None:
            raise Invalid(f"A group has match_type and rules, but no {unknown!r}.", f"{place}.{unknown}")
        said = raw.get("match_type", "all")
        if not isinstance(said, str) or said.casefold() not in list(MatchType):
            raise Invalid("A group's match_type is all, any or not.", f"{place}.match_type")
        kind, rules, inside = MatchType(said.casefold()), raw["rules"], f"{place}.rules"
    if kind is MatchType.NOT and isinstance(rules, Mapping):
        rules = [rules]
    if not isinstance(rules, list) or not rules:
        raise Invalid("A group needs a list of at least one condition.", inside)
    return Group(kind, _items(rules, fields, inside, counted, depth + 1))


def _condition(raw: object, place: str, fields: Fields) -> Condition:
    if not isinstance(raw, Mapping):
        raise Invalid("A condition is an object with field, operator and value.", place)
    unknown = next((str(key) for key in raw if key not in ("field", "operator", "value")), None)
    if unknown is not None:
        raise Invalid(f"A condition has field, operator and value, but no {unknown!r}.", f"{place}.{unknown}")
    field = raw.get("field")
    if not isinstance(field, str) or not field.strip() or len(field) > FIELD_LIMIT:
        raise Invalid("A condition needs the name of a field.", f"{place}.field")
    try:
        kind = None if fields is None else kind_of(field, fields)
    except KeyError:
        raise Invalid(f"There is no field called {field!r}.", f"{place}.field") from None
    name = raw.get("operator")
    if not isinstance(name, str) or name not in _NAMES:
        raise Invalid(f"There is no operator called {name!r}; there are {', '.join(Operator)}.", f"{place}.operator")
    operator = Operator(name)
    if "value" not in raw and operator not in _OPTIONAL:
        raise Invalid(f"The operator {name} needs a value.", f"{place}.value")
    value = _usual(operator, raw.get("value"))
    if operator in CALLER_OPERATORS and fields is not None and field not in ("from", "contact_lists"):
        raise Invalid("Whether the sender is in a list is asked of the field from.", f"{place}.field")
    problem = OPERATORS[operator].refuses(kind, value)
    if problem:
        raise Invalid(f"The value for {field} {name.replace('_', ' ')} {problem}.", f"{place}.value")
    return Condition(field, operator, value)


def _usual(operator: Operator, value: Any) -> Any:
    """The value in the one form that is kept: spans as [from, to], names of days and lists as a list."""
    if operator is Operator.IS_EMPTY:
        return True if value is None or value == "" else value
    if operator not in LISTED:
        return value
    if isinstance(value, Mapping):
        ends = next((ends for ends in _SPANS if set(value) == set(ends)), None)
        return [value[ends[0]], value[ends[1]]] if ends else value
    if operator is Operator.TIME_BETWEEN and isinstance(value, str) and value.count("-") == 1:
        return [end.strip() for end in value.split("-")]
    if operator in (Operator.DAY_IN, *CALLER_OPERATORS) and isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, tuple) else value
