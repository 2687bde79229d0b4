"""Accounts: signing up, signing in, changing the password.

Hashes come in from outside: the caller hashes and verifies (passwords.py) before the transaction opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import letters, resets, sessions, two_factor, verification
from taskjuggler_app.domain.access.addresses import normalise_email
from taskjuggler_app.domain.access.cookies import HalfSignedIn
from taskjuggler_app.domain.access.profile import checked_name, checked_timezone
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import Profile, ProfileType, User

DEFAULT_ZONE = "America/New_York"
REFUSED = "Wrong address or password. If you have just signed up, enter the code from our mail first."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person says when signing up, checked and in its one spelling."""

    name: str
    business: str
    email: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whose password is asked for, and the hash it has to match."""

    user_id: UUID
    email: str
    name: str
    password_hash: str


def checked(name: str, business: str, email: str, timezone: str) -> NewAccount:
    """The sign-up form's values. The business may stay empty. Raises Invalid, naming the field."""
    person = checked_name(name)
    return NewAccount(
        name=person,
        business=checked_name(business, "business") if business.strip() else f"{person[:240]}'s business",
        email=normalise_email(email),
        timezone=checked_timezone(timezone) if timezone else DEFAULT_ZONE,
    )


def sign_up(session: Session, form: NewAccount, password_hash: str, attempt: str, now: datetime) -> None:
    """Make the account and mail a code to its address; until the code comes back nobody can sign in.

    An address that has an account gets a mail that says so, and nothing changes. One that never proved itself is
    taken over by the newest attempt. Nothing comes back: the three look the same from outside. `attempt` is this
    sign-up's own secret; only together with it is the code worth anything.
    """
    owner = _by_email(session, form.email)
    if owner is None:
        try:
            with session.begin_nested():
                owner = create(session, form, password_hash)
        except IntegrityError:
            owner = _by_email(session, form.email)
    if owner is None:
        raise Conflict("Somebody else is changing this account right now. Try again.")
    if owner.email_verified_at is not None:
        letters.send_already_registered(session, owner)
        return
    owner.name, owner.password, owner.timezone = form.name, password_hash, form.timezone
    session.add(owner)
    verification.send_email_code(session, owner, now, binding=attempt)


def create(session: Session, form: NewAccount, password_hash: str) -> User:
    """An account with its profile and a workspace of its own. Raises IntegrityError if the address is taken."""
    user = User(email=form.email, password=password_hash, name=form.name, timezone=form.timezone)
    session.add(user)
    session.flush()
    session.add(Profile(user_id=user.id, type=ProfileType.PERSONAL, display_name=form.name))
    _give_workspace(session, user, form.business)
    return user


def finish_sign_up(session: Session, email: str, attempt: str, code: str, now: datetime) -> Credentials | None:
    """Prove the new account's address with the mailed code. None when the code is wrong, old or used up.

    A wrong code is counted, so the caller must let this transaction commit.
    """
    user = _by_email(session, email)
    if user is None or user.email_verified_at is not None:
        return None
    if not verification.confirm_email(session, user, code, now, binding=attempt):
        return None
    return _credentials(user)


def send_code_again(session: Session, email: str, attempt: str, now: datetime) -> None:
    """A new code for a sign-up that has not been finished; silent when there is none."""
    user = _by_email(session, email)
    if user is not None and user.email_verified_at is None:
        verification.send_email_code(session, user, now, binding=attempt)


def credentials(session: Session, email: str) -> Credentials | None:
    """Whose password to check for a normalised address; None when nobody can sign in with it."""
    user = session.exec(select(User).where(User.email == email)).one_or_none()
    if user is None or user.email_verified_at is None:
        return None
    return _credentials(user)


def own_credentials(session: Session, principal: Principal) -> Credentials:
    """The credentials of the signed-in person."""
    user = session.exec(select(User).where(User.id == principal.user_id)).one_or_none()
    if user is None:
        raise NotFound
    return _credentials(user)


def sign_in(
    session: Session,
    who: Credentials,
    *,
    new_hash: str | None = None,
    replaces: str = "",
    ip: str,
    user_agent: str,
    now: datetime,
    factors: Sequence[str] = ("password",),
) -> sessions.NewSession:
    """Start a session for somebody who has just proved themselves by `factors`, the password against `who`.

    `new_hash` replaces a hash made with older parameters; `replaces` is the session that browser had before, which
    ends. Raises Invalid if the password changed since it was verified.
    """
    user = _unchanged(session, who)
    if new_hash:
        user.password = new_hash
        session.add(user)
    if not session.exec(select(TeamMember.id).where(TeamMember.user_id == user.id).limit(1)).first():
        _give_workspace(session, user, f"{user.name[:240]}'s business")
    if replaces:
        sessions.end(session, replaces)
    return sessions.create(session, user.id, ip=ip, user_agent=user_agent, now=now, factors=factors)


def half_signed_in(session: Session, who: Credentials, new_hash: str | None, next_path: str) -> HalfSignedIn | None:
    """What the browser keeps until the second step of somebody whose password was right; None when it asks for none."""
    if not two_factor.is_on(session, who.user_id):
        return None
    user = _unchanged(session, who)
    user.password = new_hash or user.password
    session.add(user)
    return HalfSignedIn(str(user.id), _proof_of(user.password), next_path)


def half_credentials(session: Session, half: HalfSignedIn) -> Credentials | None:
    """Whose second step this is; None if their password has changed since they gave it."""
    user = session.exec(select(User).where(User.id == UUID(half.user_id))).one_or_none()
    if user is None or not crypto.same(_proof_of(user.password), half.proof):
        return None
    return _credentials(user)


def change_password(session: Session, principal: Principal, who: Credentials, password_hash: str) -> None:
    """Set a new password after the old one was verified against `who`; every other browser is signed out."""
    user = _unchanged(session, who)
    user.password = password_hash
    session.add(user)
    session.flush()
    resets.forget(session, user.email)
    sessions.revoke_others(session, principal)
    letters.send_password_changed(session, user)


def new_attempt() -> str:
    """The secret of one sign-up, kept by the browser that made it."""
    return crypto.token(16)


def _by_email(session: Session, email: str) -> User | None:
    return session.exec(select(User).where(User.email == email).with_for_update()).one_or_none()


def _proof_of(password_hash: str) -> str:
    return crypto.sign("second-step-password", password_hash.encode())


def _credentials(user: User) -> Credentials:
    return Credentials(user.id, user.email, user.name, user.password)


def _unchanged(session: Session, who: Credentials) -> User:
    """The person's row, locked, if the hash that was verified still stands."""
    user = session.exec(select(User).where(User.id == who.user_id).with_for_update()).one_or_none()
    if user is None or not crypto.same(user.password, who.password_hash):
        raise Invalid(REFUSED, "password")
    return user


def _give_workspace(session: Session, user: User, name: str) -> None:
    team = Team(name=name, created_by=user.id)
    session.add(team)
    session.flush()
    session.add(TeamMember(team_id=team.id, user_id=user.id, is_admin=True))
    user.current_team_id = team.id
    session.add(user)
    session.flush()
