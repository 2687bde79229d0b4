"""How far an actor is trusted: 0 to 100, from what happened between the two, fading over thirty days.

score = 50 + the sum of weight times decay, between 0 and 100, where decay falls in a straight line from 1 (now) to 0
(thirty days ago). Pure: the same events and moment give the same score, so it can be recomputed from the history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

START = Decimal(50)
LEAST, MOST = Decimal(0), Decimal(100)
FADES = timedelta(days=30)
THRESHOLD = Decimal(30)
"""Below this nothing is delegated."""
_CENT = Decimal("0.01")
_DECAY = Decimal("0.0001")


class TrustOutcome(StrEnum):
    """How a task between two actors ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"


WEIGHTS = {
    TrustOutcome.SUCCESS: Decimal(2),
    TrustOutcome.FAILURE: Decimal(-5),
    TrustOutcome.CANCELLED: Decimal(-1),
    TrustOutcome.DISPUTED: Decimal(-10),
}


@dataclass(frozen=True, slots=True)
class TrustEvent:
    """One ended task."""

    outcome: TrustOutcome
    at: datetime
    task: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """What one event does to the score now: `counts` = `weight` x `decay`, to the cent."""

    event: TrustEvent
    weight: Decimal
    decay: Decimal
    counts: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """The score and every point of it, newest first; `sum(counts)` added to `start` and clamped is `score`."""

    score: Decimal
    points: tuple[Point, ...]
    start: Decimal = START


def ledger(events: Iterable[TrustEvent], now: datetime) -> Ledger:
    """The trust at `now`."""
    points = [_point(event, now) for event in events]
    points.sort(key=lambda point: point.event.at, reverse=True)
    total = START + sum((point.counts for point in points), Decimal(0))
    return Ledger(min(max(total, LEAST), MOST).quantize(_CENT), tuple(points))


def raises(found: Ledger, now: datetime, wanted: Decimal = THRESHOLD) -> list[str]:
    """Sentences that say what would raise the score."""
    said = []
    gap = wanted - found.score
    each = WEIGHTS[TrustOutcome.SUCCESS]
    if gap > 0:
        needed = int((gap / each).to_integral_value(rounding=ROUND_CEILING))
        said.append(f"{needed} tasks done well bring it to {wanted}, from where tasks are delegated again.")
    elif found.score < MOST:
        said.append(f"Each task done well adds {each} points.")
    for point in found.points:
        if point.counts < 0:
            days = max(1, -(-(FADES - (now - point.event.at)) // timedelta(days=1)))
            said.append(f"The {point.event.outcome} task costs {-point.counts} points now and none in {days} days.")
    return said


def _point(event: TrustEvent, now: datetime) -> Point:
    age = max(now - event.at, timedelta(0))
    left = Decimal(max((FADES - age).total_seconds(), 0)) / Decimal(FADES.total_seconds())
    decay, weight = left.quantize(_DECAY), WEIGHTS[event.outcome]
    return Point(event, weight, decay, (weight * decay).quantize(_CENT))
