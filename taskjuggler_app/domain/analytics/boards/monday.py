"""Manager's Monday: twelve questions about the week."""

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import charts
from taskjuggler_app.domain.analytics.boards import calendar, inbox, market, rules, sites, tasks
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.tiles import Chart

TILES = (
    tasks.work_in,
    inbox.routed,
    inbox.response,
    tasks.cycle,
    tasks.late,
    tasks.load,
    tasks.reopened,
    market.money_held,
    calendar.bookings,
    sites.worse,
    inbox.corrected,
    rules.idle_rules,
)
"""In the order in which a manager asks."""


def pictures(session: Session, _: Principal, frame: Frame) -> list[Chart]:
    """The week in two pictures, and when work comes."""
    return [
        charts.compared(session, frame, "work_in", "Work in", "Tasks made, by day; below it the period before."),
        tasks.in_and_done(session, frame),
        charts.by_hour(session, frame, "work_hour", "When work comes", "New tasks of the period, by weekday and hour."),
    ]
