"""The rows behind a number: what was counted, each once, so that they add up to it.

A number of the counts leads to the very facts that were summed; any other to the rows that its own condition finds.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.sheets import harmless
from taskjuggler_app.domain.analytics import direct, subjects
from taskjuggler_app.domain.analytics import frame as frames
from taskjuggler_app.domain.analytics.board import in_team
from taskjuggler_app.domain.analytics.boards import rules, sites
from taskjuggler_app.domain.analytics.facts import CATEGORIES, OUTCOMES
from taskjuggler_app.domain.analytics.frame import CHANNEL_NAMES, Frame
from taskjuggler_app.domain.analytics.people import names_of
from taskjuggler_app.domain.analytics.subjects import Row
from taskjuggler_app.domain.analytics.tiles import STATE_NAMES, WEEKDAYS, period
from taskjuggler_app.domain.payments import policy

PAGE = 50
MOST = 20_000
"""Rows of a sheet."""


@dataclass
class Rows:
    """A page of the rows. `count` is of all of them, `total` what they add up to: more where one counts twice."""

    title: str = ""
    about: str = ""
    period: str = ""
    count: int = 0
    total: str = ""
    rows: list[Row] = field(default_factory=list)
    page: int = 0
    has_more: bool = False


_OF_COUNTS = {
    "work_in": "Tasks made",
    "work_hour": "Tasks made",
    "done": "Tasks completed",
    "cycle": "Tasks completed, and how long they took",
    "reopened": "Tasks opened again",
    "flow": "Tasks by state at the day's end",
    "now": "Tasks now",
    "messages": "Messages received",
    "message_hour": "Messages received",
    "routed": "Messages by what became of them",
    "response": "Messages answered, and how soon",
    "read": "Messages read",
    "corrected": "Messages with a correction",
    "category": "Messages by category",
    "stage": "Messages by how far they came",
    "booked": "Appointments",
    "meetings": "Appointments",
    "no_show": "Appointments nobody came to",
    "cancelled": "Appointments cancelled",
    "listed": "Listings published",
    "listing_stage": "Listings by how far they came",
    "award": "Listings given to a vendor, and how soon",
    "bids": "Listings with bids",
}


def rows(session: Session, principal: Principal, wanted: Mapping[str, str], size: int = PAGE) -> Rows:
    """A page (`page`, from 0) of what the measure `of` counted in the frame.

    NotFound for what is no measure, Forbidden for money that is not theirs to see.
    """
    acting = in_team(session, principal, wanted.get("team", ""))
    looked_at = frames.parse(session, acting.team_id, clock.utcnow(), wanted)
    of, page = wanted.get("of", ""), _number(wanted.get("page", ""))
    if of in _OF_COUNTS:
        narrowed = subjects.Narrowed.parse(wanted)
        found, count, total = subjects.counted(session, looked_at, of, narrowed, page * size, size)
        title, now = _OF_COUNTS[of], of == "now"
        about = [_bucket_name(of, narrowed), WEEKDAYS[narrowed.weekday - 1] if narrowed.weekday else ""]
    elif of in direct.MEASURES:
        measure = direct.MEASURES[of]
        require(not measure.is_money or policy.can_see_sums(acting), "Only admins see what the money adds up to.")
        found, count, total = measure.find(session, acting, looked_at, wanted, page * size, size)
        title, now = measure.title, measure.is_now
        about = [rules.name_of(session, looked_at, wanted.get("rule", ""))]
    else:
        raise NotFound("There is no such number.")
    if acting.team_id != principal.team_id:
        found = [Row(**{**vars(one), "href": ""}) for one in found]  # its page is in the other workspace
    return Rows(
        title=title,
        about=" · ".join(part for part in (*about, *_filters(session, looked_at)) if part),
        period="now" if now else period(looked_at),
        count=count,
        total=total,
        rows=found,
        page=page,
        has_more=count > (page + 1) * size,
    )


def as_csv(session: Session, principal: Principal, wanted: Mapping[str, str]) -> str:
    """All the rows, MOST of them at most, under a line that says what was counted."""
    found = rows(session, principal, {**wanted, "page": "0"}, MOST)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    about = " · ".join(part for part in (found.title, found.about, found.period, f"{found.total} in all") if part)
    writer.writerow([harmless(about)])
    writer.writerow(("Name", "About", "When", "Who", "Amount", "Link"))
    for one in found.rows:
        link = settings().public_url.rstrip("/") + one.href if one.href else ""
        writer.writerow([harmless(said) for said in (one.title, one.note, one.at, one.who, one.amount, link)])
    return out.getvalue()


def _bucket_name(of: str, narrowed: "subjects.Narrowed") -> str:
    names: Mapping[str, Sequence[str]] = {
        "routed": [one.capitalize() for one in OUTCOMES],
        "category": [one.capitalize() for one in CATEGORIES],
        "now": STATE_NAMES,
        "flow": STATE_NAMES,
    }
    if of in names and narrowed.low is not None and narrowed.high is not None:
        return ", ".join(names[of][narrowed.low : narrowed.high + 1])
    if of in ("work_hour", "message_hour", "meetings") and narrowed.low is not None:
        return f"{narrowed.low:02}:00 to {narrowed.low + 1:02}:00"
    return ""


def _filters(session: Session, frame: Frame) -> list[str]:
    channel = CHANNEL_NAMES.get(frame.channel, frame.channel) if frame.channel else ""
    person = names_of(session, [frame.doer]).get(frame.doer, "Nobody") if frame.doer else ""
    site = dict(sites.names(session, frame.team_id)).get(frame.site, "") if frame.site else ""
    return [channel, person, site]


def _number(said: Any) -> int:
    return int(said) if str(said).isdecimal() and len(str(said)) < 6 else 0
