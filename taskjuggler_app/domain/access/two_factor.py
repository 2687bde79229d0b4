"""Two-factor sign-in: after the password a code from an authenticator app, or one of ten recovery codes.

The app's secret is sealed at rest, recovery codes are kept as keyed hashes. Every use locks the person's row first, so
of two uses of one code at the same moment one is refused.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import letters, profile, sessions, totp
from taskjuggler_app.models.users import RecoveryCode, TwoFactor, User

RECOVERY_CODES = 10
WRONG = "That code is wrong, too old or used already."
_PURPOSE = "two-factor"
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: nothing that looks like something else
_LETTERS = 10  # of 5 bits each
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the second step is on, since when, and how many recovery codes are unused."""

    on: bool
    since: datetime | None = None
    codes_left: int = 0


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app needs to begin: the secret to type, or its address for a QR code."""

    secret: str
    uri: str


def status(session: Session, principal: Principal) -> Status:
    """How it stands for the signed-in person."""
    user = profile.own(session, principal)
    row = session.get(TwoFactor, user.id)
    if row is None or row.confirmed_at is None:
        return Status(on=False)
    unused = select(func.count()).where(RecoveryCode.user_id == user.id, col(RecoveryCode.used_at).is_(None))
    return Status(on=True, since=row.confirmed_at, codes_left=session.exec(unused).one())


def is_on(session: Session, user_id: UUID) -> bool:
    """Whether this person's password alone is not enough."""
    row = session.get(TwoFactor, user_id)
    return row is not None and row.confirmed_at is not None


def begin(session: Session, principal: Principal) -> Setup:
    """A new secret for the person's app; it counts once a code proves that the app has it. Conflict if it is on."""
    user = profile.own(session, principal)
    row = _locked(session, user.id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("Two-factor sign-in is on already.")
    secret = totp.new_secret()
    row = row or TwoFactor(user_id=user.id, secret="")
    row.secret, row.last_step = crypto.seal(_PURPOSE, secret), None
    session.add(row)
    session.flush()
    return Setup(secret, totp.uri(secret, user.email))


def confirm(session: Session, principal: Principal, code: str, now: datetime) -> list[str]:
    """The app's first code turns it on; every other browser is signed out. The recovery codes, shown this once."""
    user = profile.own(session, principal)
    row = _locked(session, user.id)
    if row is None or row.confirmed_at is not None:
        raise Conflict("Begin again: this is not being set up any more.")
    if not _take_app_code(session, row, _plain(code), now):
        raise Invalid(WRONG, "code")
    row.confirmed_at = now
    session.add(row)
    sessions.revoke_others(session, principal)
    letters.send_two_factor_on(session, user)
    live.publish(session, topics.user(user.id))
    return _new_codes(session, user.id, now)


def take(session: Session, user_id: UUID, code: str, now: datetime) -> str:
    """Use a code up. What it was, `totp` or `recovery`; "" when it is wrong or has been used."""
    row = _locked(session, user_id)
    if row is None or row.confirmed_at is None:
        return ""
    plain = _plain(code)
    if len(plain) == totp.DIGITS and plain.isdecimal():
        return "totp" if _take_app_code(session, row, plain, now) else ""
    return "recovery" if _take_recovery_code(session, user_id, plain, now) else ""


def renew_codes(session: Session, principal: Principal, code: str, now: datetime) -> list[str]:
    """Ten new recovery codes for a code from the app; the old ones are worth nothing. Raises Invalid."""
    user = profile.own(session, principal)
    if not take(session, user.id, code, now):
        raise Invalid(WRONG, "code")
    live.publish(session, topics.user(user.id))
    return _new_codes(session, user.id, now)


def turn_off(session: Session, principal: Principal, code: str, now: datetime) -> None:
    """End the second step with one last code; the caller has verified the password. Raises Invalid."""
    user = profile.own(session, principal)
    if not take(session, user.id, code, now):
        raise Invalid(WRONG, "code")
    _remove(session, user)


def turn_off_for(session: Session, email: str) -> None:
    """What an operator does for somebody who lost phone and codes. Raises NotFound."""
    user = session.exec(select(User).where(User.email == email)).one_or_none()
    if user is None or not is_on(session, user.id):
        raise NotFound
    _remove(session, user)


def _remove(session: Session, user: User) -> None:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    session.execute(delete(TwoFactor).where(col(TwoFactor.user_id) == user.id))
    letters.send_two_factor_off(session, user)
    live.publish(session, topics.user(user.id))


def _locked(session: Session, user_id: UUID) -> TwoFactor | None:
    query = select(TwoFactor).where(TwoFactor.user_id == user_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def _take_app_code(session: Session, row: TwoFactor, code: str, now: datetime) -> bool:
    step = totp.matching_step(crypto.unseal(_PURPOSE, row.secret), code, now, after=row.last_step)
    if step is None:
        return False
    row.last_step = step
    session.add(row)
    session.flush()
    return True


def _take_recovery_code(session: Session, user_id: UUID, code: str, now: datetime) -> bool:
    unused = (RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None))
    row = session.exec(select(RecoveryCode).where(*unused, RecoveryCode.code_hash == _hashed(user_id, code))).first()
    if row is None:
        return False
    row.used_at = now
    session.add(row)
    session.flush()
    left = session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()
    letters.send_recovery_code_used(session, session.exec(select(User).where(User.id == user_id)).one(), left)
    return True


def _new_codes(session: Session, user_id: UUID, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hashed(user_id, code), created_at=now) for code in codes)
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _plain(code: str) -> str:
    """As it is compared, however it was typed."""
    return code.strip().lower().translate(_MISREAD)[:40]


def _hashed(user_id: UUID, code: str) -> str:
    return crypto.sign("recovery-code", f"{user_id}:{code}".encode(errors="replace"))
