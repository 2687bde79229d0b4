"""Tasks: what came in and went out, how long it took, what is late, who has how much."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import charts, reading
from taskjuggler_app.domain.analytics.boards.inbox import durations
from taskjuggler_app.domain.analytics.frame import CHANNEL_NAMES, Frame
from taskjuggler_app.domain.analytics.people import names_of
from taskjuggler_app.domain.analytics.tiles import (
    NOW,
    STATE_NAMES,
    Chart,
    Tile,
    counted,
    line,
    percent,
    period,
    rows_href,
)
from taskjuggler_app.models.analytics import NOBODY
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember

AHEAD = timedelta(days=1)
OPEN_STATES = "0,1"
"""The buckets of `now` that are open."""


def work_in(session: Session, _: Principal, frame: Frame) -> Tile:
    """New tasks by channel."""
    now = reading.sums(session, frame, ["work_in"], ["channel"])
    before = reading.sums(session, frame.previous, ["work_in"], ["channel"])
    names = sorted(now.keys() | before.keys(), key=lambda key: (-now[key], key))
    lines = [
        counted(frame, "work_in", CHANNEL_NAMES.get(key[0], key[0]), now[key], before[key], channel=key[0])
        for key in names
    ]
    return Tile(
        "work_in",
        "Work in",
        "Tasks made in the period, by the channel they came through. Tasks in the bin do not count.",
        period(frame),
        [counted(frame, "work_in", "All", now.total(), before.total()), *lines],
        "No work came in.",
    )


def cycle(session: Session, _: Principal, frame: Frame) -> Tile:
    """How long tasks took."""
    return durations(
        session,
        frame,
        "cycle",
        "Cycle time",
        "From a task's making to its completion, for tasks completed in the period. Half of them took at most the "
        "first number, nine of ten at most the second, within 5 %.",
        "Nothing was completed.",
    )


def late(session: Session, _: Principal, frame: Frame) -> Tile:
    """What is late, and what will be soon."""
    now = clock.utcnow()
    is_late, is_soon = (due_conditions(frame, name) for name in ("late", "at_risk"))
    query = (
        select(func.count().filter(and_(*is_late)), func.count().filter(and_(*is_soon)))
        .select_from(Task)
        .outerjoin(TeamMember, col(TeamMember.id) == col(Task.team_member_id))
        .where(Task.team_id == frame.team_id, col(Task.due_date) < now + AHEAD)
    )
    counts = session.execute(query).one()
    lines = [
        line(label, number, None, "count", rows_href(frame, of) if number else "", compares=False)
        for label, of, number in zip(("Late", "Due within a day"), ("late", "at_risk"), counts, strict=True)
    ]
    return Tile("late", "Late now and at risk", "Open tasks whose due time is past, or within 24 hours.", NOW, lines)


def due_conditions(frame: Frame, name: str) -> list[ColumnElement[bool]]:
    """Which tasks are `late` or `at_risk` in the frame's channel and of its person; for tasks joined with members."""
    now, due = clock.utcnow(), col(Task.due_date)
    found: list[ColumnElement[bool]] = [
        col(Task.team_id) == frame.team_id,
        col(Task.deleted_at).is_(None),
        col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)),
        due < now if name == "late" else and_(due >= now, due < now + AHEAD),
    ]
    if frame.channel is not None:
        is_manual = frame.channel == "manual"
        found.append(col(Task.source_type).is_(None) if is_manual else col(Task.source_type) == frame.channel)
    if frame.doer is not None:
        doer = func.coalesce(col(Task.owner_id), col(TeamMember.user_id), col(Task.marketplace_vendor_id), NOBODY)
        found.append(doer == frame.doer)
    return found


def load(session: Session, _: Principal, frame: Frame) -> Tile:
    """Who has how much to do."""
    counts = reading.open_by_doer(session, frame)
    names = names_of(session, list(counts))
    lines = [
        line(
            names.get(doer, "Nobody yet"),
            n,
            None,
            "count",
            rows_href(frame, "now", bucket=OPEN_STATES, person=doer),
            compares=False,
        )
        for doer, n in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
        if n
    ]
    return Tile("load", "Load by person", "Open tasks, by who is to do them.", NOW, lines, "Nothing is open.")


def states(session: Session, _: Principal, frame: Frame) -> Tile:
    """Where all tasks stand."""
    counts = reading.present(session, frame)
    lines = [
        line(
            name,
            counts[state],
            None,
            "count",
            rows_href(frame, "now", bucket=state) if counts[state] else "",
            compares=False,
        )
        for state, name in enumerate(STATE_NAMES)
    ]
    return Tile("states", "Where tasks stand", "All tasks that are not in the bin, by their state.", NOW, lines)


def reopened(session: Session, _: Principal, frame: Frame) -> Tile:
    """What was done, and what was not really."""
    now = reading.totals(session, frame, "reopened", "done")
    before = reading.totals(session, frame.previous, "reopened", "done")
    shares = (percent(now["reopened"], now["done"]), percent(before["reopened"], before["done"]))
    lines = [
        counted(frame, "done", "Done", now["done"], before["done"]),
        counted(frame, "reopened", "Reopened", now["reopened"], before["reopened"]),
        counted(frame, "reopened", "Reopened of done", *shares, "percent"),
    ]
    formula = "How often a completed task was opened again in the period, over tasks completed in it."
    return Tile("reopened", "Done, and reopened", formula, period(frame), lines)


def done_by(session: Session, _: Principal, frame: Frame) -> Tile:
    """Who finished how much."""
    now = reading.sums(session, frame, ["done"], ["doer"])
    before = reading.sums(session, frame.previous, ["done"], ["doer"])
    names = names_of(session, [doer for (doer,) in now.keys() | before.keys()])
    lines = [
        counted(frame, "done", names.get(key[0], "Nobody"), now[key], before[key], person=key[0])
        for key in sorted(now.keys() | before.keys(), key=lambda key: (-now[key], str(key)))
    ]
    formula = "Tasks completed in the period, by who has them now."
    return Tile("done_by", "Done by person", formula, period(frame), lines, "Nothing was completed.")


TILES = (work_in, reopened, cycle, late, states, load, done_by)


def in_and_done(session: Session, frame: Frame) -> Chart:
    """What came in beside what was finished."""
    formula = "Tasks made, and tasks completed, by day."
    return charts.by_day(
        session, frame, "in_and_done", "Work in and done", formula, [("Came in", "work_in"), ("Done", "done")]
    )


def pictures(session: Session, _: Principal, frame: Frame) -> list[Chart]:
    """In and out, the flow, how long, when."""
    return [
        in_and_done(session, frame),
        charts.flow(session, frame),
        charts.durations(
            session, frame, "cycle", "Cycle times", "Tasks completed in the period by how long they took."
        ),
        charts.by_hour(session, frame, "work_hour", "When work comes", "New tasks of the period, by weekday and hour."),
    ]
