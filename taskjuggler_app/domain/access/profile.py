"""What a person says about themselves."""

from functools import cache
from zoneinfo import available_timezones

from sqlmodel import Session, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_phone
from taskjuggler_app.models.users import User

LONGEST_NAME = 255


def own(session: Session, principal: Principal) -> User:
    """The person's own row. NotFound for the system."""
    user = session.exec(select(User).where(User.id == principal.user_id)).one_or_none()
    if user is None:
        raise NotFound
    return user


def update(
    session: Session,
    principal: Principal,
    *,
    name: str | None = None,
    timezone: str | None = None,
    phone: str | None = None,
) -> User:
    """Change what is given. An empty phone removes it; a new one has to be proved again. Raises Invalid."""
    user = session.exec(select(User).where(User.id == principal.user_id).with_for_update()).one_or_none()
    if user is None:
        raise NotFound
    if name is not None:
        user.name = checked_name(name)
    if timezone is not None:
        user.timezone = checked_timezone(timezone)
    if phone is not None:
        number = normalise_phone(phone) if phone.strip() else None
        if number != user.phone:
            user.phone, user.phone_verified_at = number, None
    session.add(user)
    session.flush()
    live.publish(session, topics.user(user.id))
    return user


def checked_name(text: str, field: str = "name") -> str:
    """The name on one line, without invisible characters. Raises Invalid for `field`."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not name:
        raise Invalid("Write a name.", field)
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Use at most {LONGEST_NAME} characters.", field)
    return name


def checked_timezone(text: str) -> str:
    """An IANA time zone by its name, such as Europe/Berlin. Raises Invalid for the field `timezone`."""
    if text not in timezones():
        raise Invalid("Choose a time zone from the list.", "timezone")
    return text


@cache
def timezones() -> frozenset[str]:
    """Every IANA zone that fits the column, by name."""
    return frozenset(zone for zone in available_timezones() if len(zone) <= 50)
