"""Reading approvals: what waits for a word, what became of the rest."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, money
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.approvals import policy
from taskjuggler_app.models.approvals import Approval, ApprovalState
from taskjuggler_app.models.users import User

MOST = 100


@dataclass
class ApprovalRow:
    """An approval as a page shows it; `given` is the exact input, `fingerprint` its hash. Times are ISO 8601 in UTC."""

    id: str = ""
    tool: str = ""
    summary: str = ""
    given: str = ""
    budget: str = ""
    fingerprint: str = ""
    state: str = "waiting"
    href: str = ""
    proposed_by: str = ""
    decided_by: str = ""
    note: str = ""
    at: str = ""
    expires_at: str = ""
    may_decide: bool = False


def page(session: Session, principal: Principal) -> list[ApprovalRow]:
    """The workspace's approvals: what waits first, then the newest."""
    rows = session.exec(
        select(Approval)
        .where(Approval.team_id == principal.team_id)
        .order_by((col(Approval.state) == ApprovalState.WAITING).desc(), col(Approval.created_at).desc())
        .limit(MOST)
    ).all()
    return rows_of(session, principal, rows)


def of_subject(session: Session, principal: Principal, kind: str, subject_id: UUID | str) -> list[ApprovalRow]:
    """The approvals of one case, newest first."""
    rows = session.exec(
        select(Approval)
        .where(
            Approval.team_id == principal.team_id,
            Approval.subject_type == kind,
            Approval.subject_id == str(subject_id),
        )
        .order_by(col(Approval.created_at).desc())
        .limit(MOST)
    ).all()
    return rows_of(session, principal, rows)


def get(session: Session, principal: Principal, approval_id: UUID) -> Approval:
    """One approval of the workspace. NotFound otherwise."""
    row = session.get(Approval, approval_id)
    if row is None or row.team_id != principal.team_id:
        raise NotFound
    return row


def waiting_alike(session: Session, principal: Principal, tool: str, exact: str) -> Approval | None:
    """What the same person's tool asks already, by its fingerprint: a repeated call asks nobody twice."""
    return session.exec(
        select(Approval)
        .where(
            Approval.team_id == principal.team_id,
            Approval.proposed_by == principal.user_id,
            Approval.tool == tool,
            Approval.fingerprint == exact,
            Approval.state == ApprovalState.WAITING,
            col(Approval.expires_at) > clock.utcnow(),
        )
        .order_by(col(Approval.created_at))
        .limit(1)
    ).first()


def waiting(session: Session, principal: Principal) -> int:
    """How many the principal could answer now."""
    query = select(func.count()).where(
        Approval.team_id == principal.team_id,
        Approval.state == ApprovalState.WAITING,
        col(Approval.expires_at) > clock.utcnow(),
    )
    if not principal.is_admin:
        query = query.where(Approval.owner_id == principal.user_id)
    return session.exec(query).one()


def rows_of(session: Session, principal: Principal, rows: Sequence[Approval]) -> list[ApprovalRow]:
    """These approvals as pages show them."""
    ids = {one for row in rows for one in (row.proposed_by, row.decided_by) if one is not None}
    names = dict(session.exec(select(User.id, User.name).where(col(User.id).in_(ids))).all())
    now = clock.utcnow()
    return [
        ApprovalRow(
            id=str(row.id),
            tool=row.tool_name,
            summary=row.summary,
            given=json.dumps(row.given, indent=2, ensure_ascii=False),
            budget=money.shown(row.budget, row.currency),
            fingerprint=row.fingerprint,
            state=_state(row, is_over=row.expires_at <= now),
            href=f"/tasks/{row.subject_id}" if row.subject_type == "task" else "",
            proposed_by=names.get(row.proposed_by, "TaskJuggler") if row.proposed_by else "TaskJuggler",
            decided_by=names.get(row.decided_by, "") if row.decided_by else "",
            note=row.note,
            at=row.created_at.isoformat(),
            expires_at=row.expires_at.isoformat(),
            may_decide=row.state is ApprovalState.WAITING
            and row.expires_at > now
            and policy.can_decide(principal, row.team_id, row.owner_id),
        )
        for row in rows
    ]


def _state(row: Approval, *, is_over: bool) -> str:
    open_now = row.state in (ApprovalState.WAITING, ApprovalState.APPROVED)
    return ApprovalState.EXPIRED.value if open_now and is_over else row.state.value
