"""Durations on a log scale: 12 steps to a factor of e, from a minute, so that a percentile is within 5 %."""

import math
from collections.abc import Mapping

STEPS = 12
SHORTEST = 60.0
"""Seconds; what was shorter counts as this long."""

BUCKET_SQL = f"floor({STEPS} * ln(greatest({{}}, {SHORTEST}) / {SHORTEST}))::int"
"""The step of a duration in seconds, in SQL."""


def bucket(seconds: float) -> int:
    """The step of a duration."""
    return math.floor(STEPS * math.log(max(seconds, SHORTEST) / SHORTEST))


def nearest_step(seconds: float) -> int:
    """The step whose beginning is nearest to the duration: off by at most half a step, 4.3 %."""
    return max(0, round(STEPS * math.log(seconds / SHORTEST)))


def middle(step: int) -> float:
    """The duration in the middle of a step, on the log scale."""
    return SHORTEST * math.exp((step + 0.5) / STEPS)


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The duration in seconds that `share` (0 to 1) of the counted ones do not exceed; None where nothing is counted.

    Steps through the middle of the log scale inside a step: wrong by at most e^(1/24) - 1, 4.3 %.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    rank = max(1, math.ceil(share * total))
    for step in sorted(counts):
        rank -= counts[step]
        if rank <= 0:
            return middle(step)
    return None
