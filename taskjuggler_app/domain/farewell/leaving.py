"""Somebody who is being deleted leaves a workspace that goes on: what they answered for goes to its owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.appointments import announcing, changing
from taskjuggler_app.domain.farewell import workspaces
from taskjuggler_app.domain.tasks import leaving as tasks
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus
from taskjuggler_app.models.teams import TeamMember

FORMER = "Former member"
CANCELLED = "Your host is no longer there."
HANDED_OVER = (
    "appointment_types",
    "assistant_channels",
    "bulk_messages",
    "contact_imports",
    "contact_lists",
    "inbox_items",
    "routing_rules",
    "sites",
)
"""Tables of the workspace's things that a person answers for; they go to the heir."""
_IDLE_TYPES = text(
    "UPDATE appointment_types t SET is_active = false WHERE t.team_id = :team AND NOT EXISTS "
    "(SELECT FROM appointment_hosts h WHERE h.appointment_type_id = t.id)"
)


def leave(session: Session, user_id: UUID, team_id: UUID, now: datetime) -> None:
    """End the membership; open tasks can be claimed again, finished ones keep their doer. Once is enough."""
    heir = workspaces.heir(session, team_id, user_id)
    mine = (TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    member_id = session.exec(select(TeamMember.id).where(*mine)).first()
    if heir is None or member_id is None:
        return
    cancel_appointments(session, user_id, team_id, now)
    values = {"me": user_id, "team": team_id, "heir": heir}
    for table in HANDED_OVER:
        session.execute(text(f"UPDATE {table} SET user_id = :heir WHERE team_id = :team AND user_id = :me"), values)  # noqa: S608
    session.execute(
        text("UPDATE inbox_items SET assigned_to = NULL WHERE team_id = :team AND assigned_to = :me"), values
    )
    session.execute(text("DELETE FROM appointment_hosts WHERE team_id = :team AND user_id = :me"), values)
    session.execute(_IDLE_TYPES, values)
    session.execute(text("UPDATE teams SET created_by = :heir WHERE id = :team AND created_by = :me"), values)
    session.expire_all()
    acting = Principal(user_id, team_id, Role.MEMBER, Door.JOB, name=FORMER)
    tasks.remove_member(session, acting, member_id, None)


def cancel_appointments(session: Session, user_id: UUID, team_id: UUID, now: datetime) -> None:
    """What lies ahead with this host is cancelled; what guests paid goes back.

    They are told here and now, since the appointment may be gone before a job reads it.
    """
    ahead = select(Appointment.id).where(
        Appointment.team_id == team_id,
        Appointment.host_id == user_id,
        Appointment.status == AppointmentStatus.SCHEDULED,
        col(Appointment.start_time) > now,
    )
    for appointment_id in session.exec(ahead.order_by(col(Appointment.id))).all():
        made = changing.cancel(session, appointment_id, now, reason=CANCELLED, by=Principal.system(team_id))
        announcing.tell(session, made.id, announcing.CANCELLED, made.sequence, str(user_id))
