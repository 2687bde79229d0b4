"""A forgotten password: a link by mail, good once and for an hour."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access import letters, sessions
from taskjuggler_app.models.users import PasswordResetToken, User

LASTS = timedelta(minutes=60)
_SPENT = "This link has been used or is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password a link resets."""

    email: str
    name: str


def forgot(session: Session, email: str, now: datetime) -> None:
    """Mail a link to the address if somebody has it. A newer link makes the older one useless.

    Nothing comes back: whether the address is known is for its owner alone. `email` is normalised.
    """
    token = crypto.token()
    owner = session.exec(select(User).where(User.email == email)).one_or_none()
    if owner is None:
        return
    values = {"token": crypto.digest(token), "created_at": _stored(now)}
    session.execute(
        insert(PasswordResetToken)
        .values(email=email, **values)
        .on_conflict_do_update(index_elements=[col(PasswordResetToken.email)], set_=values)
    )
    letters.send_reset_link(session, owner, token)


def owner_of(session: Session, token: str, now: datetime) -> Owner:
    """Whose link this is, without using it up. Raises Invalid when it is spent."""
    found = session.exec(
        select(User)
        .join(PasswordResetToken, col(PasswordResetToken.email) == col(User.email))
        .where(PasswordResetToken.token == crypto.digest(token), _fresh(now))
    ).one_or_none()
    if found is None:
        raise Invalid(_SPENT, "token")
    return Owner(found.email, found.name)


def reset(session: Session, token: str, password_hash: str, now: datetime) -> Owner:
    """Use the link up and set the new password. Ends every session, and proves the address.

    Of two uses at the same moment the second waits for the first one's row and finds it gone. Raises Invalid.
    """
    email = session.execute(
        delete(PasswordResetToken)
        .where(col(PasswordResetToken.token) == crypto.digest(token), _fresh(now))
        .returning(col(PasswordResetToken.email))
    ).scalar_one_or_none()
    user = session.exec(select(User).where(User.email == email).with_for_update()).one_or_none()
    if user is None:
        raise Invalid(_SPENT, "token")
    user.password = password_hash
    user.email_verified_at = user.email_verified_at or now
    session.add(user)
    session.flush()
    sessions.revoke_all(session, user.id)
    letters.send_password_changed(session, user)
    return Owner(user.email, user.name)


def forget(session: Session, email: str) -> None:
    """Make an outstanding link useless: its owner has a new password already."""
    session.execute(delete(PasswordResetToken).where(col(PasswordResetToken.email) == email))


def sweep(session: Session, now: datetime) -> None:
    """Delete the links that are too old."""
    session.execute(delete(PasswordResetToken).where(~_fresh(now)))


def _fresh(now: datetime) -> ColumnElement[bool]:
    return col(PasswordResetToken.created_at) > _stored(now - LASTS)


def _stored(moment: datetime) -> datetime:
    """As the column keeps it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)
