"""Invitations into a workspace: a link with a code of 32 characters, good for seven days, by mail or by text.

Whoever holds the code and is signed in may use it, once; the address only says where the link was sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, crypto, live, queue, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, LimitReached, NotFound, require
from taskjuggler_app.core.parsing import is_code
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import regions
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.teams import policy, service
from taskjuggler_app.models.tasks import InvitationStatus
from taskjuggler_app.models.teams import Team, TeamInvitation, TeamMember
from taskjuggler_app.models.users import User

LASTS = timedelta(days=7)
RESEND_AFTER = timedelta(seconds=60)
MOST_SENT = 5
MOST_OPEN = 50
_ADMINS = "Only an admin can invite people."


@dataclass
class Opened:
    """What the holder of a code may know. state: open, accepted, declined, revoked, expired."""

    team: str = ""
    inviter: str = ""
    state: str = ""
    is_admin: bool = False


def invite(session: Session, principal: Principal, address: str, *, is_admin: bool = False) -> TeamInvitation:
    """Send a link to an email address or a phone number. Inviting an address again sends its link again.

    Raises Invalid for neither, Conflict for somebody who is here already, LimitReached for too many.
    """
    require(policy.can_invite(principal), _ADMINS)
    if principal.user_id is None:
        raise NotFound
    email = normalise_email(address) if "@" in address else None
    phone = None if email else normalise_phone(address, regions.of(session, principal))
    session.exec(select(Team.id).where(Team.id == principal.team_id).with_for_update()).one()
    _refuse_member(session, principal, email, phone)
    now = clock.utcnow()
    open_ = session.exec(select(TeamInvitation).where(TeamInvitation.team_id == principal.team_id, _is_open(now)))
    waiting = open_.all()
    known = next((one for one in waiting if (one.email, one.phone) == (email, phone)), None)
    if known is not None:
        return _send(session, principal, known, now)
    if len(waiting) >= MOST_OPEN:
        raise LimitReached(f"{MOST_OPEN} invitations are open. Wait for an answer, or revoke some.")
    made = TeamInvitation(
        team_id=principal.team_id,
        email=email,
        phone=phone,
        invite_code=crypto.token(24),
        invited_by=principal.user_id,
        is_admin=is_admin,
        created_at=now,
    )
    return _send(session, principal, made, now)


def resend(session: Session, principal: Principal, invitation_id: UUID) -> TeamInvitation:
    """The same link once more, good for another seven days. Raises Conflict when it was answered or revoked."""
    require(policy.can_invite(principal), _ADMINS)
    found = _of_team(session, principal, invitation_id)
    if found.status not in (InvitationStatus.PENDING, InvitationStatus.EXPIRED) or found.revoked_at is not None:
        raise Conflict("That invitation was answered or revoked. Invite them again.")
    return _send(session, principal, found, clock.utcnow())


def revoke(session: Session, principal: Principal, invitation_id: UUID) -> None:
    """Make the link worthless. Raises Conflict when somebody came in by it already."""
    require(policy.can_invite(principal), _ADMINS)
    found = _of_team(session, principal, invitation_id)
    if found.status is InvitationStatus.ACCEPTED:
        raise Conflict("They have joined already. Remove them from the team instead.")
    found.status, found.revoked_at = InvitationStatus.EXPIRED, clock.utcnow()
    session.add(found)
    session.flush()
    _record(session, principal, "team.invitation_revoked", found)


def opened(session: Session, code: str) -> Opened:
    """What the link leads to, for anybody who has it. NotFound for a code that is none."""
    found, team, inviter = _by_code(session, code)
    return Opened(team.name, inviter, _state(found, clock.utcnow()), found.is_admin)


def accept(session: Session, principal: Principal, code: str) -> UUID:
    """The signed-in person joins and goes there; returns the workspace. Raises NotFound, Conflict."""
    found, team, _ = _by_code(session, code, lock=True)
    if principal.user_id is None:
        raise NotFound
    state = _state(found, clock.utcnow())
    if state == "accepted" and found.accepted_by == principal.user_id:
        return team.id
    if state != "open":
        raise Conflict(_CLOSED[state])
    limits.require_room(session, Principal.system(team.id), "members")
    found.status, found.accepted_by = InvitationStatus.ACCEPTED, principal.user_id
    session.add(found)
    service.join(session, team.id, principal.user_id, is_admin=found.is_admin)
    service.go_to(session, principal, team.id)
    there = Principal(principal.user_id, team.id, Role.MEMBER, principal.door, name=principal.name)
    _record(session, there, "team.joined", found)
    _tell_inviter(session, found, team, f"{principal.name} joined {team.name}.")
    return team.id


def decline(session: Session, code: str) -> None:
    """Whoever holds the link says no. Raises NotFound, Conflict."""
    found, team, _ = _by_code(session, code, lock=True)
    state = _state(found, clock.utcnow())
    if state != "open":
        raise Conflict(_CLOSED[state])
    found.status = InvitationStatus.DECLINED
    session.add(found)
    session.flush()
    _record(session, Principal.system(team.id, Door.WEB), "team.invitation_declined", found)
    _tell_inviter(session, found, team, f"{found.email or found.phone} does not want to join {team.name}.")


def sweep(session: Session, now: datetime) -> int:
    """Mark invitations whose time is over; says how many."""
    over = (
        update(TeamInvitation)
        .where(col(TeamInvitation.status) == InvitationStatus.PENDING, col(TeamInvitation.expires_at) <= now)
        .values(status=InvitationStatus.EXPIRED)
        .returning(col(TeamInvitation.team_id))
    )
    teams = session.execute(over).scalars().all()
    live.publish(session, *{topics.team(team_id) for team_id in teams})
    return len(teams)


_CLOSED = {
    "accepted": "This invitation has been used already.",
    "declined": "This invitation was declined.",
    "revoked": "This invitation was taken back.",
    "expired": "This invitation is too old. Ask for a new one.",
}


def _state(found: TeamInvitation, now: datetime) -> str:
    if found.status in (InvitationStatus.ACCEPTED, InvitationStatus.DECLINED):
        return found.status.value
    if found.revoked_at is not None:
        return "revoked"
    return "expired" if found.expires_at is None or found.expires_at <= now else "open"


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(col(TeamInvitation.status) == InvitationStatus.PENDING, col(TeamInvitation.expires_at) > now)


def _send(session: Session, principal: Principal, found: TeamInvitation, now: datetime) -> TeamInvitation:
    """Queue the mail or the text; at most MOST_SENT times, a minute apart."""
    if found.sent_count >= MOST_SENT:
        raise LimitReached(f"They have been asked {MOST_SENT} times. Revoke it if you want to start again.")
    if found.sent_at is not None and found.sent_at > now - RESEND_AFTER:
        raise LimitReached("That link has just been sent. Give it a minute.", 60)
    found.sent_count += 1
    found.sent_at, found.expires_at, found.status = now, now + LASTS, InvitationStatus.PENDING
    session.add(found)
    session.flush()
    team = session.get_one(Team, found.team_id)
    link = f"{settings().public_url.rstrip('/')}/join/{found.invite_code}"
    key = f"invitation:{found.id}:{found.sent_count}"
    if found.email:
        text = (
            f"{principal.name} invites you to work in {team.name} on TaskJuggler.\n\nJoin here, within seven days:\n"
            f"{link}\n\nIf you do not know them, do nothing."
        )
        subject = f"{principal.name} invites you to {team.name}"
        queue.defer(session, "mail.send", to=found.email, subject=subject, text=text, idempotency_key=key)
    else:
        body = f"{principal.name} invites you to {team.name} on TaskJuggler: {link}"
        queue.defer(session, "sms.send", to=found.phone, body=body, idempotency_key=key)
    _record(session, principal, "team.invited", found)
    return found


def _refuse_member(session: Session, principal: Principal, email: str | None, phone: str | None) -> None:
    address = col(User.email) == email if email else col(User.phone) == phone
    here = (
        select(func.count())
        .select_from(TeamMember)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == principal.team_id, address)
    )
    if session.exec(here).one():
        raise Conflict("They are in this workspace already.")


def _of_team(session: Session, principal: Principal, invitation_id: UUID) -> TeamInvitation:
    found = session.exec(
        select(TeamInvitation)
        .where(TeamInvitation.id == invitation_id, TeamInvitation.team_id == principal.team_id)
        .with_for_update()
    ).first()
    if found is None:
        raise NotFound
    return found


def _by_code(session: Session, code: str, *, lock: bool = False) -> tuple[TeamInvitation, Team, str]:
    query = select(TeamInvitation).where(TeamInvitation.invite_code == code)
    found = session.exec(query.with_for_update() if lock else query).first() if is_code(code, 32) else None
    if found is None:
        raise NotFound("That invitation does not exist. Check the link.")
    return found, session.get_one(Team, found.team_id), session.get_one(User, found.invited_by).name


def _tell_inviter(session: Session, found: TeamInvitation, team: Team, message: str) -> None:
    notify(
        session,
        found.invited_by,
        type="team",
        title="Your invitation was answered",
        message=message,
        link="/people",
        dedupe_key=f"team_invitation:{found.id}",
        team_id=team.id,
    )


def _record(session: Session, principal: Principal, kind: str, found: TeamInvitation) -> None:
    data = {"invitation": str(found.id), "to": found.email or found.phone, "admin": found.is_admin}
    record_event(session, principal, kind=kind, subject_type="team", subject_id=found.team_id, data=data)
    live.publish(session, topics.team(found.team_id))
