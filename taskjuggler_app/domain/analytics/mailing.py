"""Manager's Monday by mail, for who chose it: on Monday morning on their own clock, each once.

A tick claims the rows that are due with SKIP LOCKED, sets their next Monday and queues their mail in one transaction:
two schedulers never queue the same one, and killed before its end nothing happened.
"""

from datetime import UTC, date, datetime, time, timedelta
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import cache, clock, queue
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Forbidden
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.analytics.board import MONDAY, board
from taskjuggler_app.domain.analytics.tiles import Board, Tile
from taskjuggler_app.models.analytics import MondayMail
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import User

MAIL = "analytics.monday_mail"
AT = time(7)
AT_ONCE = 200
KEPT_SECONDS = 30 * 24 * 3600
NOW_AGAIN_SECONDS = 60
_WEEK = timedelta(days=7)
_CELL = "padding:4px 0 4px 16px;border-top:1px solid #e7e3d9;text-align:right;white-space:nowrap"
_BOX = "background:#fff;border:1px solid #e7e3d9;border-radius:12px;padding:16px;margin:0 0 12px"
_NAME = "padding:4px 0;border-top:1px solid #e7e3d9;text-align:left;font-weight:400"


def is_chosen(session: Session, principal: Principal) -> bool:
    """Whether the person gets the mail of this workspace."""
    return session.get(MondayMail, (principal.user_id, principal.team_id)) is not None


def choose(session: Session, principal: Principal, wanted: bool) -> None:
    """Have it mailed from the next Monday on, or no more. Choosing twice changes nothing."""
    if principal.user_id is None:
        raise Forbidden
    if not wanted:
        where = (col(MondayMail.user_id) == principal.user_id, col(MondayMail.team_id) == principal.team_id)
        session.execute(delete(MondayMail).where(*where))
        return
    next_at = next_monday(session.get_one(User, principal.user_id).timezone, clock.utcnow())
    values = {"user_id": principal.user_id, "team_id": principal.team_id, "next_at": next_at}
    session.execute(insert(MondayMail).values(values).on_conflict_do_nothing())


def next_monday(zone: str, after: datetime) -> datetime:
    """The first moment after `after` when it is AT on a Monday in the zone, in UTC."""
    tz = ZoneInfo(zone)
    day = after.astimezone(tz).date()
    day += timedelta(days=-day.weekday() % 7)
    found = datetime.combine(day, AT, tz).astimezone(UTC)
    return found if found > after else datetime.combine(day + _WEEK, AT, tz).astimezone(UTC)


def queue_due(session: Session, now: datetime) -> int:
    """Queue the mails that are due; how many."""
    due = session.exec(
        select(MondayMail, User.timezone)
        .join(User, col(User.id) == col(MondayMail.user_id))
        .where(MondayMail.next_at <= now)
        .order_by(col(MondayMail.next_at))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=MondayMail)
    ).all()
    jobs = []
    for row, zone in due:
        monday = row.next_at.astimezone(ZoneInfo(zone)).date()
        monday -= timedelta(days=monday.weekday())  # who moved west since is still meant to get that Monday's
        jobs.append({"user_id": str(row.user_id), "team_id": str(row.team_id), "monday": monday.isoformat()})
        row.next_at = next_monday(zone, now)
        session.add(row)
    session.flush()
    queue.defer_many(session, MAIL, jobs)
    return len(jobs)


def send_now(session: Session, principal: Principal) -> str:
    """Mail the person the last seven days that are over, at once; the address it goes to.

    Conflict while their address is not confirmed, and within NOW_AGAIN_SECONDS of the last time.
    """
    person = session.get(User, principal.user_id)
    if person is None:
        raise Forbidden
    if person.email_verified_at is None:
        raise Conflict("Confirm your mail address first.")
    now = clock.utcnow()
    key = f"monday-now:{person.id}:{principal.team_id}"
    if not cache.claim(session, key, NOW_AGAIN_SECONDS):
        raise Conflict("It was mailed a moment ago. Look into your mail.")
    _mail(session, principal, person.email, {}, f"{key}:{now.isoformat()}")
    return person.email


def send(session: Session, user_id: UUID, team_id: UUID, monday: date) -> bool:
    """Mail the week before that Monday, once; False when it was mailed before, or the person has left."""
    person = session.get(User, user_id)
    is_admin = session.exec(
        select(TeamMember.is_admin).where(TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    ).first()
    if person is None or is_admin is None or person.email_verified_at is None:
        return False
    key = f"monday:{user_id}:{team_id}:{monday.isoformat()}"
    if not cache.claim(session, key, KEPT_SECONDS):
        return False
    principal = Principal(user_id, team_id, Role.ADMIN if is_admin else Role.MEMBER, Door.JOB)
    days = {"from": (monday - _WEEK).isoformat(), "to": (monday - timedelta(days=1)).isoformat()}
    _mail(session, principal, person.email, days, key)
    return True


def _mail(session: Session, principal: Principal, to: str, days: dict[str, str], key: str) -> None:
    found = board(session, principal, MONDAY, days)
    team = session.get_one(Team, principal.team_id).name
    queue.defer(
        session,
        "mail.send",
        queue="outgoing",
        to=to,
        subject=f"Manager's Monday: {team}",
        text=as_text(found, team),
        html=as_html(found, team),
        idempotency_key=key,
    )


def as_text(found: Board, team: str) -> str:
    """The tiles without any layout."""
    parts = [f"{team}: {found.frame.first} to {found.frame.last}, {found.frame.zone}", ""]
    for tile in found.tiles:
        parts.append(tile.title)
        parts += [
            f"  {one.label}: {one.text}" + (f" ({one.before} before)" if one.before else "") for one in tile.lines
        ]
        parts += [] if tile.lines else [f"  {tile.empty}"]
    return "\n".join([*parts, "", _address(found), "Not wanted any more? That page has the button."])


def as_html(found: Board, team: str) -> str:
    """The tiles as mail programs show them: tables, colours of their own, no pictures."""
    tiles = "".join(_tile(tile) for tile in found.tiles)
    days = f"{found.frame.first:%-d %b} to {found.frame.last:%-d %b %Y}, {found.frame.zone}"
    body = "margin:0;background:#fbfaf7;color:#1d1b18;font:15px/1.5 sans-serif"
    return (
        f'<!doctype html><html lang="en"><body style="{body}"><div style="max-width:36rem;margin:0 auto;padding:24px">'
        '<h1 style="font-size:22px;margin:0">Manager\'s Monday</h1>'
        f'<p style="color:#544f47;margin:4px 0 16px">{escape(team)} · {escape(days)}</p>{tiles}'
        f'<p><a href="{escape(_address(found))}" style="color:#0a6152">Open it, with the rows of each number</a></p>'
        '<p style="color:#6b655b;font-size:13px">Not wanted any more? That page has the button.</p></div></body></html>'
    )


def _tile(tile: Tile) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="{_NAME}">{escape(one.label)}</th><td style="{_CELL}">{escape(one.text)}</td>'
        f'<td style="{_CELL};color:#6b655b">{escape(one.before)}</td></tr>'
        for one in tile.lines
    )
    table = f'<table style="width:100%;border-collapse:collapse">{rows}</table>'
    inside = table if rows else f"<p>{escape(tile.empty)}</p>"
    head = f'<h2 style="font-size:16px;margin:0 0 4px">{escape(tile.title)}</h2>'
    return f'<div style="{_BOX}">{head}{inside}</div>'


def _address(found: Board) -> str:
    return f"{settings().public_url.rstrip('/')}/monday?from={found.frame.first}&to={found.frame.last}"
