"""Compiling rules: each becomes a few terms (literals that all have to hold), each term a bit, each field an index.

A message then costs one lookup and one AND a field, whatever the number of rules; what no table can answer exactly
is asked of the surviving terms only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType
from taskjuggler_app.domain.routing.index import FieldIndex
from taskjuggler_app.domain.routing.operators import CALLER_OPERATORS, OPERATORS, Operator

TERM_LIMIT = 16
Facts = Mapping[str, Any]
Asked: TypeAlias = tuple[Condition, bool]
"""A condition and the answer it has to give."""
Term: TypeAlias = "tuple[Asked, ...] | Conditions"
"""Literals, or conditions too entangled to be taken apart."""
CALLER_FACT = "contact_lists"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the engine sees it; what to do when it matches is the caller's, found again by `id`.

    `continues`: rules after it are tried too.
    """

    name: str
    conditions: Conditions
    priority: int = 100
    id: str | None = None
    continues: bool = False


def seen(condition: Condition, facts: Facts) -> Any:
    """What the message has for the condition: for questions about lists, the sender and the lists they are in."""
    if condition.operator in CALLER_OPERATORS:
        return _caller(condition.field, facts)
    return facts.get(condition.field)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether one condition holds."""
    return OPERATORS[condition.operator].holds(condition.field, seen(condition, facts), condition.value)


def group_holds(group: Conditions | Group, facts: Facts) -> bool:
    """Whether the conditions hold together. Never without any."""
    if not group.rules:
        return False
    answers = (holds(item, facts) if isinstance(item, Condition) else group_holds(item, facts) for item in group.rules)
    if group.match_type is MatchType.ANY:
        return any(answers)
    return all(answers) is (group.match_type is MatchType.ALL)


class RuleSet:
    """Rules in the order tried, ready to be held against messages. Never changes: `replaced` gives another one."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules: tuple[Rule, ...] = tuple(sorted(rules, key=lambda rule: rule.priority))
        self._owners: list[int] = []
        self._slots: list[tuple[int, int]] = []
        self._later: dict[int, Term] = {}
        self._indexes: dict[tuple[str, bool], FieldIndex] = {}
        self._live = 0
        for place, rule in enumerate(self.rules):
            terms = terms_of(rule.conditions)
            first = len(self._owners)
            self._slots.append((first, len(terms)))
            self._owners.extend([place] * len(terms))
            self._take(terms, first)
        self._finish(list(self._indexes))

    def first(self, facts: Facts) -> Rule | None:
        """The first rule that matches."""
        for place in self._matching(facts):
            return self.rules[place]
        return None

    def matched(self, facts: Facts) -> list[Rule]:
        """The rules that decide: those that continue, up to the first that does not."""
        if not (left := self._left(facts)):
            return []
        found: list[Rule] = []
        last = -1
        while left:
            low = left & -left
            left ^= low
            place = low.bit_length() - 1
            owner = self._owners[place]
            if owner != last and (place not in self._later or _survives(self._later[place], facts)):
                last, rule = owner, self.rules[owner]
                found.append(rule)
                if not rule.continues:
                    break
        return found

    def all(self, facts: Facts) -> list[Rule]:
        """Every rule that matches."""
        return [self.rules[place] for place in self._matching(facts)]

    def replaced(self, place: int, rule: Rule) -> "RuleSet":
        """The same rules but for one, which keeps its place and priority. What did not change is shared."""
        terms = terms_of(rule.conditions)
        first, size = self._slots[place]
        rules = (*self.rules[:place], rule, *self.rules[place + 1 :])
        if len(terms) > size or rule.priority != self.rules[place].priority:
            return RuleSet(rules)
        made = object.__new__(RuleSet)
        made.rules, made._owners, made._slots = rules, self._owners, self._slots
        bits = ((1 << size) - 1) << first
        made._later = {bit: term for bit, term in self._later.items() if not first <= bit < first + size}
        made._indexes, made._live = dict(self._indexes), self._live & ~bits
        before = terms_of(self.rules[place].conditions)
        changed = {key for term in (*before, *terms) for key in _keys(term)}
        for key in changed & self._indexes.keys():
            made._indexes[key] = self._indexes[key].copy()
        for asked in (asked for term in before if not isinstance(term, Conditions) for asked in term):
            if (condition := _straight(asked)) is not None:
                made._indexes[_key(condition)].drop(condition, bits)
        made._take(terms, first)
        made._finish(changed)
        return made

    def _take(self, terms: Sequence[Term], first: int) -> None:
        for place, term in enumerate(terms, start=first):
            bit = 1 << place
            self._live |= bit
            if isinstance(term, Conditions):
                self._later[place] = term
                continue
            later = tuple(asked for asked in term if not self._indexed(asked, bit))
            if later:
                self._later[place] = later

    def _indexed(self, asked: Asked, bit: int) -> bool:
        condition = _straight(asked)
        if condition is None:
            return False
        key = _key(condition)
        if key not in self._indexes:
            self._indexes[key] = FieldIndex(condition.field)
        return self._indexes[key].add(condition, bit)

    def _finish(self, changed: Iterable[tuple[str, bool]]) -> None:
        full = (1 << len(self._owners)) - 1
        for key in changed:
            if key in self._indexes:
                self._indexes[key].finish(full)
        plain = [index for (_, caller), index in self._indexes.items() if not caller]
        quick = [index for index in plain if not (index.inside.has or index.outside.has)]
        self._quick = [(index.field, index.known, index.missing, index.mask) for index in quick]
        self._slow = [index for index in plain if index.inside.has or index.outside.has]
        self._callers = [index for (_, caller), index in self._indexes.items() if caller]

    def _left(self, facts: Facts) -> int:
        """The terms that no index excludes, as bits."""
        left = self._live
        get = facts.get
        for field, known, missing, mask in self._quick:
            value = get(field)
            if value.__class__ is str:
                found = known.get(value)
                left &= mask(value) if found is None else found
            elif value is None:
                left &= missing
            else:
                left &= mask(value)
        for index in self._slow:
            if left & index.asks:
                value = get(index.field)
                left &= index.missing if value is None else index.mask(value)
        for index in self._callers:
            left &= index.mask(_caller(index.field, facts))
        return left

    def _matching(self, facts: Facts) -> Iterator[int]:
        """The places of the rules that match, in order."""
        left = self._left(facts)
        last = -1
        while left:
            low = left & -left
            left ^= low
            place = low.bit_length() - 1
            owner = self._owners[place]
            if owner != last and (place not in self._later or _survives(self._later[place], facts)):
                last = owner
                yield owner


def terms_of(conditions: Conditions) -> list[Term]:
    """The conditions as alternatives of literals; the conditions themselves when there would be too many."""
    if not conditions.rules:
        return []
    found = _alternatives(conditions, True)
    return list(found) if found is not None else [conditions]


def _alternatives(item: Condition | Group | Conditions, wanted: bool) -> list[tuple[Asked, ...]] | None:
    if isinstance(item, Condition):
        if item.operator is Operator.CONTAINS_ALL and wanted:
            return [tuple((Condition(item.field, Operator.CONTAINS, one), True) for one in item.value)]
        return [((item, wanted),)]
    wanted = wanted is (item.match_type is not MatchType.NOT)
    together = (item.match_type is not MatchType.ANY) is wanted
    found: list[tuple[Asked, ...]] = [()] if together else []
    for one in item.rules:
        inner = _alternatives(one, wanted)
        if inner is None:
            return None
        found = [(*left, *right) for left in found for right in inner] if together else [*found, *inner]
        if len(found) > TERM_LIMIT:
            return None
    return found


def _straight(asked: Asked) -> Condition | None:
    """The literal as a condition that has to hold; None when no operator says the opposite."""
    condition, wanted = asked
    if wanted:
        return condition
    if condition.operator is Operator.IS_EMPTY:
        return Condition(condition.field, condition.operator, condition.value is False)
    opposite = OPERATORS[condition.operator].opposite
    return Condition(condition.field, opposite, condition.value) if opposite else None


def _survives(term: Term, facts: Facts) -> bool:
    if isinstance(term, Conditions):
        return group_holds(term, facts)
    return all(holds(condition, facts) is wanted for condition, wanted in term)


def _key(condition: Condition) -> tuple[str, bool]:
    return condition.field, condition.operator in CALLER_OPERATORS


def _keys(term: Term) -> set[tuple[str, bool]]:
    return set() if isinstance(term, Conditions) else {_key(condition) for condition, _ in term}


def _caller(field: str, facts: Facts) -> list[Any]:
    found: list[Any] = []
    for name in dict.fromkeys((field, CALLER_FACT)):
        value = facts.get(name)
        found.extend(value if isinstance(value, list | tuple) else [] if value is None else [value])
    return found
