"""Somebody leaves the workspace: their tasks go to a colleague, or back to be claimed."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks.queries import OPEN
from taskjuggler_app.domain.teams import service as teams
from taskjuggler_app.models.tasks import Task, TaskAction
from taskjuggler_app.models.teams import TeamMember


def remove_member(session: Session, principal: Principal, member_id: UUID, heir_id: UUID | None) -> int:
    """End a membership; open tasks go to the membership `heir_id`, or to nobody. Says how many there were.

    What they finished stays theirs. Raises Forbidden for the owner, and for removing others without being admin.
    """
    member = teams.member_of(session, principal, member_id)
    heir = teams.member_of(session, principal, heir_id) if heir_id is not None else None
    if heir is not None and heir.id == member.id:
        raise Invalid("They are leaving: choose somebody else for their tasks.", "heir")
    moved = _hand_over(session, principal, member, heir)
    for task in session.exec(select(Task).where(Task.team_member_id == member.id)):  # closed ones and the bin's
        task.team_member_id, task.owner_id = None, member.user_id
        session.add(task)
    session.flush()
    teams.drop(session, principal, member)
    if heir is not None and moved and heir.user_id != principal.user_id:
        _tell(session, principal, member, heir, moved)
    return moved


def open_count(session: Session, principal: Principal, member_id: UUID) -> int:
    """How many open tasks would change hands."""
    member = teams.member_of(session, principal, member_id)
    return len(session.exec(select(Task.id).where(_open_of(member))).all())


def _hand_over(session: Session, principal: Principal, member: TeamMember, heir: TeamMember | None) -> int:
    tasks = session.exec(select(Task).where(_open_of(member)).order_by(col(Task.id)).with_for_update()).all()
    now = clock.utcnow()
    for task in tasks:
        task.owner_id, task.team_member_id = None, heir.id if heir else None
        task.version += 1
        task.updated_at = now
        data = {"to": str(heir.user_id) if heir else None, "from": str(member.user_id), "because": "left"}
        session.add(task)
        session.add(
            TaskAction(
                task_id=task.id, user_id=principal.user_id, action_type="assigned", action_data=data, created_at=now
            )
        )
        record_event(session, principal, kind="task.assigned", subject_type="task", subject_id=task.id, data=data)
    session.flush()
    live.publish(session, topics.tasks(principal.team_id), *(topics.task(task.id) for task in tasks))
    return len(tasks)


def _open_of(member: TeamMember) -> ColumnElement[bool]:
    theirs = or_(
        col(Task.team_member_id) == member.id,
        and_(col(Task.owner_id) == member.user_id, col(Task.team_id) == member.team_id),
    )
    return and_(theirs, col(Task.status).in_(OPEN), col(Task.deleted_at).is_(None))


def _tell(session: Session, principal: Principal, member: TeamMember, heir: TeamMember, moved: int) -> None:
    notify(
        session,
        heir.user_id,
        type="task_assigned",
        title="Tasks handed over to you",
        message=f"{moved} open task{'' if moved == 1 else 's'} came to you, because somebody left the team.",
        link="/tasks",
        dedupe_key=f"handed_over:{member.id}",
        team_id=principal.team_id,
    )
