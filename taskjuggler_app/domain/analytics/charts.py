"""Pictures of the counts: by day, by hour and weekday, cumulative flow, durations, funnels."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from taskjuggler_app.domain.analytics import histogram, reading
from taskjuggler_app.domain.analytics.frame import Frame, steps
from taskjuggler_app.domain.analytics.tiles import (
    STATE_NAMES,
    WEEKDAYS,
    Chart,
    Kind,
    Point,
    period,
    rows_href,
    step_name,
)

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_EDGES = (
    ("15 min", 15 * _MINUTE),
    ("1 h", _HOUR),
    ("4 h", 4 * _HOUR),
    ("8 h", 8 * _HOUR),
    ("1 d", _DAY),
    ("2 d", 2 * _DAY),
    ("4 d", 4 * _DAY),
    ("7 d", 7 * _DAY),
    ("14 d", 14 * _DAY),
    ("30 d", 30 * _DAY),
)
_LAST_STEP = 400
"""Beyond any duration that fits a table."""


def compared(session: Session, frame: Frame, metric: str, title: str, formula: str) -> Chart:
    """A count by day, and under it the period before, day beside day."""
    now, before = (dict(reading.by_day(session, one, metric)) for one in (frame, frame.previous))
    points = []
    for one, other in zip(steps(frame), steps(frame.previous), strict=True):
        numbers = [
            float(sum(found[day] for day in reading.days_of(part))) for part, found in ((one, now), (other, before))
        ]
        points.append(
            Point(step_name(one), [*numbers], [_rows(one, metric, numbers[0]), _rows(other, metric, numbers[1])])
        )
    names = ["This period", "The one before"]
    return Chart(f"{metric}_by_day", title, formula, period(frame), Kind.LINE, names, points)


def by_day(
    session: Session, frame: Frame, key: str, title: str, formula: str, series: Sequence[tuple[str, str]]
) -> Chart:
    """Several counts by day: (name, metric)."""
    found = [dict(reading.by_day(session, frame, metric)) for _, metric in series]
    points = []
    for one in steps(frame):
        numbers = [float(sum(counts[day] for day in reading.days_of(one))) for counts in found]
        hrefs = [_rows(one, metric, number) for (_, metric), number in zip(series, numbers, strict=True)]
        points.append(Point(step_name(one), [*numbers], hrefs))
    return Chart(key, title, formula, period(frame), Kind.LINE, [name for name, _ in series], points)


def by_hour(session: Session, frame: Frame, metric: str, title: str, formula: str) -> Chart:
    """A map of weekdays and hours."""
    found = reading.by_hour(session, frame, metric)
    points = [
        Point(
            name,
            [float(found[day, hour]) for hour in range(24)],
            [_rows(frame, metric, found[day, hour], bucket=hour, weekday=day + 1) for hour in range(24)],
        )
        for day, name in enumerate(WEEKDAYS)
    ]
    hours = [f"{hour:02}:00" for hour in range(24)]
    return Chart(f"{metric}_by_hour", title, formula, period(frame), Kind.HEAT, hours, points)


def flow(session: Session, frame: Frame) -> Chart:
    """How many tasks were in each state at the end of each day, cancelled ones left out."""
    shown = (2, 1, 0)  # done at the bottom, as such pictures have it
    levels = dict(reading.flow(session, frame))
    points = []
    for one in steps(frame):
        until = replace(one, first=one.last)
        numbers = [float(levels[one.last][state]) for state in shown]
        hrefs = [_rows(until, "flow", n, bucket=state) for state, n in zip(shown, numbers, strict=True)]
        points.append(Point(f"{one.last:%-d %b}", [*numbers], hrefs))
    return Chart(
        "flow",
        "Cumulative flow",
        "All tasks made until then by their state at the end of each day; without cancelled ones and the bin.",
        period(frame),
        Kind.FLOW,
        [STATE_NAMES[state] for state in shown],
        points,
    )


def durations(session: Session, frame: Frame, metric: str, title: str, formula: str) -> Chart:
    """How many took how long. The edges are the nearest steps of the log scale, at most 4.3 % off."""
    counts = reading.durations(session, frame, metric)
    edges = [histogram.nearest_step(seconds) for _, seconds in _EDGES]
    points = []
    for place, (low, high) in enumerate(zip([0, *edges], [*edges, _LAST_STEP], strict=True)):
        name = f"over {_EDGES[-1][0]}" if place == len(_EDGES) else f"to {_EDGES[place][0]}"
        number = sum(n for step, n in counts.items() if low <= step < high)
        points.append(Point(name, [float(number)], [_rows(frame, metric, number, bucket=f"{low}-{high - 1}")]))
    words = f"{formula} Edges are within 4.3 %."
    return Chart(f"{metric}_histogram", title, words, period(frame), Kind.HISTOGRAM, ["How many"], points)


def funnel(session: Session, frame: Frame, metric: str, title: str, formula: str, stages: Sequence[str]) -> Chart:
    """How many came at least so far; every stage is part of the one above it."""
    counts = {bucket: n for (bucket,), n in reading.sums(session, frame, [metric], ["bucket"]).items()}
    points = []
    for stage, name in enumerate(stages):
        number = sum(n for reached, n in counts.items() if reached >= stage)
        points.append(Point(name, [float(number)], [_rows(frame, metric, number, bucket=f"{stage}-{len(stages)}")]))
    return Chart(f"{metric}_funnel", title, formula, period(frame), Kind.FUNNEL, ["How many"], points)


def _rows(frame: Frame, of: str, number: float, **more: object) -> str:
    return rows_href(frame, of, **more) if number else ""
