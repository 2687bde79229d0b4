"""Making up a message that a rule fits, so that a claim about rules can be shown and tried."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

from taskjuggler_app.domain.routing import comparing, proving
from taskjuggler_app.domain.routing.compiling import CALLER_FACT
from taskjuggler_app.domain.routing.conditions import Conditions
from taskjuggler_app.domain.routing.engine import matches
from taskjuggler_app.domain.routing.fields import MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.literals import Literal, terms
from taskjuggler_app.domain.routing.operators import Operator

_LISTS = frozenset({Kind.LIST, Kind.DATES, Kind.TIMES})
_ELSE = "something else"
_MOST = 400
_LONGEST_SAMPLE = 200
_FILLED: tuple[tuple[str, Any], ...] = (
    (r"\\d", "1"),
    (r"\\s", " "),
    (r"\\[wSD]", "x"),
    (r"\\[bBAzZ]", ""),
    (r"\[(\w)[^\]]*\]", r"\1"),
    (r"\[[^\]]*\]", "-"),
    (r"(.)\{(\d)(,\d*)?\}", lambda found: found[1] * int(found[2])),
    (r"\\(.)", r"\1"),
    (r"(?<!\\)[\^$?*+()]", ""),
    (r"\.", "x"),
)
"""What to write for the parts of an expression, in this order."""


def message(conditions: Conditions) -> dict[str, Any] | None:
    """A message that fits the conditions, tried by the engine itself; None when none was found."""
    for term in terms(conditions) or []:
        made = for_answers(term)
        if made is not None and matches(conditions, made):
            return made
    return None


def for_answers(term: Sequence[Literal]) -> dict[str, Any] | None:
    """A message that gives all answers; None when none was found."""
    slots: dict[str, list[Literal]] = {}
    for one in term:
        slots.setdefault(one.slot, []).append(one)
    facts: dict[str, Any] = {}
    for family, some in proving.kin(term, 1):
        together = family.message(some)
        if together is None:
            return None
        facts |= together
        slots = {slot: asked for slot, asked in slots.items() if slot not in family.fields}
    for slot in sorted(slots, key=lambda name: name.startswith("caller:")):
        if slot.startswith("caller:"):
            _add_lists(facts, slots[slot])
        elif not _add_value(facts, slot, slots[slot]):
            return None
    return facts if all(one.fits(facts) for one in term) else None


def _add_value(facts: dict[str, Any], slot: str, literals: Sequence[Literal]) -> bool:
    for value in _pool(slot, literals):
        if all(one.holds(value) for one in literals):
            if value is not None:
                facts[slot] = value
            return True
    return False


def _add_lists(facts: dict[str, Any], literals: Sequence[Literal]) -> None:
    """Put the sender on a list for each question that asks for one, and on none that is refused."""
    refused = {comparing.text(value) for one in literals if not one.wanted for value in one.condition.value}
    lists = list(facts.get(CALLER_FACT) or [])
    for one in literals:
        free = [value for value in one.condition.value if comparing.text(value) not in refused]
        if one.wanted and free:
            lists.append(free[0])
    if lists:
        facts[CALLER_FACT] = lists


def _pool(slot: str, literals: Sequence[Literal]) -> list[Any]:
    """Values of the slot worth trying, the telling ones first."""
    kind = MESSAGE_FIELDS.get(slot)
    wanted = [one for one in literals if one.wanted]
    single = [*proving.candidates(slot, wanted), *_texts(wanted), *proving.candidates(slot, literals)]
    if kind in _LISTS:
        every = [one for one in single if isinstance(one, str)]
        parts = [[value for value in every if one.holds([value])][:8] for one in wanted]
        together: list[Any] = [list(dict.fromkeys(some)) for some in list(product(*parts))[:_MOST]] if parts else []
        return [*together, None, [], *[[one] for one in every], [_ELSE]]
    if kind is None:
        single += [value for one in wanted for value in comparing.values(one.condition.value)]
        single += [value + step for value in single for step in (-1, 1) if isinstance(value, int | float)]
        single += [5, "12:00", "2026-03-02"]
    return [*single, None, _ELSE, "", *([True] if kind is None else [])][:_MOST]


def _texts(wanted: Sequence[Literal]) -> list[str]:
    """Texts made of the pieces that are asked for."""
    start = max((_said(one) for one in wanted if one.condition.operator is Operator.STARTS_WITH), key=len, default="")
    inside = [_said(one) for one in wanted if one.condition.operator is Operator.CONTAINS]
    samples = [_sample(str(one.condition.value)) for one in wanted if one.condition.operator is Operator.MATCHES]
    pieces = [piece for piece in (start, *inside, *samples) if piece]
    if not pieces:
        return []
    return [*pieces, " ".join(pieces), "".join(pieces), " ".join([*samples, start, *inside]).strip()]


def _said(one: Literal) -> str:
    return str(one.condition.value)


def _sample(expression: str) -> str:
    """A text that a simple expression finds: its first alternative with classes and escapes filled in. Whoever uses it
    tries it."""
    first = re.sub(r"\(\?[:a-zA-Z<>]*", "(", expression).split("|")[0]
    for pattern, filled in _FILLED:
        first = re.sub(pattern, filled, first)
    return first[:_LONGEST_SAMPLE]
