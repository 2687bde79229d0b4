"""Mail and texts beside the notification in the app, as its reader chose: at once, outside quiet hours, or in a digest.

A notification that was read in the app meanwhile is not sent any more. Each goes out at most once on each channel.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, text
from sqlmodel import Session, col, select

from taskjuggler_app.core import cache, clock, queue
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications import preferences
from taskjuggler_app.domain.notifications.preferences import ByEmail, Preferences
from taskjuggler_app.models.notifications import Notification, NotificationDigest
from taskjuggler_app.models.users import User

DELIVER = "notifications.deliver"
DIGEST = "notifications.digest"
KEPT_SECONDS = 30 * 24 * 3600
MOST_IN_DIGEST = 50
AT_ONCE = 200
_NEW_READERS = text(
    """
    INSERT INTO notification_digests (user_id, next_at, told_until)
    SELECT id, :now, :now FROM users
     WHERE email_verified_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM notification_digests d WHERE d.user_id = users.id)
    ON CONFLICT DO NOTHING
    """
)


def plan(session: Session, user_id: UUID, notification_id: UUID, type_: str) -> None:
    """Queue what the person wants to hear of at once; quiet hours put it off to their end."""
    found = session.exec(select(User.settings, User.timezone, User.phone_verified_at).where(User.id == user_id)).first()
    if found is None:
        return
    chosen, now = preferences.read(found[0]), clock.utcnow()
    wanted = []
    if chosen.by_email(type_) is ByEmail.NOW:
        wanted.append("email")
    if chosen.by_sms(type_) and found[2] is not None:
        wanted.append("sms")
    for channel in wanted:
        at = preferences.not_in_quiet(chosen, found[1], now)
        run_at = at if at > now else None
        queue.defer(session, DELIVER, run_at=run_at, notification_id=str(notification_id), channel=channel)


def deliver(session: Session, notification_id: UUID, channel: str) -> None:
    """Hand a notification to the mail or the phone, once, unless its reader has seen it."""
    found = session.get(Notification, notification_id)
    if found is None or found.is_read or not cache.claim(session, f"notice:{channel}:{found.id}", KEPT_SECONDS):
        return
    person = session.get_one(User, found.user_id)
    key = f"notice:{channel}:{found.id}"
    if channel == "sms":
        if person.phone and person.phone_verified_at:
            body = f"{found.title}: {found.message}"[:300] + f" {_address(found.link)}"
            queue.defer(session, "sms.send", queue="outgoing", to=person.phone, body=body, idempotency_key=key)
    else:
        mail = (
            f"{found.message}\n\n{_address(found.link)}\n\nChoose what we mail: {_address('/settings/notifications')}"
        )
        queue.defer(
            session, "mail.send", queue="outgoing", to=person.email, subject=found.title, text=mail, idempotency_key=key
        )


def queue_digests(session: Session, now: datetime) -> int:
    """Queue the digests that are due. Rows are claimed: two schedulers never queue the same one."""
    session.execute(_NEW_READERS, {"now": now})
    due = session.exec(
        select(NotificationDigest, User)
        .join(User, col(User.id) == col(NotificationDigest.user_id))
        .where(NotificationDigest.next_at <= now)
        .order_by(col(NotificationDigest.next_at))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=NotificationDigest)
    ).all()
    jobs = []
    for row, person in due:
        chosen = preferences.read(person.settings)
        if _has_news(session, person.id, row.told_until, now):
            jobs.append({"user_id": str(person.id), "since": row.told_until.isoformat(), "until": now.isoformat()})
        row.told_until = now
        row.next_at = preferences.next_at(chosen.digest_at, person.timezone, now)
        session.add(row)
    session.flush()
    queue.defer_many(session, DIGEST, jobs)
    return len(jobs)


def send_digest(session: Session, user_id: UUID, since: datetime, until: datetime) -> bool:
    """Mail what the person has not read of that time and wants in a digest, once; False when there is nothing."""
    person = session.get(User, user_id)
    if person is None or not cache.claim(session, f"digest:{user_id}:{until.isoformat()}", KEPT_SECONDS):
        return False
    chosen = preferences.read(person.settings)
    rows = session.exec(
        select(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.created_at > since,
            Notification.created_at <= until,
            col(Notification.is_read).is_(False),
        )
        .order_by(col(Notification.created_at), col(Notification.id))
    ).all()
    wanted = [row for row in rows if chosen.by_email(row.type) is ByEmail.DIGEST]
    if not wanted:
        return False
    lines = [f"- {row.title}: {row.message}\n  {_address(row.link)}" for row in wanted[:MOST_IN_DIGEST]]
    if len(wanted) > MOST_IN_DIGEST:
        lines.append(f"… and {len(wanted) - MOST_IN_DIGEST} more: {_address('/notifications')}")
    news = f"{len(wanted)} thing{'' if len(wanted) == 1 else 's'} you have not seen yet"
    foot = f"Choose what we mail, and when: {_address('/settings/notifications')}"
    queue.defer(
        session,
        "mail.send",
        queue="outgoing",
        to=person.email,
        subject=news,
        text="\n".join([f"{news}:", "", *lines, "", foot]),
        idempotency_key=f"digest:{user_id}:{until.isoformat()}",
    )
    return True


def own(session: Session, principal: Principal) -> Preferences:
    """What the person chose."""
    return preferences.read(session.get_one(User, principal.user_id).settings)


def choose(session: Session, principal: Principal, chosen: Preferences) -> None:
    """Keep what the person chose; the next digest comes at the new time."""
    person = session.exec(select(User).where(User.id == principal.user_id).with_for_update()).first()
    if person is None:
        raise NotFound
    person.settings = {**person.settings, "notifications": preferences.dump(chosen)}
    session.add(person)
    row = session.get(NotificationDigest, person.id)
    if row is not None:
        row.next_at = preferences.next_at(chosen.digest_at, person.timezone, clock.utcnow())
        session.add(row)
    session.flush()


def _has_news(session: Session, user_id: UUID, since: datetime, until: datetime) -> bool:
    news = exists().where(
        col(Notification.user_id) == user_id,
        col(Notification.created_at) > since,
        col(Notification.created_at) <= until,
        col(Notification.is_read).is_(False),
    )
    return bool(session.scalar(select(news)))


def _address(path: str | None) -> str:
    return settings().public_url.rstrip("/") + (path or "/notifications")
