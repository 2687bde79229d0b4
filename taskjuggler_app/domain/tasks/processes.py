"""Process templates: ordered steps that become tasks, each when the one before it is finished."""

from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import service
from taskjuggler_app.domain.tasks.repeating import step_draft
from taskjuggler_app.models.projects import ProcessTemplate
from taskjuggler_app.models.tasks import Task

MOST_STEPS = 30


def save_template(session: Session, principal: Principal, name: str, steps: list[dict[str, Any]]) -> ProcessTemplate:
    """Keep an ordered list of steps: [{title, days, team_member_id}]. Admins only; Invalid without a step."""
    require(principal.is_admin, "Only admins can change process templates.")
    kept = [
        {
            "id": uuid4().hex[:12],
            "title": title,
            "days": max(0, min(int(step.get("days") or 0), 365)),
            "team_member_id": str(step.get("team_member_id") or ""),
        }
        for step in steps[:MOST_STEPS]
        if (title := " ".join(str(step.get("title", "")).split())[: service.TITLE_LENGTH])
    ]
    name = " ".join(name.split())[:120]
    if not kept or not name:
        raise Invalid("A process needs a name and at least one step.", "name")
    template = ProcessTemplate(team_id=principal.team_id, name=name, steps=kept, created_by=principal.user_id)
    session.add(template)
    session.flush()
    return template


def templates(session: Session, principal: Principal) -> list[ProcessTemplate]:
    """The workspace's templates by name."""
    query = select(ProcessTemplate).where(ProcessTemplate.team_id == principal.team_id)
    return list(session.exec(query.order_by(col(ProcessTemplate.name), col(ProcessTemplate.id))))


def start(session: Session, principal: Principal, template_id: UUID) -> Task:
    """Begin a process: its first step becomes a task."""
    template = session.get(ProcessTemplate, template_id)
    if template is None or template.team_id != principal.team_id:
        raise NotFound("There is no such process.")
    if principal.user_id is None:
        raise Conflict("Somebody has to ask for the process.")
    draft = step_draft(session, principal, template, 0, principal.user_id, None, uuid4().hex)
    return service.create(session, principal, draft)
