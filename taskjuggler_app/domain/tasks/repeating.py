"""What follows a finished task: its next repetition, and the next step of its process."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.tasks.recurrence import Recurrence, next_due
from taskjuggler_app.models.projects import ProcessTemplate
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.teams import TeamMember


def after(session: Session, principal: Principal, task: Task) -> TaskDraft | None:
    """What comes after a finished task, once: finishing it again after a reopening gives nothing new."""
    already = session.exec(select(Task.id).where(Task.recurs_from == task.id)).first()
    if already is not None:
        return None
    if task.recurrence:
        return _repeat(session, principal, task)
    return _next_step(session, principal, task) if task.process_id and task.process_step_id else None


def _repeat(session: Session, principal: Principal, task: Task) -> TaskDraft:
    now = clock.utcnow()
    zone = task.due_zone or principal.timezone
    return TaskDraft(
        title=task.title,
        description=task.description,
        requestor_id=task.requestor_id,
        priority=task.priority,
        owner_id=task.owner_id,
        team_member_id=task.team_member_id,
        due_date=next_due(task.due_date or now, zone, Recurrence(task.recurrence or ""), now),
        due_zone=zone,
        tags=[str(tag) for tag in task.tags],
        checklist=[{**step, "done": False} for step in task.checklist],
        recurrence=task.recurrence,
        recurs_from=task.id,
        project_id=task.project_id,
        tells_doer=False,
    )


def _next_step(session: Session, principal: Principal, task: Task) -> TaskDraft | None:
    template = session.get(ProcessTemplate, task.process_id)
    ids = [step["id"] for step in template.steps] if template else []
    if template is None or task.process_step_id not in ids or ids.index(task.process_step_id) + 1 == len(ids):
        return None
    following = ids.index(task.process_step_id) + 1
    run = str(task.meta.get("process_run", ""))
    return step_draft(session, principal, template, following, task.requestor_id, task.id, run)


def step_draft(
    session: Session,
    principal: Principal,
    template: ProcessTemplate,
    number: int,
    requestor_id: UUID,
    after: UUID | None,
    run: str,
) -> TaskDraft:
    """A step of a process as a task."""
    step = template.steps[number]
    return TaskDraft(
        title=step["title"],
        requestor_id=requestor_id,
        team_member_id=_member(session, principal, step["team_member_id"]),
        due_date=clock.utcnow() + timedelta(days=step["days"]) if step["days"] else None,
        due_zone=principal.timezone,
        recurs_from=after,
        process_id=template.id,
        process_step_id=step["id"],
        meta={"process": template.name, "process_run": run, "process_step": f"{number + 1} of {len(template.steps)}"},
    )


def _member(session: Session, principal: Principal, member_id: str) -> UUID | None:
    """The step's doer, if they are still of the workspace."""
    member = session.get(TeamMember, UUID(member_id)) if member_id else None
    return member.id if member is not None and member.team_id == principal.team_id else None
