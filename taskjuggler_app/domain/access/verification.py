"""Six digits that prove somebody reads a mailbox or a phone: good for 15 minutes and 5 tries.

Stored as a keyed hash: a plain one of a million possible codes could be looked up. Only the newest code counts.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import letters
from taskjuggler_app.models.users import User, VerificationChannel, VerificationCode

LASTS = timedelta(minutes=15)
MOST_ATTEMPTS = 5
RESEND_AFTER = timedelta(seconds=60)
MOST_AN_HOUR = 5


def request(session: Session, principal: Principal, channel: VerificationChannel, now: datetime) -> None:
    """Send a code to the signed-in person's own mailbox or phone.

    Raises Invalid without a phone number, Conflict if it is proved already, LimitReached if asked for too often.
    """
    user = _own_row(session, principal)
    target = _target(user, channel)
    if _is_verified(user, channel):
        raise Conflict("That is confirmed already.")
    _refuse_flood(session, user, channel, now)
    code = _issue(session, user, channel, target, now)
    if channel is VerificationChannel.EMAIL:
        letters.send_code(session, target, code, _minutes())
    else:
        letters.send_text_code(session, target, code, _minutes())


def confirm(session: Session, principal: Principal, channel: VerificationChannel, code: str, now: datetime) -> bool:
    """Whether the code is right; then the address or number counts as proved.

    A wrong code comes back as False and is counted, so the transaction has to commit.
    """
    return _redeem(session, _own_row(session, principal), channel, code, now)


def send_email_code(session: Session, user: User, now: datetime, *, binding: str) -> None:
    """Mail a code that is worth something only together with `binding`; the caller limits how often."""
    code = _issue(session, user, VerificationChannel.EMAIL, user.email, now, binding)
    letters.send_code(session, user.email, code, _minutes())


def confirm_email(session: Session, user: User, code: str, now: datetime, *, binding: str) -> bool:
    """As `confirm`, for a code sent with `binding`. `user` is locked by the caller."""
    return _redeem(session, user, VerificationChannel.EMAIL, code, now, binding)


def sweep(session: Session, now: datetime) -> None:
    """Delete the codes too old to count for anything."""
    session.execute(delete(VerificationCode).where(col(VerificationCode.created_at) < now - timedelta(hours=1)))


def _issue(
    session: Session, user: User, channel: VerificationChannel, target: str, now: datetime, binding: str = ""
) -> str:
    code = f"{secrets.randbelow(1_000_000):06d}"
    session.add(
        VerificationCode(
            user_id=user.id,
            channel=channel,
            target=target,
            code_hash=_hashed(user, channel, target, code, binding),
            expires_at=now + LASTS,
            created_at=now,
        )
    )
    session.flush()
    return code


def _redeem(
    session: Session, user: User, channel: VerificationChannel, code: str, now: datetime, binding: str = ""
) -> bool:
    newest = session.exec(
        select(VerificationCode)
        .where(VerificationCode.user_id == user.id, VerificationCode.channel == channel)
        .order_by(col(VerificationCode.created_at).desc(), col(VerificationCode.id))
        .limit(1)
        .with_for_update()
    ).first()
    if newest is None or newest.expires_at <= now or newest.attempts >= MOST_ATTEMPTS:
        return False
    newest.attempts += 1
    session.add(newest)
    session.flush()
    typed = "".join(code.split())
    if newest.target != _target(user, channel):
        return False
    if not crypto.same(newest.code_hash, _hashed(user, channel, newest.target, typed, binding)):
        return False
    _mark_verified(session, user, channel, now)
    return True


def _mark_verified(session: Session, user: User, channel: VerificationChannel, now: datetime) -> None:
    if channel is VerificationChannel.EMAIL:
        user.email_verified_at = now
    else:
        user.phone_verified_at = now
    session.add(user)
    session.execute(
        delete(VerificationCode).where(
            col(VerificationCode.user_id) == user.id, col(VerificationCode.channel) == channel
        )
    )
    session.flush()
    live.publish(session, topics.user(user.id))


def _refuse_flood(session: Session, user: User, channel: VerificationChannel, now: datetime) -> None:
    sent, last = session.exec(
        select(func.count(), func.max(VerificationCode.created_at)).where(
            VerificationCode.user_id == user.id,
            VerificationCode.channel == channel,
            col(VerificationCode.created_at) > now - timedelta(hours=1),
        )
    ).one()
    if last is not None and last > now - RESEND_AFTER:
        wait = int((last + RESEND_AFTER - now).total_seconds()) + 1
        raise LimitReached(f"A code is on its way. You can ask for another in {wait} seconds.", wait)
    if sent >= MOST_AN_HOUR:
        raise LimitReached("That was many codes. Try again in an hour.", 3600)


def _own_row(session: Session, principal: Principal) -> User:
    user = session.exec(select(User).where(User.id == principal.user_id).with_for_update()).one_or_none()
    if user is None:
        raise NotFound
    return user


def _target(user: User, channel: VerificationChannel) -> str:
    if channel is VerificationChannel.EMAIL:
        return user.email
    if not user.phone:
        raise Invalid("Write your phone number first.", "phone")
    return user.phone


def _is_verified(user: User, channel: VerificationChannel) -> bool:
    at = user.email_verified_at if channel is VerificationChannel.EMAIL else user.phone_verified_at
    return at is not None


def _hashed(user: User, channel: VerificationChannel, target: str, code: str, binding: str) -> str:
    return crypto.sign("verification-code", "\0".join((str(user.id), channel, target, binding, code)).encode())


def _minutes() -> int:
    return int(LASTS.total_seconds() // 60)
