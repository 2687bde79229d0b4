"""Site health: scores, what was found and repaired, what came back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics.frame import Frame, steps
from taskjuggler_app.domain.analytics.tiles import (
    NOW,
    Chart,
    Kind,
    Point,
    Tile,
    counted,
    line,
    period,
    rows_href,
    step_name,
)
from taskjuggler_app.models.sitehealth import Issue, IssueCategory, IssueStatus, Scan, ScanStatus, Severity, Site

_MOMENTS = {"found": Issue.first_seen_at, "fixed": Issue.fixed_at, "regressed": Issue.regressed_at}


def site_conditions(frame: Frame) -> list[ColumnElement[bool]]:
    """The workspace's sites, or the one that the frame is narrowed to."""
    found: list[ColumnElement[bool]] = [col(Site.team_id) == frame.team_id]
    return found if frame.site is None else [*found, col(Site.id) == frame.site]


def names(session: Session, team_id: UUID) -> list[tuple[int, str]]:
    """The workspace's sites to choose from: number and name, by name."""
    query = select(Site.id, Site.name).where(Site.team_id == team_id).order_by(col(Site.name), col(Site.id))
    return [(site_id, name) for site_id, name in session.exec(query) if site_id is not None]


def issue_conditions(frame: Frame, of: str, **more: str) -> list[ColumnElement[bool]]:
    """Which issues a measure counts, for issues joined with their sites.

    of: found, fixed or regressed in the frame (regressed: and still there), or open_issues now; `more` may name a
    severity or a category.
    """
    found = site_conditions(frame)
    if of in _MOMENTS:
        begins, ends = frame.moments()
        moment = col(_MOMENTS[of])
        found += [moment >= begins, moment < ends]
    if of in ("regressed", "open_issues"):
        found.append(col(Issue.status) == IssueStatus.OPEN)
    if of == "fixed":
        found.append(col(Issue.status) == IssueStatus.FIXED)
    for name, column in (("severity", Issue.severity), ("category", Issue.category)):
        if more.get(name):
            found.append(col(column) == more[name])
    return found


def _count(session: Session, frame: Frame, of: str, *by: Any) -> dict[Any, int]:
    columns = [col(one) for one in by]
    query = (
        select(*columns, func.count())  # type: ignore[call-overload]  # sqlmodel types plain columns only
        .select_from(Issue)
        .join(Site, col(Site.id) == col(Issue.site_id))
        .where(*issue_conditions(frame, of))
        .group_by(*columns)
    )
    return {tuple(row[:-1]): row[-1] for row in session.execute(query)}


def worse(session: Session, _: Principal, frame: Frame) -> Tile:
    """Sites with problems that came back."""
    counts = _count(session, frame, "regressed", Site.id, Site.name)
    lines = [
        line(name, count, None, "count", rows_href(frame, "regressed", site=site_id), compares=False)
        for (site_id, name), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    formula = "Problems that were repaired, came back in the period, and are still there; by site."
    return Tile("sites", "Sites that got worse", formula, period(frame), lines, "Nothing came back.")


def scores(session: Session, _: Principal, frame: Frame) -> Tile:
    """The newest score of each site until the period's end, beside that before it began."""
    now, before = (_scores(session, one) for one in (frame, frame.previous))
    lines = []
    for site_id, name in session.exec(
        select(Site.id, Site.name).where(*site_conditions(frame)).order_by(col(Site.name), col(Site.id))
    ).all():
        made = line(name, now.get(site_id), before.get(site_id), "count")
        made.href = rows_href(frame, "score", site=site_id) if site_id in now else ""
        made.before_href = rows_href(frame.previous, "score", site=site_id) if site_id in before else ""
        lines.append(made)
    formula = "The score, 0 to 100, of the last scan that was finished by the end of the period."
    return Tile("scores", "Scores", formula, period(frame), lines, "No site is watched.")


def _scores(session: Session, frame: Frame) -> dict[int | None, float]:
    newest = (
        select(func.max(col(Scan.id)).label("id"))
        .join(Site, col(Site.id) == col(Scan.site_id))
        .where(
            *site_conditions(frame),
            Scan.status == ScanStatus.COMPLETED,
            col(Scan.completed_at) < frame.moments()[1],
        )
        .group_by(col(Scan.site_id))
    )
    rows = session.execute(select(Scan.site_id, Scan.health_score).where(col(Scan.id).in_(newest)))
    return {site_id: float(score) for site_id, score in rows}


def open_now(session: Session, _: Principal, frame: Frame) -> Tile:
    """What is open, gravest first."""
    counts = _count(session, frame, "open_issues", Issue.severity)
    lines = [
        line(
            one.value.capitalize(),
            counts[(one,)],
            None,
            "count",
            rows_href(frame, "open_issues", severity=one.value),
            compares=False,
        )
        for one in Severity
        if counts.get((one,))
    ]
    return Tile("open_issues", "Open problems", "Problems that are open now, by how grave.", NOW, lines, "None.")


def came_and_went(session: Session, _: Principal, frame: Frame) -> Tile:
    """Found, repaired, back again."""
    names = {"found": "Found", "fixed": "Repaired", "regressed": "Came back"}
    sums = [{of: _count(session, one, of).get((), 0) for of in names} for one in (frame, frame.previous)]
    lines = [counted(frame, of, name, sums[0][of], sums[1][of]) for of, name in names.items()]
    formula = (
        "Problems first seen in the period; those gone by a scan in it and not back; those that came back in it and "
        "are still there."
    )
    is_empty = not any(sums[0].values()) and not any(sums[1].values())
    return Tile("problems", "Found and repaired", formula, period(frame), [] if is_empty else lines, "Nothing changed.")


TILES: Sequence[Any] = (scores, came_and_went, open_now, worse)


def pictures(session: Session, _: Principal, frame: Frame) -> list[Chart]:
    """Health over time, what came and went, what kind is open."""
    return [_trend(session, frame), _found_and_fixed(session, frame), _kinds(session, frame)]


def _trend(session: Session, frame: Frame) -> Chart:
    begins, ends = frame.moments()
    rows = session.execute(
        select(Site.id, Site.name, Scan.completed_at, Scan.health_score)
        .join(Scan, col(Scan.site_id) == col(Site.id))
        .where(
            *site_conditions(frame),
            Scan.status == ScanStatus.COMPLETED,
            col(Scan.completed_at) >= begins,
            col(Scan.completed_at) < ends,
        )
        .order_by(col(Scan.id))
    ).all()
    names = dict(sorted({site_id: name for site_id, name, *_ in rows}.items(), key=lambda pair: (pair[1], pair[0])))
    last: dict[tuple[int | None, date], float] = {}
    zone = ZoneInfo(frame.zone)
    for site_id, _, at, score in rows:
        last[site_id, at.astimezone(zone).date()] = float(score)  # later scans of a day come later
    points = []
    for one in steps(frame):
        days = [one.first.fromordinal(day) for day in range(one.last.toordinal(), one.first.toordinal() - 1, -1)]
        numbers = [next((last[site, day] for day in days if (site, day) in last), None) for site in names]
        hrefs = [
            "" if n is None else rows_href(one, "score", site=site) for site, n in zip(names, numbers, strict=True)
        ]
        points.append(Point(step_name(one), numbers, hrefs))
    formula = "The score, 0 to 100, of the day's last finished scan of each site; days without a scan have none."
    return Chart("health", "Health", formula, period(frame), Kind.TREND, list(names.values()), points)


def _found_and_fixed(session: Session, frame: Frame) -> Chart:
    zone, measures = ZoneInfo(frame.zone), (("Found", "found"), ("Repaired", "fixed"))
    counts: dict[tuple[str, date], int] = {}
    for _, of in measures:
        query = select(_MOMENTS[of]).join(Site, col(Site.id) == col(Issue.site_id)).where(*issue_conditions(frame, of))
        for at in session.exec(query):
            day = at.astimezone(zone).date() if at else frame.first
            counts[of, day] = counts.get((of, day), 0) + 1
    points = []
    for one in steps(frame):
        days = [one.first.fromordinal(day) for day in range(one.first.toordinal(), one.last.toordinal() + 1)]
        numbers = [float(sum(counts.get((of, day), 0) for day in days)) for _, of in measures]
        hrefs = [rows_href(one, of) if n else "" for (_, of), n in zip(measures, numbers, strict=True)]
        points.append(Point(step_name(one), [*numbers], hrefs))
    formula = "Problems first seen, and problems gone by a scan and not back, by day."
    names = [name for name, _ in measures]
    return Chart("found_and_fixed", "Found and repaired", formula, period(frame), Kind.LINE, names, points)


def _kinds(session: Session, frame: Frame) -> Chart:
    counts = _count(session, frame, "open_issues", Issue.category)
    points = [
        Point(
            "SEO" if one is IssueCategory.SEO else one.value.capitalize(),
            [float(counts.get((one,), 0))],
            [rows_href(frame, "open_issues", category=one.value) if counts.get((one,)) else ""],
        )
        for one in IssueCategory
    ]
    formula = "Problems that are open now, by category."
    return Chart("open_kinds", "What is open", formula, NOW, Kind.BARS, ["Open"], points)
