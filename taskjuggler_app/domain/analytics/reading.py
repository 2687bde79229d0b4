"""Reading the counts: one statement a chart, over sums of days."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from taskjuggler_app.domain.analytics import histogram
from taskjuggler_app.domain.analytics.facts import EPOCH, STATES
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.models.analytics import MONTHLY, AnalyticsRollup

_COLUMNS: dict[str, Any] = {
    name: col(getattr(AnalyticsRollup, name)) for name in ("metric", "day", "bucket", "channel", "doer")
}
_COLUMNS["weekday"] = func.extract("isodow", col(AnalyticsRollup.day))
_BEGINNING = date.min
_DAY = timedelta(days=1)


def sums(
    session: Session, frame: Frame, metrics: Sequence[str], by: Sequence[str], first: date | None = None
) -> Counter[tuple[Any, ...]]:
    """The counts of `metrics` in the frame (or from `first` on), by metric, day, bucket, channel or doer, as named.

    Where days do not matter, whole months are read as their sums and only the days beside them one by one.
    """
    asks_channel = frame.channel is not None or "channel" in by
    asks_doer = frame.doer is not None or "doer" in by
    columns = [_COLUMNS[name] for name in by]
    query = (
        select(*columns, func.sum(AnalyticsRollup.n))
        .where(
            col(AnalyticsRollup.team_id) == frame.team_id,
            col(AnalyticsRollup.metric).in_(metrics),
            _days(
                asks_channel + 2 * asks_doer, first or frame.first, frame.last, one_by_one={*by} & {"day", "weekday"}
            ),
        )
        .group_by(*columns)
    )
    if frame.channel is not None:
        query = query.where(col(AnalyticsRollup.channel) == frame.channel)
    if frame.doer is not None:
        query = query.where(col(AnalyticsRollup.doer) == frame.doer)
    return Counter({tuple(row[:-1]): int(row[-1]) for row in session.execute(query) if row[-1]})


def _days(grain: int, first: date, last: date, *, one_by_one: Collection[str]) -> ColumnElement[bool]:
    """The rows that make up the days: MONTHLY sums of whole months, daily ones before and after."""
    grains, day = col(AnalyticsRollup.grain), col(AnalyticsRollup.day)
    begins = first if first.day == 1 else _next_month(first)
    ends = _next_month(last) if _next_month(last) - last == timedelta(days=1) else last.replace(day=1)
    if one_by_one or begins >= ends:
        return and_(grains == grain, day.between(first, last))
    edges = and_(grains == grain, or_(day.between(first, begins - _DAY), day.between(ends, last)))
    return or_(edges, and_(grains == grain + MONTHLY, day.between(begins, ends - _DAY)))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def totals(session: Session, frame: Frame, *metrics: str) -> Counter[str]:
    """The count of each metric in the frame."""
    return Counter({metric: n for (metric,), n in sums(session, frame, metrics, ["metric"]).items()})


def by_day(session: Session, frame: Frame, metric: str) -> list[tuple[date, int]]:
    """A count for each day of the frame, zeros included."""
    found = sums(session, frame, [metric], ["day"])
    return [(day, found[(day,)]) for day in days_of(frame)]


def by_hour(session: Session, frame: Frame, metric: str = "work_hour") -> Counter[tuple[int, int]]:
    """A count by weekday (0 is Monday) and hour, of a metric whose bucket is the hour."""
    return Counter(
        {(int(day) - 1, hour): n for (day, hour), n in sums(session, frame, [metric], ["weekday", "bucket"]).items()}
    )


def durations(session: Session, frame: Frame, metric: str) -> Counter[int]:
    """How many took how long, by step of `histogram`."""
    return Counter({step: n for (step,), n in sums(session, frame, [metric], ["bucket"]).items()})


def percentiles(session: Session, frame: Frame, metric: str) -> tuple[float | None, float | None]:
    """p50 and p90 in seconds, each within 5 %; None where nothing was counted."""
    counts = durations(session, frame, metric)
    return histogram.percentile(counts, 0.5), histogram.percentile(counts, 0.9)


def flow(session: Session, frame: Frame) -> list[tuple[date, tuple[int, ...]]]:
    """How many tasks were in each of STATES at the end of each day: the cumulative flow."""
    changes = sums(session, frame, ["flow"], ["day", "bucket"], first=_BEGINNING)
    level = Counter[int]()
    for (day, state), n in changes.items():
        if day < frame.first:
            level[state] += n
    rows = []
    for day in days_of(frame):
        for state in range(len(STATES)):
            level[state] += changes[day, state]
        rows.append((day, tuple(level[state] for state in range(len(STATES)))))
    return rows


def present(session: Session, frame: Frame) -> Counter[int]:
    """Tasks now, by their place in STATES; the frame's days do not matter."""
    return Counter({state: n for (state,), n in sums(session, _at_present(frame), ["now"], ["bucket"]).items()})


def open_by_doer(session: Session, frame: Frame) -> Counter[Any]:
    """Open tasks now, by doer; the frame's days do not matter."""
    found: Counter[Any] = Counter()
    for (doer, state), n in sums(session, _at_present(frame), ["now"], ["doer", "bucket"]).items():
        if STATES[state] in ("pending", "in_progress"):
            found[doer] += n
    return found


def _at_present(frame: Frame) -> Frame:
    return replace(frame, first=EPOCH, last=EPOCH)


def days_of(frame: Frame) -> list[date]:
    """Every day of the frame."""
    return [frame.first + timedelta(days=number) for number in range(frame.days)]
