"""Health scores, 0 to 100.

The penalty of a check is W[severity] x sqrt(sum over affected pages of (1 - 0.5^instances) / pages scanned), with W =
critical 10, high 5, medium 2, low 0.5. A category scores 100 x exp(-sum of penalties / 25); the whole site 0.35
accessibility + 0.25 security + 0.20 performance + 0.20 seo. Fixing an issue never lowers a score: every penalty falls
or stays. What a category lost is shared among its checks pro rata to their penalties, so that the items sum to it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from taskjuggler_app.models.sitehealth import IssueCategory, Severity

WEIGHT = {Severity.CRITICAL: 10.0, Severity.HIGH: 5.0, Severity.MEDIUM: 2.0, Severity.LOW: 0.5}
SHARE = {
    IssueCategory.ACCESSIBILITY: 0.35,
    IssueCategory.SECURITY: 0.25,
    IssueCategory.PERFORMANCE: 0.20,
    IssueCategory.SEO: 0.20,
}
_SCALE = 25.0


@dataclass(frozen=True, slots=True)
class Counted:
    """One instance that counts: what was found, how bad, where."""

    category: IssueCategory
    check: str
    severity: Severity
    page: str


@dataclass(frozen=True, slots=True)
class Loss:
    """Points that one check costs its category."""

    category: IssueCategory
    check: str
    severity: Severity
    pages: int
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """The scores, and every lost point by check, dearest first."""

    overall: float
    categories: dict[IssueCategory, float]
    losses: list[Loss]


def score(instances: Iterable[Counted], pages: int) -> Score:
    """The scores of a scan of so many pages. A check counts once for each severity that it found."""
    grouped: dict[tuple[IssueCategory, str, Severity], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in instances:
        grouped[(one.category, one.check, one.severity)][one.page] += 1
    total = max(1, pages)
    penalties = {
        key: WEIGHT[key[2]] * math.sqrt(min(1.0, math.fsum(1 - 0.5**n for n in places.values()) / total))
        for key, places in grouped.items()
    }
    categories, losses = {}, []
    for category in IssueCategory:
        own = {key: value for key, value in penalties.items() if key[0] == category}
        whole = math.fsum(own.values())
        categories[category] = 100 * math.exp(-whole / _SCALE)
        lost = 100 - categories[category]
        losses += [Loss(*key, len(grouped[key]), lost * value / whole) for key, value in own.items()]
    overall = math.fsum(SHARE[category] * value for category, value in categories.items())
    return Score(overall, categories, sorted(losses, key=lambda loss: (-loss.points, loss.check)))
