"""Manager's Monday: twelve questions about the week, answered from the counts and from what is open now."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, money
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import reading
from taskjuggler_app.domain.analytics.facts import OUTCOMES
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.tiles import Tile, TileLine, line, period
from taskjuggler_app.domain.payments import periods
from taskjuggler_app.models.analytics import NOBODY
from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.sitehealth import Issue, IssueStatus, Site
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

CHANNEL_NAMES = {
    "phone": "Calls",
    "sms": "Texts",
    "email": "Mail",
    "web": "Web form",
    "api": "API",
    "manual": "Made by hand",
    "booking": "Bookings",
}
NOW = "now"


def tiles(session: Session, principal: Principal, frame: Frame) -> list[Tile]:
    """All of them, in the order in which a manager asks."""
    makers: tuple[Callable[[Session, Principal, Frame], Tile], ...] = (
        _work_in,
        _routed,
        _response,
        _cycle,
        _late,
        _load,
        _reopened,
        _money,
        _bookings,
        _sites,
        _corrected,
        _idle_rules,
    )
    return [make(session, principal, frame) for make in makers]


def _work_in(session: Session, _: Principal, frame: Frame) -> Tile:
    now = reading.sums(session, frame, ["work_in"], ["channel"])
    before = reading.sums(session, frame.previous, ["work_in"], ["channel"])
    names = sorted(now.keys() | before.keys(), key=lambda key: (-now[key], key))
    lines = [line(CHANNEL_NAMES.get(key[0], key[0]), now[key], before[key], "count") for key in names]
    total = line("All", sum(now.values()), sum(before.values()), "count")
    return Tile(
        "work_in",
        "Work in",
        "Tasks made in the period, by the channel they came through. Tasks in the bin do not count.",
        period(frame),
        [total, *lines],
        "No work came in.",
    )


def _routed(session: Session, _: Principal, frame: Frame) -> Tile:
    now = reading.sums(session, frame, ["routed"], ["bucket"])
    before = reading.sums(session, frame.previous, ["routed"], ["bucket"])
    lines = [
        line(OUTCOMES[bucket].capitalize(), now[(bucket,)], before[(bucket,)], "count")
        for bucket in range(len(OUTCOMES))
        if now[(bucket,)] or before[(bucket,)]
    ]
    share = line(
        "Routed by a rule", _percent(now[(1,)], now.total()), _percent(before[(1,)], before.total()), "percent"
    )
    return Tile(
        "routed",
        "Routed by itself, and why not",
        "Messages received in the period by what became of them; the share is those that a rule decided.",
        period(frame),
        [share, *lines] if lines else [],
        "No message came in.",
    )


def _response(session: Session, _: Principal, frame: Frame) -> Tile:
    return _durations(
        session,
        frame,
        "response",
        "First response",
        "From a message's receipt to a person's first reply or the start of its task, whichever is first; by the "
        "day of receipt. Half of them took at most p50, nine of ten at most p90, within 5 %.",
        "Nothing was answered.",
    )


def _cycle(session: Session, _: Principal, frame: Frame) -> Tile:
    return _durations(
        session,
        frame,
        "cycle",
        "Cycle time",
        "From a task's making to its completion, for tasks completed in the period. Half of them took at most p50, "
        "nine of ten at most p90, within 5 %.",
        "Nothing was completed.",
    )


def _durations(session: Session, frame: Frame, metric: str, title: str, formula: str, empty: str) -> Tile:
    now = reading.percentiles(session, frame, metric)
    before = reading.percentiles(session, frame.previous, metric)
    names = ("Half within (p50)", "Nine of ten within (p90)")
    lines = [line(name, n, b, "seconds") for name, n, b in zip(names, now, before, strict=True)]
    is_empty = now[0] is None and before[0] is None
    return Tile(metric, title, formula, period(frame), [] if is_empty else lines, empty)


def _late(session: Session, _: Principal, frame: Frame) -> Tile:
    now = clock.utcnow()
    soon = and_(col(Task.due_date) >= now, col(Task.due_date) < now + timedelta(days=1))
    query = (
        select(func.count().filter(col(Task.due_date) < now), func.count().filter(soon))
        .select_from(Task)
        .outerjoin(TeamMember, col(TeamMember.id) == col(Task.team_member_id))
        .where(
            Task.team_id == frame.team_id,
            col(Task.deleted_at).is_(None),
            col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)),
            col(Task.due_date) < now + timedelta(days=1),
            *_filters(frame),
        )
    )
    late, at_risk = session.execute(query).one()
    lines = [
        line("Late", late, None, "count", "/tasks?scope=all&status=open&due=overdue", compares=False),
        line("Due within a day", at_risk, None, "count", compares=False),
    ]
    return Tile("late", "Late now and at risk", "Open tasks whose due time is past, or within 24 hours.", NOW, lines)


def _filters(frame: Frame) -> list[ColumnElement[bool]]:
    """The frame's channel and person, for tasks joined with memberships."""
    found: list[ColumnElement[bool]] = []
    if frame.channel is not None:
        is_manual = frame.channel == "manual"
        found.append(col(Task.source_type).is_(None) if is_manual else col(Task.source_type) == frame.channel)
    if frame.doer is not None:
        doer = func.coalesce(col(Task.owner_id), col(TeamMember.user_id), col(Task.marketplace_vendor_id), NOBODY)
        found.append(doer == frame.doer)
    return found


def _load(session: Session, _: Principal, frame: Frame) -> Tile:
    counts = reading.open_by_doer(session, frame)
    names = doer_names(session, list(counts))
    members = dict(
        session.exec(select(TeamMember.user_id, TeamMember.id).where(TeamMember.team_id == frame.team_id)).all()
    )
    lines = [
        line(names.get(doer, "Nobody yet"), n, None, "count", _tasks_of(doer, members.get(doer)), compares=False)
        for doer, n in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
        if n
    ]
    return Tile("load", "Load by person", "Open tasks, by who is to do them.", NOW, lines, "Nothing is open.")


def doer_names(session: Session, doers: list[UUID]) -> dict[UUID, str]:
    """Names of people and vendors, by id."""
    people = session.exec(select(User.id, User.name).where(col(User.id).in_(doers))).all()
    vendors = session.exec(
        select(MarketplaceVendor.id, MarketplaceVendor.name).where(col(MarketplaceVendor.id).in_(doers))
    ).all()
    return {**dict(people), **dict(vendors)}


def _tasks_of(doer: UUID, member_id: UUID | None) -> str:
    if doer == NOBODY:
        return "/tasks?scope=unassigned"
    return f"/tasks?scope=all&status=open&doer={member_id}" if member_id else "/tasks?scope=all&status=open"


def _reopened(session: Session, _: Principal, frame: Frame) -> Tile:
    now = reading.totals(session, frame, "reopened", "done")
    before = reading.totals(session, frame.previous, "reopened", "done")
    lines = [
        line(
            "Reopened of done",
            _percent(now["reopened"], now["done"]),
            _percent(before["reopened"], before["done"]),
            "percent",
        ),
        line("Done", now["done"], before["done"], "count"),
        line("Reopened", now["reopened"], before["reopened"], "count"),
    ]
    formula = "How often a completed task was opened again in the period, over tasks completed in it."
    return Tile("reopened", "Done, and reopened", formula, period(frame), lines)


def _money(session: Session, principal: Principal, frame: Frame) -> Tile:
    lines = [
        TileLine(label, amount, money.shown(amount, currency), href="/marketplace/payments", unit=currency)
        for currency, held, earned in periods.held_and_earned(session, principal, *frame.moments())
        for label, amount in (("Held for vendors now", held), ("Earned by our vendors in the period", earned))
        if amount
    ]
    formula = (
        "Held: what the workspace paid and the ledger still holds, now. Earned: what was released to its vendors in "
        "the period, after the fee."
    )
    return Tile("money", "Money held and earned", formula, period(frame), lines, "No money is held or was earned.")


def _bookings(session: Session, _: Principal, frame: Frame) -> Tile:
    names = {"booked": "Booked", "no_show": "Did not come", "cancelled": "Cancelled"}
    now, before = reading.totals(session, frame, *names), reading.totals(session, frame.previous, *names)
    lines = [line(label, now[key], before[key], "count") for key, label in names.items()]
    is_empty = not now.total() and not before.total()
    formula = "Appointments that begin in the period, by what became of them."
    return Tile("bookings", "Bookings and no-shows", formula, period(frame), [] if is_empty else lines, "No bookings.")


def _sites(session: Session, _: Principal, frame: Frame) -> Tile:
    begins, ends = frame.moments()
    rows = session.execute(
        select(Site.id, Site.name, func.count())
        .join(Issue, col(Issue.site_id) == col(Site.id))
        .where(
            Site.team_id == frame.team_id,
            Issue.status == IssueStatus.OPEN,
            col(Issue.regressed_at) >= begins,
            col(Issue.regressed_at) < ends,
        )
        .group_by(col(Site.id), col(Site.name))
        .order_by(func.count().desc(), col(Site.id))
    ).all()
    lines = [line(name, count, None, "count", f"/sites/{site_id}", compares=False) for site_id, name, count in rows]
    formula = "Problems that were repaired, came back in the period, and are still there; by site."
    return Tile("sites", "Sites that got worse", formula, period(frame), lines, "Nothing came back.")


def _corrected(session: Session, _: Principal, frame: Frame) -> Tile:
    now = reading.totals(session, frame, "read", "corrected")
    before = reading.totals(session, frame.previous, "read", "corrected")
    lines = [
        line(
            "Corrected",
            _percent(now["corrected"], now["read"]),
            _percent(before["corrected"], before["read"]),
            "percent",
        ),
        line("Messages read", now["read"], before["read"], "count"),
        line("With a correction", now["corrected"], before["corrected"], "count"),
    ]
    formula = "Messages of the period whose facts a person corrected, over those that were read."
    is_empty = not now["read"] and not before["read"]
    return Tile("corrected", "Facts corrected", formula, period(frame), [] if is_empty else lines, "Nothing was read.")


def _idle_rules(session: Session, _: Principal, frame: Frame) -> Tile:
    begins, _ends = frame.moments()
    rules = session.exec(
        select(RoutingRule)
        .where(
            RoutingRule.team_id == frame.team_id,
            col(RoutingRule.is_active).is_(True),
            or_(col(RoutingRule.last_matched_at).is_(None), col(RoutingRule.last_matched_at) < begins),
        )
        .order_by(col(RoutingRule.priority), col(RoutingRule.id))
    ).all()
    lines = [TileLine(rule.name, rule.times_matched, _matched(rule), href=f"/rules/{rule.id}") for rule in rules]
    formula = "Active rules that decided no message since the period began; the number is how often they ever did."
    return Tile("idle_rules", "Rules that never fire", formula, period(frame), lines, "Every rule was needed.")


def _matched(rule: RoutingRule) -> str:
    return f"{rule.times_matched:,} ever" if rule.times_matched else "never"


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
