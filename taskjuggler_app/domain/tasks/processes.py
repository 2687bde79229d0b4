"""Process templates: ordered steps that become tasks, each when the one before it is finished."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import service
from taskjuggler_app.domain.tasks.repeating import step_draft
from taskjuggler_app.models.projects import ProcessTemplate
from taskjuggler_app.models.tasks import Task, TaskStatus

MOST_STEPS, MOST_DAYS = 30, 365
_MAY = "Only admins can change process templates."


@dataclass
class StepRow:
    """A step: what is to be done, within how many days (0: no date), by which membership (empty: nobody yet)."""

    id: str = ""
    title: str = ""
    days: int = 0
    team_member_id: str = ""


@dataclass
class ProcessRow:
    """A template; `running` is how many of its tasks are open."""

    id: str = ""
    name: str = ""
    steps: list[StepRow] = field(default_factory=list)
    running: int = 0


def save_template(
    session: Session, principal: Principal, name: str, steps: list[dict[str, Any]], template_id: UUID | None = None
) -> ProcessTemplate:
    """Keep an ordered list of steps: [{id, title, days, team_member_id}], as a new template or over an old one.

    A step that keeps its id keeps its running tasks. Admins only; Invalid without a name or a step.
    """
    require(principal.is_admin, _MAY)
    template = ProcessTemplate(team_id=principal.team_id, name="", created_by=principal.user_id)
    if template_id is not None:
        template = get(session, principal, template_id)
    known = {step["id"] for step in template.steps}
    kept = [
        {
            "id": step["id"] if step.get("id") in known else uuid4().hex[:12],
            "title": title,
            "days": _days(step.get("days")),
            "team_member_id": str(step.get("team_member_id") or ""),
        }
        for step in steps[:MOST_STEPS]
        if (title := " ".join(str(step.get("title", "")).split())[: service.TITLE_LENGTH])
    ]
    name = " ".join(name.split())[:120]
    if not kept or not name:
        raise Invalid("A process needs a name and at least one step.", "name")
    template.name, template.steps, template.updated_at = name, kept, clock.utcnow()
    session.add(template)
    session.flush()
    live.publish(session, topics.tasks(principal.team_id))
    return template


def remove_template(session: Session, principal: Principal, template_id: UUID) -> str:
    """Take a template away; says its name. Its tasks stay; no further step follows them."""
    require(principal.is_admin, _MAY)
    template = get(session, principal, template_id)
    session.delete(template)
    session.flush()
    live.publish(session, topics.tasks(principal.team_id))
    return template.name


def templates(session: Session, principal: Principal) -> list[ProcessRow]:
    """The workspace's templates by name, with their open tasks counted."""
    query = select(ProcessTemplate).where(ProcessTemplate.team_id == principal.team_id)
    found = session.exec(query.order_by(func.lower(ProcessTemplate.name), col(ProcessTemplate.id))).all()
    running: dict[Any, int] = dict(
        session.exec(
            select(Task.process_id, func.count())
            .where(
                Task.team_id == principal.team_id,
                col(Task.process_id).in_([one.id for one in found]),
                col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)),
                col(Task.deleted_at).is_(None),
            )
            .group_by(col(Task.process_id))
        ).all()
    )
    return [
        ProcessRow(str(one.id), one.name, [StepRow(**step) for step in one.steps], running.get(one.id, 0))
        for one in found
    ]


def get(session: Session, principal: Principal, template_id: UUID) -> ProcessTemplate:
    """A template. NotFound when it is not the workspace's."""
    template = session.get(ProcessTemplate, template_id)
    if template is None or template.team_id != principal.team_id:
        raise NotFound("There is no such process.")
    return template


def start(session: Session, principal: Principal, template_id: UUID) -> Task:
    """Begin a process: its first step becomes a task."""
    template = get(session, principal, template_id)
    if principal.user_id is None:
        raise Conflict("Somebody has to ask for the process.")
    draft = step_draft(session, principal, template, 0, principal.user_id, None, uuid4().hex)
    return service.create(session, principal, draft)


def _days(value: Any) -> int:
    try:
        return max(0, min(int(value or 0), MOST_DAYS))
    except (TypeError, ValueError):
        raise Invalid("Days are a number.", "days") from None
