"""The deletion itself: first nobody can sign in any more, then the workspaces, then the rest of the person.

Each function is one transaction and does nothing the second time, so a killed job is simply run again.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto, live, topics
from taskjuggler_app.domain.access import letters, sessions
from taskjuggler_app.domain.farewell import closing, leaving, notices, obstacles, workspaces
from taskjuggler_app.domain.farewell.workspaces import Place
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.files import FileSubject, StoredFile
from taskjuggler_app.models.users import AccountDeletion, Plan, User

LOOK_AGAIN = timedelta(days=1)
OF_THE_PERSON = (
    "appointment_hosts",
    "calendar_busy",
    "calendar_feeds",
    "calendar_subscriptions",
    "host_overrides",
    "host_schedules",
    "inbox_reads",
    "monday_mails",
    "notification_digests",
    "notifications",
    "profiles",
    "project_members",
    "recovery_codes",
    "saved_filters",
    "two_factor",
    "verification_codes",
)
"""Tables whose rows are about one person alone, by `user_id`."""
_SCRUBBED = (
    "UPDATE team_invitations SET email = NULL, phone = NULL WHERE accepted_by = :me",
    "UPDATE task_invitations SET email = NULL, phone = NULL WHERE user_id = :me",
    "DELETE FROM personal_access_tokens WHERE tokenable_id = :me",
    f"{closing.SCRUB_VENDORS} user_id = :me",
    f"{closing.SCRUB_ACTORS} user_id = :me",
)


def begin(session: Session, user_id: UUID, now: datetime) -> bool:
    """Lock the person out and forget who they were. False when there is nothing to do, or something is in the way."""
    user = session.exec(select(User).where(User.id == user_id).with_for_update()).one_or_none()
    row = session.get(AccountDeletion, user_id, populate_existing=True, with_for_update=True)
    if user is None or row is None or row.finished_at is not None or row.due_at > now:
        return False
    if row.begun_at is not None:
        return True
    found = obstacles.of(session, user_id)
    if found:
        _wait(session, user, row, found[0].words, now)
        return False
    for place in workspaces.of(session, user_id):  # while the letters to their guests can still say who it was
        leaving.cancel_appointments(session, user_id, place.id, now)
    row.begun_at, row.waits_for = now, ""
    session.add(row)
    letters.send_deleted(session, user.email)
    _forget_addresses(session, user)
    notices.forget_name(session, user)
    user.email, user.name = f"former-{crypto.token(12)}@deleted.invalid".lower(), leaving.FORMER
    user.password, user.email_verified_at = "", None
    user.phone, user.phone_verified_at, user.timezone = None, None, "UTC"
    user.plan, user.plan_expires_at, user.stripe_customer_id, user.settings = Plan.FREE, None, None, {}
    session.add(user)
    session.flush()
    sessions.revoke_all(session, user_id)
    _revoke_invitations(session, user_id)
    return True


def places(session: Session, user_id: UUID) -> list[Place]:
    """The workspaces that are left to be closed or left."""
    return workspaces.of(session, user_id)


def finish(session: Session, user_id: UUID, now: datetime) -> None:
    """What was the person's alone goes; the row of the person stays for what others keep."""
    row = session.get(AccountDeletion, user_id, populate_existing=True, with_for_update=True)
    if row is None or row.begun_at is None or row.finished_at is not None:
        return
    kinds = (FileSubject.PROFILE, FileSubject.EXPORT)
    mine = (col(StoredFile.subject_id) == user_id, col(StoredFile.subject_kind).in_(kinds))
    loose = (StoredFile.created_by == user_id, col(StoredFile.subject_kind).is_(None))
    for which in (mine, loose):
        for file in session.exec(select(StoredFile).where(*which)).all():
            files.forget(session, file)
    for table in OF_THE_PERSON:
        session.execute(text(f"DELETE FROM {table} WHERE user_id = :me"), {"me": user_id})  # noqa: S608
    for statement in _SCRUBBED:
        session.execute(text(statement), {"me": user_id})
    row.finished_at = now
    session.add(row)
    session.flush()


def _wait(session: Session, user: User, row: AccountDeletion, words: str, now: datetime) -> None:
    """Something came up during the grace: say so once, and look again tomorrow."""
    if row.waits_for != words[:500] and user.current_team_id is not None:
        notify(
            session,
            user.id,
            type="system",
            title="Your account cannot be deleted yet",
            message=words,
            link="/settings/data",
            dedupe_key=f"deletion_waits:{row.due_at.isoformat()}",
            team_id=user.current_team_id,
        )
    row.waits_for, row.due_at = words[:500], now + LOOK_AGAIN
    session.add(row)
    session.flush()
    live.publish(session, topics.user(user.id))


def _forget_addresses(session: Session, user: User) -> None:
    """What is kept by the address, which after this nobody knows any more."""
    known = {"email": user.email, "phone": user.phone or ""}
    session.execute(text("DELETE FROM password_reset_tokens WHERE email = :email"), known)
    session.execute(text("DELETE FROM outbox_messages WHERE to_address IN (:email, :phone)"), known)


def _revoke_invitations(session: Session, user_id: UUID) -> None:
    """Nobody joins a workspace that is about to end."""
    ending = [place.id for place in workspaces.of(session, user_id) if not place.others]
    if ending:
        session.execute(text("DELETE FROM team_invitations WHERE team_id = ANY(:teams)"), {"teams": ending})
