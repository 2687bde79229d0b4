"""Whether whatever fits one rule fits others that are tried before it: one of them, or all of them together."""

from collections.abc import Sequence

from taskjuggler_app.domain.routing import proving
from taskjuggler_app.domain.routing.engine import Rule
from taskjuggler_app.domain.routing.literals import Term, terms

_PAIRS = 512
_MOST_RULES = 12
_MOST_STEPS = 2_000


def covers(earlier: Rule, later: Rule) -> bool:
    """Whether it is proved that every message that fits the later rule fits the earlier one."""
    misses, fits = terms(earlier.conditions, False), terms(later.conditions)
    if misses is None or fits is None or len(misses) * len(fits) > _PAIRS:
        return False
    return all(proving.clash((*one, *miss)) is not None for one in fits for miss in misses)


def cover_together(earlier: Sequence[Rule], later: Rule) -> list[Rule]:
    """As few of the earlier rules as leave no message to the later one, in order; none when that is not proved.

    A message escapes them all if it misses each in one of the ways it can be missed. The ways are gone through rule by
    rule, and a branch ends where the answers exclude each other; the search is bounded, and what it cannot finish is
    not claimed.
    """
    fits = terms(later.conditions)
    if not fits:
        return []
    slots = {one.slot for fit in fits for one in fit}
    ways: list[tuple[Rule, list[Term]]] = []
    for rule in earlier:
        misses = terms(rule.conditions, False)
        if misses is not None and any(one.slot in slots for miss in misses for one in miss):
            ways.append((rule, misses))
    if len(ways) > _MOST_RULES or not _leaves_nothing(fits, ways):
        return []
    for one in list(ways):
        fewer = [other for other in ways if other is not one]
        if _leaves_nothing(fits, fewer):
            ways = fewer
    return [rule for rule, _ in ways]


def _leaves_nothing(fits: Sequence[Term], ways: Sequence[tuple[Rule, list[Term]]]) -> bool:
    steps = 0

    def closed(held: Term, place: int) -> bool:
        nonlocal steps
        steps += 1
        if place == len(ways) or steps > _MOST_STEPS:
            return False
        return all(
            proving.clash((*held, *miss)) is not None or closed((*held, *miss), place + 1) for miss in ways[place][1]
        )

    return all(proving.clash(fit) is not None or closed(fit, 0) for fit in fits)
