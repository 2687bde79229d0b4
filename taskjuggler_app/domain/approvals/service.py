"""Single-use approvals: proposed, decided by a person, used once for exactly what was approved.

    asked = approvals.propose(session, principal, Proposal(tool="mcp:send_sms", given={...}, subject=("task", id), ...))
    …a person says yes on the page; `then_job` is deferred with approval_id…
    approvals.use(session, principal, asked.id, tool="mcp:send_sms", given={...}, budget=None)   # once, or Conflict

`use` belongs into the transaction that begins the act: rolled back with it, committed with it. Proposed, approved and
executed are three events of the subject's thread.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.errors import Conflict, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.approvals import policy
from taskjuggler_app.domain.approvals.fingerprint import fingerprint
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.approvals import Approval, ApprovalState
from taskjuggler_app.models.teams import TeamMember

STANDS = timedelta(days=1)
"""How long a proposal, and then what was approved, is good."""
_SAID = {
    ApprovalState.WAITING: "Nobody has approved this yet.",
    ApprovalState.REFUSED: "This was refused.",
    ApprovalState.USED: "This approval was used already: it works once.",
    ApprovalState.EXPIRED: "This approval has expired: ask again.",
}


@dataclass(frozen=True)
class Proposal:
    """What somebody, or something, wants to do.

    `tool` names exactly what acts, `given` is the whole input as JSON, `budget` the most it may cost. `subject` is the
    case it belongs to, as ("task", id). `owner_id` is who is asked; without one the workspace's admins are.
    """

    tool: str
    given: dict[str, Any]
    subject: tuple[str, UUID | str]
    summary: str
    tool_name: str = ""
    budget: Decimal | None = None
    currency: str = "USD"
    owner_id: UUID | None = None
    then_job: str = ""
    stands: timedelta = STANDS


def propose(session: Session, principal: Principal, proposal: Proposal) -> Approval:
    """Ask for leave, and tell who can give it. Any principal may ask."""
    now = clock.utcnow()
    kind, subject_id = proposal.subject
    made = Approval(
        team_id=principal.team_id,
        subject_type=kind,
        subject_id=str(subject_id),
        tool=proposal.tool,
        tool_name=(proposal.tool_name or proposal.tool)[:255],
        summary=" ".join(proposal.summary.split())[:500],
        given=proposal.given,
        budget=proposal.budget,
        currency=proposal.currency,
        fingerprint=fingerprint(proposal.tool, proposal.given, proposal.budget, proposal.currency),
        owner_id=proposal.owner_id,
        proposed_by=principal.user_id,
        expires_at=now + proposal.stands,
        then_job=proposal.then_job,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    _record(session, principal, made, "approval.proposed", {"fingerprint": made.fingerprint})
    for user_id in _asked(session, made):
        notify(
            session,
            user_id,
            type="approval",
            title=f"{made.tool_name} waits for your word",
            message=made.summary,
            link="/approvals",
            dedupe_key=f"approval:{made.id}",
            team_id=made.team_id,
        )
    return made


def approve(session: Session, principal: Principal, approval_id: UUID) -> Approval:
    """A person says yes, to this and to nothing else. Conflict when it is answered or over."""
    return _decide(session, principal, approval_id, ApprovalState.APPROVED, "")


def refuse(session: Session, principal: Principal, approval_id: UUID, note: str = "") -> Approval:
    """A person says no, perhaps why."""
    return _decide(session, principal, approval_id, ApprovalState.REFUSED, " ".join(note.split())[:500])


def use(
    session: Session,
    principal: Principal,
    approval_id: UUID,
    *,
    tool: str,
    given: dict[str, Any],
    budget: Decimal | None,
    currency: str = "USD",
) -> Approval:
    """Spend the approval on exactly this. Conflict for changed arguments, a second use, an expired or missing yes.

    One statement decides, so of many callers at once one wins.
    """
    now, exact = clock.utcnow(), fingerprint(tool, given, budget, currency)
    spent = session.execute(
        update(Approval)
        .where(
            col(Approval.id) == approval_id,
            col(Approval.team_id) == principal.team_id,
            col(Approval.state) == ApprovalState.APPROVED,
            col(Approval.used_at).is_(None),
            col(Approval.expires_at) > now,
            col(Approval.fingerprint) == exact,
        )
        .values(state=ApprovalState.USED, used_at=now, updated_at=now)
        .returning(col(Approval.id))
    ).first()
    found = _found(session, principal, approval_id)
    if spent is None:
        raise Conflict(_why_not(found, exact, now))
    _record(session, principal, found, "approval.executed", {"fingerprint": exact})
    return found


def expire(session: Session, now: datetime) -> int:
    """End what nobody answered, or nobody used, in time; says how many."""
    due = session.exec(
        select(Approval)
        .where(
            col(Approval.state).in_([ApprovalState.WAITING, ApprovalState.APPROVED]),
            col(Approval.expires_at) <= now,
        )
        .with_for_update(skip_locked=True)
        .limit(200)
    ).all()
    for row in due:
        row.state, row.updated_at = ApprovalState.EXPIRED, now
        session.add(row)
        session.flush()
        _record(session, Principal.system(row.team_id), row, "approval.expired", {})
        _go_on(session, row)
    return len(due)


def _decide(session: Session, principal: Principal, approval_id: UUID, state: ApprovalState, note: str) -> Approval:
    row = _found(session, principal, approval_id, lock=True)
    may = policy.can_decide(principal, row.team_id, row.owner_id)
    require(may, "Only who is asked, or an admin of the workspace, answers this, and only on the web.")
    now = clock.utcnow()
    if row.state is ApprovalState.WAITING and row.expires_at <= now:
        raise Conflict(_SAID[ApprovalState.EXPIRED])
    if row.state is not ApprovalState.WAITING:
        raise Conflict(_SAID.get(row.state, "This was approved already."))
    row.state, row.note, row.updated_at = state, note, now
    row.decided_by, row.decided_at = principal.user_id, now
    if state is ApprovalState.APPROVED:
        row.expires_at = now + STANDS
    session.add(row)
    session.flush()
    _record(session, principal, row, f"approval.{state.value}", {"fingerprint": row.fingerprint, "note": note})
    _go_on(session, row)
    return row


def _why_not(row: Approval, exact: str, now: datetime) -> str:
    if row.state is not ApprovalState.APPROVED:
        return _SAID[row.state]
    if row.expires_at <= now:
        return _SAID[ApprovalState.EXPIRED]
    if row.fingerprint != exact:
        return "What was approved is not what would be done: tool, input or budget changed. Ask again."
    return _SAID[ApprovalState.USED]


def _go_on(session: Session, row: Approval) -> None:
    if row.then_job:
        queue.defer(session, row.then_job, approval_id=str(row.id))


def _found(session: Session, principal: Principal, approval_id: UUID, *, lock: bool = False) -> Approval:
    query = select(Approval).where(col(Approval.id) == approval_id, Approval.team_id == principal.team_id)
    if lock:
        query = query.with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    return row


def _asked(session: Session, row: Approval) -> list[UUID]:
    if row.owner_id is not None:
        return [row.owner_id]
    admins = select(TeamMember.user_id).where(TeamMember.team_id == row.team_id, col(TeamMember.is_admin).is_(True))
    return sorted(session.exec(admins))


def _record(session: Session, principal: Principal, row: Approval, kind: str, more: dict[str, str]) -> None:
    acting = principal if principal.team_id == row.team_id else Principal.system(row.team_id, principal.door)
    data = {
        "approval": str(row.id),
        "name": row.tool_name,
        "reason": more.get("note") or row.summary,
        "budget": "" if row.budget is None else f"{row.budget:.2f} {row.currency}",
        **more,
    }
    record_event(session, acting, kind=kind, subject_type=row.subject_type, subject_id=row.subject_id, data=data)
    live.publish(session, topics.approvals(row.team_id))
    if row.subject_type == "task":
        live.publish(session, topics.task(UUID(row.subject_id)))
