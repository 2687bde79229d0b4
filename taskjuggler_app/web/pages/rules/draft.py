"""The rule editor's form: from a rule to what the inputs hold, and back to what the domain takes."""

from dataclasses import dataclass
from typing import Any

from taskjuggler_app.domain.routing.fields import MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.operators import LISTED, Operator
from taskjuggler_app.domain.routing.queries import RuleRow
from taskjuggler_app.web.components import Choice

MOST_CONDITIONS = 20
LONGEST = 500

FIELDS = tuple(Choice(name, name.replace("_", " ")) for name in MESSAGE_FIELDS)
OPERATORS = (
    Choice(Operator.EQUALS, "is"),
    Choice(Operator.NOT_EQUALS, "is not"),
    Choice(Operator.IN, "is one of"),
    Choice(Operator.CONTAINS, "contains"),
    Choice(Operator.GREATER_THAN, "is more than"),
    Choice(Operator.LESS_THAN, "is less than"),
    Choice(Operator.BETWEEN, "is between"),
    Choice(Operator.NOT_IN, "is none of"),
    Choice(Operator.NOT_CONTAINS, "does not contain"),
    Choice(Operator.CONTAINS_ANY, "contains one of"),
    Choice(Operator.CONTAINS_ALL, "contains all of"),
    Choice(Operator.STARTS_WITH, "starts with"),
    Choice(Operator.MATCHES, "matches the pattern"),
    Choice(Operator.IS_EMPTY, "is empty"),
    Choice(Operator.TIME_BETWEEN, "is at a time between"),
    Choice(Operator.DAY_IN, "is on"),
    Choice(Operator.CALLER_IN_LIST, "is in the list"),
    Choice(Operator.CALLER_NOT_IN_LIST, "is not in the list"),
)
WORDS = {choice.value: choice.label for choice in OPERATORS}


@dataclass
class ConditionForm:
    """One condition as typed; `id` tells the rows of the form apart."""

    id: str = ""
    field: str = "category"
    operator: str = Operator.EQUALS.value
    value: str = ""


def condition_forms(row: RuleRow) -> list[ConditionForm]:
    """The conditions of a rule, for the form."""
    return [ConditionForm(str(i), c.field, c.operator, c.value) for i, c in enumerate(row.conditions)]


def parsed(conditions: list[ConditionForm], match_type: str) -> dict[str, Any]:
    """The conditions as the domain takes them; it is the domain that refuses what makes no sense."""
    said = [one for one in conditions if one.value.strip() or one.operator == Operator.IS_EMPTY]
    rules = [{"field": one.field, "operator": one.operator, "value": _value(one)} for one in said]
    return {"match_type": match_type, "rules": rules}


def _value(one: ConditionForm) -> Any:
    text = one.value.strip()
    if one.operator == Operator.IS_EMPTY:
        return text.lower() not in ("no", "false")
    if one.operator in LISTED:
        return [_single(one.field, part.strip()) for part in text.split(",") if part.strip()]
    return _single(one.field, text)


def _single(field: str, text: str) -> Any:
    kind = MESSAGE_FIELDS.get(field)
    if kind is Kind.FLAG and text.lower() in ("true", "yes", "false", "no"):
        return text.lower() in ("true", "yes")
    if kind is Kind.NUMBER:
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    return text


def sentence(row: RuleRow) -> str:
    """When the rule matches, as people say it."""
    joint = " and " if row.match_type == "all" else " or "
    parts = [f"{c.field.replace('_', ' ')} {WORDS.get(c.operator, c.operator)} {c.value}" for c in row.conditions]
    return f"When {joint.join(parts)}" if parts else "Never: it has no conditions"
