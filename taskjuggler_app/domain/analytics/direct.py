"""The rows behind numbers that are no counts of days: what is late, problems of sites, scans, money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import money
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics.boards import sites
from taskjuggler_app.domain.analytics.boards.rules import decided_conditions
from taskjuggler_app.domain.analytics.boards.tasks import due_conditions
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.subjects import Row, message_row, task_row
from taskjuggler_app.domain.payments import periods
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.routing import RoutingDecision
from taskjuggler_app.models.sitehealth import Issue, Scan, ScanStatus, Site
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

Page = tuple[list[Row], int, str]
"""Rows, how many there are on all pages, what they add up to."""
Find = Callable[[Session, Principal, Frame, Mapping[str, str], int, int], Page]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number's rows are called, whether it is of this moment, how they are found, and whether they are money."""

    title: str
    is_now: bool
    find: Find
    is_money: bool = False


def _due(name: str) -> Find:
    def find(session: Session, _: Principal, frame: Frame, __: Mapping[str, str], offset: int, size: int) -> Page:
        joined = select(Task, User.name).outerjoin(TeamMember, col(TeamMember.id) == col(Task.team_member_id))
        query = joined.outerjoin(User, col(User.id) == func.coalesce(col(Task.owner_id), col(TeamMember.user_id)))
        query = query.where(*due_conditions(frame, name))
        count = session.exec(select(func.count()).select_from(query.subquery())).one()
        ordered = query.order_by(col(Task.due_date), col(Task.id)).offset(offset).limit(size)
        rows = []
        for task, who in session.exec(ordered):
            title, note, _at, href = task_row(task)
            due = task.due_date.isoformat() if task.due_date else ""
            rows.append(Row(title, f"{note}, due", due, href, who or ""))
        return rows, count, f"{count:,}"

    return find


def _issues(of: str) -> Find:
    def find(session: Session, _: Principal, frame: Frame, wanted: Mapping[str, str], offset: int, size: int) -> Page:
        more = {name: wanted.get(name, "") for name in ("severity", "category")}
        where = sites.issue_conditions(frame, of, **more)
        query = select(Issue, Site.name).join(Site, col(Site.id) == col(Issue.site_id)).where(*where)
        count = session.exec(select(func.count()).select_from(query.with_only_columns(col(Issue.id)).subquery())).one()
        ordered = query.order_by(col(Issue.first_seen_at).desc(), col(Issue.id)).offset(offset).limit(size)
        rows = [
            Row(
                one.title,
                f"{one.severity.value} · {one.page_url}",
                one.first_seen_at.isoformat(),
                f"/sites/{one.site_id}/issues/{one.id}",
                site,
            )
            for one, site in session.exec(ordered)
        ]
        return rows, count, f"{count:,}"

    return find


def _score(session: Session, _: Principal, frame: Frame, __: Mapping[str, str], offset: int, size: int) -> Page:
    """The scan that a score is of: the site's last by the end of the frame."""
    query = (
        select(Scan, Site.name)
        .join(Site, col(Site.id) == col(Scan.site_id))
        .where(
            *sites.site_conditions(frame),
            Scan.status == ScanStatus.COMPLETED,
            col(Scan.completed_at) < frame.moments()[1],
        )
        .order_by(col(Scan.id).desc())
        .limit(1)
    )
    rows = [
        Row(
            name,
            f"{scan.pages_scanned} pages, {scan.issue_count} problems",
            (scan.completed_at or scan.started_at).isoformat(),
            f"/sites/{scan.site_id}/scans/{scan.id}",
            amount=str(scan.health_score),
        )
        for scan, name in session.exec(query)
    ]
    total = rows[0].amount if rows else "0"
    return rows[offset : offset + size], len(rows), total


def _money(moved: Callable[..., list[tuple[Any, ...]]]) -> Find:
    def find(
        session: Session, principal: Principal, frame: Frame, wanted: Mapping[str, str], offset: int, size: int
    ) -> Page:
        currency = wanted.get("currency", "")
        found = [one for one in moved(session, principal, *frame.moments()) if one[0] == currency]
        rows = [
            Row(
                title,
                vendor,
                at.isoformat(),
                f"/marketplace/listings/{listing}" if listing else "",
                amount=money.shown(amount, currency),
            )
            for _, amount, at, title, vendor, listing in found
        ]
        total = money.shown(sum((one[1] for one in found), Decimal(0)), currency) if found else "0"
        return rows[offset : offset + size], len(rows), total

    return find


def _decided(session: Session, _: Principal, frame: Frame, wanted: Mapping[str, str], offset: int, size: int) -> Page:
    """The messages that a rule decided, newest first, each once."""
    decided = select(RoutingDecision.inbox_item_id).where(*decided_conditions(frame, wanted.get("rule", "")))
    query = select(InboxItem).where(InboxItem.team_id == frame.team_id, col(InboxItem.id).in_(decided))
    count = session.exec(select(func.count()).select_from(query.with_only_columns(col(InboxItem.id)).subquery())).one()
    ordered = query.order_by(col(InboxItem.received_at).desc(), col(InboxItem.id)).offset(offset).limit(size)
    rows = []
    for one in session.exec(ordered):
        title, note, at, href = message_row(one)
        rows.append(Row(title, note, at.isoformat() if at else "", href))
    return rows, count, f"{count:,}"


MEASURES: dict[str, Measure] = {
    "late": Measure("Late tasks", True, _due("late")),
    "at_risk": Measure("Tasks due within a day", True, _due("at_risk")),
    "found": Measure("Problems first seen", False, _issues("found")),
    "fixed": Measure("Problems repaired", False, _issues("fixed")),
    "regressed": Measure("Problems that came back", False, _issues("regressed")),
    "open_issues": Measure("Open problems", True, _issues("open_issues")),
    "decided": Measure("Messages that the rule decided", False, _decided),
    "score": Measure("The scan with this score", False, _score),
    "held": Measure("Money held", True, _money(periods.held), is_money=True),
    "earned": Measure("Money earned", False, _money(periods.earned), is_money=True),
}
