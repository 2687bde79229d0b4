"""People with accounts, and what was mailed to them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import accounts, sessions
from taskjuggler_app.domain.access.accounts import NewAccount
from taskjuggler_app.models.users import User
from tests.domain.access.people import Job, Jobs, SignIn


@pytest.fixture
def now() -> datetime:
    """The moment at which the tests' stories begin, to the second."""
    return clock.utcnow().replace(microsecond=0, tzinfo=UTC)


@pytest.fixture
def jobs(session: Session) -> Jobs:
    """The arguments of the deferred jobs of a name, oldest first."""

    def deferred(name: str) -> list[Job]:
        query = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")
        return list(session.execute(query, {"name": name}).scalars())

    return deferred


@pytest.fixture
def make_account(session: Session, now: datetime) -> Callable[[str], User]:
    """Makes a person with a proved address and a workspace of one; their password is nobody's business."""

    def make(email: str) -> User:
        form = NewAccount(email.partition("@")[0].title(), "Workshop", email, "Europe/Berlin")
        user = accounts.create(session, form, "$argon2id$nobody-knows")
        user.email_verified_at = now
        session.add(user)
        session.flush()
        return user

    return make


@pytest.fixture
def ada(make_account: Callable[[str], User]) -> User:
    """Ada, signed in nowhere yet."""
    return make_account("ada@example.com")


@pytest.fixture
def bob(make_account: Callable[[str], User]) -> User:
    """Bob, a stranger to Ada."""
    return make_account("bob@example.com")


@pytest.fixture
def sign_in(session: Session, now: datetime) -> SignIn:
    """Signs a person in from one more browser and resolves the new session."""

    def start(user: User, *, agent: str = "Firefox Windows", ip: str = "192.0.2.1") -> Principal:
        new = sessions.create(session, user.id, ip=ip, user_agent=agent, now=now)
        principal = sessions.resolve(session, new.id, now)
        assert principal is not None
        return principal

    return start
