"""Invitations to one task: a link with a code of 32 characters, good for seven days, by mail or by text.

Whoever holds the code reads that task alone, accepts or declines it, without an account. Signed in, they may keep it:
then it stays theirs to read after the seven days, and they may comment. At most ten may be open on a task.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto, queue
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, LimitReached, NotFound, require
from taskjuggler_app.core.parsing import is_code
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import regions
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import comments, policy, queries, service
from taskjuggler_app.domain.tasks.comments import CommentRow
from taskjuggler_app.domain.tasks.rows import iso
from taskjuggler_app.models.tasks import InvitationStatus, Task, TaskInvitation
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import User

LASTS = timedelta(days=7)
MOST_OPEN = 10
CODE_LENGTH = 32
_MAY = "Only the one who does this task, its requestor or an admin can invite somebody to it."
_CLOSED = {
    "accepted": "This invitation was accepted already.",
    "declined": "This invitation was declined.",
    "expired": "This invitation is too old. Ask for a new one.",
}


@dataclass
class InvitedRow:
    """An invitation as the task's page lists it; `state` is open, accepted, declined or expired."""

    id: str = ""
    address: str = ""
    state: str = ""
    name: str = ""
    expires_at: str = ""


@dataclass
class Opened:
    """What the holder of a code sees of the task. `readable` is False once the link is worth nothing.

    Who has kept it in an account may write to `inviter_id`."""

    state: str = ""
    readable: bool = False
    kept: bool = False
    title: str = ""
    description: str = ""
    status: str = ""
    priority: str = ""
    due_at: str = ""
    team: str = ""
    inviter: str = ""
    inviter_id: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)


def invite(session: Session, principal: Principal, task_id: UUID, address: str) -> TaskInvitation:
    """Send a link to the task to an email address or a phone number; an address that has an open one gets it again.

    Raises Invalid for neither, Conflict for somebody of the workspace, LimitReached with ten open.
    """
    task = queries.get_for_update(session, principal, task_id)
    require(policy.can_invite(principal, task, queries.doer_id(session, task)), _MAY)
    if principal.user_id is None:
        raise Invalid("Somebody has to invite them.")
    email = normalise_email(address) if "@" in address else None
    phone = None if email else normalise_phone(address, regions.of(session, principal))
    _refuse_member(session, principal, email, phone)
    now = clock.utcnow()
    waiting = session.exec(
        select(TaskInvitation).where(
            TaskInvitation.task_id == task_id,
            TaskInvitation.status == InvitationStatus.PENDING,
            col(TaskInvitation.expires_at) > now,
        )
    ).all()
    found = next((one for one in waiting if (one.email, one.phone) == (email, phone)), None)
    if found is None:
        if len(waiting) >= MOST_OPEN:
            raise LimitReached(f"{MOST_OPEN} people are invited already. Wait for an answer, or take one back.")
        found = TaskInvitation(
            task_id=task_id,
            email=email,
            phone=phone,
            invite_code=crypto.token(24),
            invited_by=principal.user_id,
            created_at=now,
        )
    found.expires_at, found.updated_at = now + LASTS, now
    session.add(found)
    session.flush()
    _send(session, principal, task, found, now)
    service.record(session, principal, task, "invited", {"to": email or phone})
    return found


def of_task(session: Session, principal: Principal, task_id: UUID) -> list[InvitedRow]:
    """Who was invited to the task, newest first. NotFound if it is not the principal's to see."""
    queries.get(session, principal, task_id)
    now = clock.utcnow()
    rows = session.exec(
        select(TaskInvitation, User.name)
        .outerjoin(User, col(User.id) == col(TaskInvitation.user_id))
        .where(TaskInvitation.task_id == task_id)
        .order_by(col(TaskInvitation.created_at).desc(), col(TaskInvitation.id))
    )
    return [
        InvitedRow(str(one.id), one.email or one.phone or "", _state(one, now), name or "", iso(one.expires_at))
        for one, name in rows
    ]


def revoke(session: Session, principal: Principal, task_id: UUID, invitation_id: UUID) -> TaskInvitation:
    """Make a link worthless, also one that was accepted or kept."""
    task = queries.get(session, principal, task_id)
    require(policy.can_invite(principal, task, queries.doer_id(session, task)), _MAY)
    found = session.exec(
        select(TaskInvitation)
        .where(TaskInvitation.id == invitation_id, TaskInvitation.task_id == task_id)
        .with_for_update()
    ).first()
    if found is None:
        raise NotFound("That invitation is gone already.")
    found.status, found.user_id, found.expires_at = InvitationStatus.EXPIRED, None, clock.utcnow()
    session.add(found)
    service.record(session, principal, task, "invitation_revoked", {"to": found.email or found.phone})
    return found


def opened(session: Session, principal: Principal | None, code: str) -> Opened:
    """What the link leads to, for anybody who has it; with the talk, for who has kept it. NotFound for no such code."""
    found, task = _by_code(session, code)
    state, kept = _state(found, clock.utcnow()), principal is not None and found.user_id == principal.user_id
    team = session.exec(select(Team.name).where(Team.id == task.team_id)).first() or ""
    shown = Opened(state, state in ("open", "accepted"), kept, team=team, inviter=_name(session, found.invited_by))
    if not (shown.readable or kept):
        return shown
    shown.readable = True
    shown.title, shown.description, shown.status = task.title, task.description or "", task.status.value
    shown.priority, shown.due_at = task.priority.value, iso(task.due_date)
    shown.steps = [dict(step) for step in task.checklist]
    if principal is not None and kept:
        shown.inviter_id = str(found.invited_by)
        shown.comments = comments.of_task(session, _inside(principal, task), task.id)
    return shown


def accept(session: Session, principal: Principal | None, code: str) -> None:
    """Say yes; who is signed in keeps the task with it. Conflict when it was answered, taken back or is too old."""
    found, task = _by_code(session, code, lock=True)
    _refuse_closed(found)
    found.status = InvitationStatus.ACCEPTED
    who = _who(found, principal)
    if principal is not None:
        found.user_id = principal.user_id
    _answered(session, principal, task, found, "invitation_accepted", f"{who} accepted the invitation: {task.title}")


def decline(session: Session, principal: Principal | None, code: str) -> None:
    """Say no. Conflict when it was answered, taken back or is too old."""
    found, task = _by_code(session, code, lock=True)
    _refuse_closed(found)
    found.status = InvitationStatus.DECLINED
    who = _who(found, principal)
    _answered(session, principal, task, found, "invitation_declined", f"{who} declined the invitation: {task.title}")


def keep(session: Session, principal: Principal, code: str) -> None:
    """An invitation that was accepted without an account stays with the account that is signed in now."""
    found, task = _by_code(session, code, lock=True)
    state = _state(found, clock.utcnow())
    if found.user_id == principal.user_id and state == "accepted":
        return
    if state != "accepted" or found.user_id is not None:
        raise Conflict(_CLOSED.get(state, "Accept the invitation first."))
    found.user_id = principal.user_id
    session.add(found)
    service.record(session, _inside(principal, task), task, "invitation_kept", {"to": found.email or found.phone})


def comment(session: Session, principal: Principal, code: str, text: str) -> None:
    """Say something about a task that one was invited to and has kept. NotFound for anybody else."""
    found, task = _by_code(session, code)
    if principal.user_id is None or found.user_id != principal.user_id:
        raise NotFound("Keep this task in your account first.")
    comments.add(session, _inside(principal, task), task.id, text)


def sweep(session: Session, now: datetime) -> int:
    """Mark invitations whose time is over; says how many."""
    over = (
        update(TaskInvitation)
        .where(col(TaskInvitation.status) == InvitationStatus.PENDING, col(TaskInvitation.expires_at) <= now)
        .values(status=InvitationStatus.EXPIRED)
        .returning(col(TaskInvitation.id))
    )
    return len(session.execute(over).all())


def _inside(principal: Principal, task: Task) -> Principal:
    """The invited person as they act on this one task; only verbs of this module, for this task, get it."""
    return replace(principal, team_id=task.team_id or principal.team_id, role=Role.MEMBER)


def _state(found: TaskInvitation, now: datetime) -> str:
    if found.status is InvitationStatus.DECLINED:
        return "declined"
    if found.user_id is not None and found.status is InvitationStatus.ACCEPTED:
        return "accepted"
    if found.expires_at is None or found.expires_at <= now or found.status is InvitationStatus.EXPIRED:
        return "expired"
    return "accepted" if found.status is InvitationStatus.ACCEPTED else "open"


def _refuse_closed(found: TaskInvitation) -> None:
    state = _state(found, clock.utcnow())
    if state != "open":
        raise Conflict(_CLOSED[state])


def _by_code(session: Session, code: str, *, lock: bool = False) -> tuple[TaskInvitation, Task]:
    query = select(TaskInvitation).where(TaskInvitation.invite_code == code)
    known = is_code(code, CODE_LENGTH)
    found = session.exec(query.with_for_update() if lock else query).first() if known else None
    task = session.get(Task, found.task_id) if found is not None else None
    if found is None or task is None or task.deleted_at is not None:
        raise NotFound("That invitation does not exist. Check the link.")
    return found, task


def _answered(
    session: Session, principal: Principal | None, task: Task, found: TaskInvitation, action: str, message: str
) -> None:
    found.updated_at = clock.utcnow()
    session.add(found)
    session.flush()
    team_id = task.team_id or found.invited_by
    acting = _inside(principal, task) if principal is not None else Principal.system(team_id, Door.WEB)
    service.record(session, acting, task, action, {"to": found.email or found.phone})
    notify(
        session,
        found.invited_by,
        type="task_invitation",
        title="Your invitation was answered",
        message=message,
        link=f"/tasks/{task.id}",
        dedupe_key=f"task_invitation:{found.id}:{action}",
        team_id=team_id,
    )


def _send(session: Session, principal: Principal, task: Task, found: TaskInvitation, now: datetime) -> None:
    link = f"{settings().public_url.rstrip('/')}/invited/{found.invite_code}"
    key = f"task_invitation:{found.id}:{int(now.timestamp()) // 60}"  # pressed twice in a minute, sent once
    if found.email:
        text = (
            f"{principal.name} asks for your help with: {task.title}\n\n"
            f"Read it, and say yes or no, within seven days. You need no account:\n{link}\n\n"
            "If you do not know them, do nothing."
        )
        subject = f"{principal.name} asks for your help: {task.title}"[:200]
        queue.defer(session, "mail.send", to=found.email, subject=subject, text=text, idempotency_key=key)
    else:
        body = f"{principal.name} asks for your help: {task.title[:80]}. Yes or no? {link}"
        queue.defer(session, "sms.send", to=found.phone, body=body, idempotency_key=key)


def _refuse_member(session: Session, principal: Principal, email: str | None, phone: str | None) -> None:
    address = col(User.email) == email if email else col(User.phone) == phone
    here = (
        select(TeamMember.id)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == principal.team_id, address)
    )
    if session.exec(here).first() is not None:
        raise Conflict("They are in this workspace: give the task to them instead.")


def _who(found: TaskInvitation, principal: Principal | None) -> str:
    return principal.name if principal is not None else (found.email or found.phone or "Somebody")


def _name(session: Session, user_id: UUID) -> str:
    return session.exec(select(User.name).where(User.id == user_id)).first() or ""
