"""Projects: a name and a colour over tasks that belong together, the people on it, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import literal
from sqlmodel import Session, col, delete, func, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid, NotFound, require
from taskjuggler_app.core.parsing import one_line
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.teams.faces import Face, face_of
from taskjuggler_app.models.projects import Project, ProjectMember
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

COLOURS = ("accent", "green", "blue", "violet", "amber", "red")
LONGEST_NAME, LONGEST_TEXT = 120, 5_000
_MAY = "Only the people of a project and admins can change it."


@dataclass
class ProjectRow:
    """A project; `done` of `tasks` are finished, cancelled ones do not count; `percent` is the rounded share."""

    id: str = ""
    name: str = ""
    colour: str = "accent"
    description: str = ""
    archived: bool = False
    tasks: int = 0
    done: int = 0
    overdue: int = 0
    percent: int = 0
    people: list[Face] = field(default_factory=list)
    member_ids: list[str] = field(default_factory=list)
    may_edit: bool = False


def create(session: Session, principal: Principal, name: str, colour: str = "accent", description: str = "") -> Project:
    """Begin a project with the principal on it. Invalid without a name."""
    project = Project(team_id=principal.team_id, created_by=principal.user_id, name="")
    _write(project, name, colour, description)
    session.add(project)
    session.flush()
    if principal.user_id is not None:
        session.add(ProjectMember(project_id=project.id, user_id=principal.user_id))
        session.flush()
    _record(session, principal, project, "project.created")
    return project


def change(
    session: Session, principal: Principal, project_id: UUID, name: str, colour: str, description: str
) -> Project:
    """Give a project another name, colour or description."""
    project = _editable(session, principal, project_id)
    _write(project, name, colour, description)
    _record(session, principal, project, "project.changed")
    return project


def archive(session: Session, principal: Principal, project_id: UUID, archived: bool) -> Project:
    """Put a project away, or take it out again. Its tasks stay where they are."""
    project = _editable(session, principal, project_id)
    project.archived_at = clock.utcnow() if archived else None
    _record(session, principal, project, "project.archived" if archived else "project.reopened")
    return project


def set_members(session: Session, principal: Principal, project_id: UUID, member_ids: Sequence[UUID]) -> None:
    """Who is on the project, by membership. NotFound for somebody of another workspace."""
    project = _editable(session, principal, project_id)
    wanted = set(member_ids)
    found = session.exec(
        select(TeamMember.user_id).where(TeamMember.team_id == principal.team_id, col(TeamMember.id).in_(wanted))
    ).all()
    if len(found) != len(wanted):
        raise NotFound("That person is not in this workspace.")
    session.execute(delete(ProjectMember).where(col(ProjectMember.project_id) == project.id))
    session.add_all(ProjectMember(project_id=project.id, user_id=user_id) for user_id in sorted(found))
    _record(session, principal, project, "project.people_changed")


def rows(session: Session, principal: Principal, *, archived: bool = False) -> list[ProjectRow]:
    """The workspace's projects by name."""
    put_away = col(Project.archived_at).is_not(None) if archived else col(Project.archived_at).is_(None)
    query = select(Project).where(Project.team_id == principal.team_id, put_away)
    return _rows(session, principal, session.exec(query.order_by(func.lower(Project.name), col(Project.id))).all())


def one(session: Session, principal: Principal, project_id: UUID) -> ProjectRow:
    """A project. NotFound when it is not the workspace's."""
    return _rows(session, principal, [get(session, principal, project_id)])[0]


def get(session: Session, principal: Principal, project_id: UUID) -> Project:
    """A project. NotFound when it is not the workspace's."""
    project = session.get(Project, project_id)
    if project is None or project.team_id != principal.team_id:
        raise NotFound("There is no such project.")
    return project


def _rows(session: Session, principal: Principal, found: Sequence[Project]) -> list[ProjectRow]:
    ids = [project.id for project in found]
    now = clock.utcnow()
    counted = {
        project_id: (total, done, late)
        for project_id, total, done, late in session.exec(
            select(
                Task.project_id,
                func.count().filter(col(Task.status) != TaskStatus.CANCELLED),
                func.count().filter(col(Task.status) == TaskStatus.COMPLETED),
                func.count().filter(
                    col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)), col(Task.due_date) < now
                ),
            )
            .where(col(Task.project_id).in_(ids), col(Task.deleted_at).is_(None))
            .group_by(col(Task.project_id))
        )
    }
    people = session.exec(
        select(  # type: ignore[call-overload]  # five columns: one more than its overloads know
            ProjectMember.project_id,
            TeamMember.id,
            User.id,
            User.name,
            face_of(col(User.id), literal(principal.team_id)),
        )
        .join(User, col(User.id) == col(ProjectMember.user_id))
        .join(
            TeamMember,
            (col(TeamMember.user_id) == col(User.id)) & (col(TeamMember.team_id) == principal.team_id),
        )
        .where(col(ProjectMember.project_id).in_(ids))
        .order_by(col(User.name), col(User.id))
    ).all()
    made = []
    for project in found:
        total, done, late = counted.get(project.id, (0, 0, 0))
        mine = [row for row in people if row[0] == project.id]
        made.append(
            ProjectRow(
                id=str(project.id),
                name=project.name,
                colour=project.colour,
                description=project.description or "",
                archived=project.archived_at is not None,
                tasks=total,
                done=done,
                overdue=late,
                percent=round(100 * done / total) if total else 0,
                people=[Face(name, picture or "") for *_, name, picture in mine],
                member_ids=[str(row[1]) for row in mine],
                may_edit=principal.is_admin or any(row[2] == principal.user_id for row in mine),
            )
        )
    return made


def _editable(session: Session, principal: Principal, project_id: UUID) -> Project:
    project = get(session, principal, project_id)
    on_it = select(ProjectMember.id).where(
        ProjectMember.project_id == project.id, ProjectMember.user_id == principal.user_id
    )
    require(principal.is_admin or session.exec(on_it).first() is not None, _MAY)
    return project


def _write(project: Project, name: str, colour: str, description: str) -> None:
    project.name = one_line(name, LONGEST_NAME)
    if not project.name:
        raise Invalid("A project needs a name.", "name")
    project.colour = colour if colour in COLOURS else COLOURS[0]
    project.description = description.replace("\0", "").strip()[:LONGEST_TEXT] or None


def _record(session: Session, principal: Principal, project: Project, kind: str) -> None:
    project.updated_at = clock.utcnow()
    session.add(project)
    session.flush()
    data = {"name": project.name}
    record_event(session, principal, kind=kind, subject_type="project", subject_id=project.id, data=data)
    live.publish(session, topics.tasks(principal.team_id))
