"""The workload of the routing benchmark: rules as data and as each peer's language, and the messages.

11 fields. A rule has 1 to 4 conditions that all have to hold: 45 % equality, 10 % in, 20 % range, 13 % contains, the
rest not_equals, starts_with and boolean. A rule matches fewer than 0.5 % of the messages; 70 % of the rules end the
search, after the others it goes on. All text is lower case, so that no peer has to fold it.
"""

import random
from typing import Any

CHOICES = {
    "category": ["maintenance", "scheduling", "billing", "sales", "support", "legal", "research", "general"],
    "channel": [f"line {number}" for number in range(20)],
    "urgency": ["low", "normal", "high", "urgent"],
    "language": ["en", "es", "fr", "de", "pt"],
    "sender": [f"+1207555{number:04d}" for number in range(2000)],
    "location": [f"{number} {street}" for number in range(1, 61) for street in ("elm", "oak", "pine", "main", "bay")],
    "account": [f"a{number}" for number in range(500)],
}
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wa")
VOCABULARY = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in ("", *_SYLLABLES[:8])]
WEIGHTS = [1 / (rank + 10) for rank in range(len(VOCABULARY))]
BODY_WORDS = 20
MOST, USUAL = 0.005, 0.0013
_TOTAL = sum(WEIGHTS)


def messages(count: int, seed: int) -> list[dict[str, Any]]:
    """Flat messages."""
    chance = random.Random(seed)
    return [
        {
            **{field: chance.choice(values) for field, values in CHOICES.items()},
            "amount": chance.randint(0, 10_000),
            "score": round(chance.random(), 4),
            "attached": chance.random() < 0.2,
            "body": " ".join(chance.choices(VOCABULARY, WEIGHTS, k=BODY_WORDS)),
        }
        for _ in range(count)
    ]


def rules(count: int, seed: int) -> list[dict[str, Any]]:
    """Rules in the order tried; `stop` is whether the search ends with them."""
    chance = random.Random(seed)
    found: list[dict[str, Any]] = []
    while len(found) < count:
        conditions: list[dict[str, Any]] = []
        share = 1.0
        for _ in range(chance.randint(1, 4)):
            condition, part = _condition(chance)
            if condition["field"] not in [one["field"] for one in conditions]:
                conditions.append(condition)
                share *= part
        if share < MOST and chance.random() < USUAL / share:
            found.append({"name": f"r{len(found)}", "conditions": conditions, "stop": chance.random() < 0.7})
    return found


def _condition(chance: random.Random) -> tuple[dict[str, Any], float]:
    """A condition and the share of messages that it fits."""
    kind = chance.random()
    if kind < 0.45:
        field = chance.choice(list(CHOICES))
        return _said(field, "equals", chance.choice(CHOICES[field])), 1 / len(CHOICES[field])
    if kind < 0.55:
        field = chance.choice(list(CHOICES))
        some = chance.sample(CHOICES[field], 2)
        return _said(field, "in", some), 2 / len(CHOICES[field])
    if kind < 0.75:
        part = chance.uniform(0.01, 0.4)
        if chance.random() < 0.5:
            return _said("amount", "greater_than", round(10_000 * (1 - part))), part
        return _said("score", "less_than", round(part, 3)), part
    if kind < 0.88:
        place = chance.randrange(40, len(VOCABULARY))
        part = min(1.0, BODY_WORDS * WEIGHTS[place] / _TOTAL)
        return _said("body", "contains", VOCABULARY[place]), part
    if kind < 0.92:
        field = chance.choice(("category", "urgency", "language"))
        return _said(field, "not_equals", chance.choice(CHOICES[field])), 1 - 1 / len(CHOICES[field])
    if kind < 0.96:
        start = f"+1207555{chance.randrange(20):02d}{chance.randrange(10)}"
        return _said("sender", "starts_with", start), 10 / 2000
    return _said("attached", "equals", True), 0.2


def _said(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


_IN_BOTH = {"equals": "==", "not_equals": "!=", "greater_than": ">", "less_than": "<"}


def as_rule_engine(rule: dict[str, Any]) -> str:
    """The rule in the language of PyPI rule-engine."""
    return " and ".join(_python(one) for one in rule["conditions"])


def as_cel(rule: dict[str, Any]) -> str:
    """The rule in the Common Expression Language."""
    return " && ".join(_cel(one) for one in rule["conditions"])


def as_json_rule(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """The conditions for npm json-rules-engine; containsText and startsWith are operators added to it."""
    names = {
        "equals": "equal",
        "not_equals": "notEqual",
        "in": "in",
        "greater_than": "greaterThan",
        "less_than": "lessThan",
        "contains": "containsText",
        "starts_with": "startsWith",
    }
    return [
        {"fact": one["field"], "operator": names[one["operator"]], "value": one["value"]} for one in rule["conditions"]
    ]


def _python(one: dict[str, Any]) -> str:
    field, operator, value = one["field"], one["operator"], one["value"]
    if operator == "contains":
        return f'"{value}" in {field}'
    if operator == "starts_with":
        return f'{field}.starts_with("{value}")'
    if operator == "in":
        return f"{field} in [{', '.join(_literal(item) for item in value)}]"
    return f"{field} {_IN_BOTH[operator]} {_literal(value)}"


def _cel(one: dict[str, Any]) -> str:
    field, operator, value = one["field"], one["operator"], one["value"]
    if operator == "contains":
        return f'{field}.contains("{value}")'
    if operator == "starts_with":
        return f'{field}.startsWith("{value}")'
    if operator == "in":
        return f"{field} in [{', '.join(_literal(item) for item in value)}]"
    return f"{field} {_IN_BOTH[operator]} {_literal(value)}"


def _literal(value: Any) -> str:
    return (
        ("true" if value else "false")
        if isinstance(value, bool)
        else f'"{value}"'
        if isinstance(value, str)
        else str(value)
    )
