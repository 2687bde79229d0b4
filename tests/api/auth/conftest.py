"""A site of its own for each test, with one account on it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from taskjuggler_app.api import auth
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import accounts, limits, passwords
from taskjuggler_app.domain.access.accounts import NewAccount
from tests.api.auth.browser import PASSWORD, Browser, Mails


@pytest.fixture
def site(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The account routes on a database of their own, with fresh limits and no waiting."""
    monkeypatch.setattr(auth, "STEADY_SECONDS", 0.0)
    limits.forget_everything()
    yield
    limits.forget_everything()


@pytest.fixture
def browser(site: None) -> Browser:
    """A browser that has not been here before."""
    return Browser()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of PASSWORD, made once."""
    return asyncio.run(passwords.hash_password(PASSWORD))


@pytest.fixture
def ada(site: None, password_hash: str) -> str:
    """The address of somebody with an account, a proved address, and PASSWORD."""
    email = f"ada-{clock.utcnow().timestamp()}@example.com"
    with transaction() as session:
        user = accounts.create(session, NewAccount("Ada", "Workshop", email, "Europe/Berlin"), password_hash)
        user.email_verified_at = clock.utcnow()
        session.add(user)
    return email


@pytest.fixture
def mails(site: None) -> Mails:
    """The mails deferred to an address, oldest first."""

    def to(address: str) -> list[dict[str, Any]]:
        query = "SELECT args FROM procrastinate_jobs WHERE task_name = 'mail.send' AND args->>'to' = :to ORDER BY id"
        with transaction() as session:
            return list(session.execute(text(query), {"to": address}).scalars())

    return to
