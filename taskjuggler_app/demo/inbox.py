"""The demo's inbox beyond what its rules made: a channel that answers, some spam, something snoozed."""

from datetime import timedelta

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.demo import story
from taskjuggler_app.domain.receptionist import answers, triage
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, InboxStatus

_WEEK = {day: [["07:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def load(session: Session, owner: Principal, line: AssistantChannel) -> None:
    """Let the main line answer, and read most of what came in."""
    answers.save(
        session,
        owner,
        line.id,
        is_on=True,
        open_text="Hi {name}, thanks for writing to {business}. We have your message and will get back to you today.",
        closed_text="Hi {name}, {business} is closed now (open {hours}). Emergencies: 207-555-0101.",
        weekly=_WEEK,
        zone=story.ZONE,
    )
    newest = session.exec(
        select(InboxItem).where(InboxItem.team_id == owner.team_id).order_by(col(InboxItem.received_at).desc())
    ).all()
    triage.mark_read(session, owner, [item.id for item in newest[6:]])
    kept = [item for item in newest if item.status is InboxStatus.PROCESSED]
    if kept:
        triage.snooze(session, owner, kept[0].id, clock.utcnow() + timedelta(days=1))
