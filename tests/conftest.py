"""Fixtures that every test may use: a database with real commits, or a session that is rolled back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlmodel import Session

from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.stripe_payments import StripePayments
from taskjuggler_app.core import db
from taskjuggler_app.core.config import settings
from taskjuggler_app.domain.payments import checks
from tests import database
from tests.fakes import stripe as fakes
from tests.fakes.stripe import FakeStripe


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of the test server."""
    with database.server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(server: str) -> str:
    """The name of the migrated template database."""
    return database.template(server)


@pytest.fixture(scope="session")
def shared_url(server: str, migrated: str) -> Iterator[str]:
    """One database for all tests of this process that roll back."""
    with database.clone(server, migrated) as url:
        yield url


@pytest.fixture
def database_url(server: str, migrated: str) -> Iterator[str]:
    """A fresh migrated database, used by `transaction()`: for tests of commits, threads and processes."""
    with database.clone(server, migrated) as url:
        db.configure(url)
        yield url
        db.dispose()


@pytest.fixture
def empty_url(server: str) -> Iterator[str]:
    """A fresh database without tables."""
    with database.clone(server, None) as url:
        yield url


@pytest.fixture
def session(shared_url: str) -> Iterator[Session]:
    """A session whose commits end in a savepoint; everything is undone after the test."""
    engine = create_engine(db.driver_url(shared_url), json_serializer=db.dump_json)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            yield made
        outer.rollback()
    engine.dispose()


@pytest.fixture(autouse=True, scope="session")
def _settings() -> None:
    """Read the settings once, before any test changes the environment."""
    settings()


@pytest.fixture
def fake_stripe(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[FakeStripe]:
    """Stripe's stand-in over HTTP as this installation's provider, through the real adapter."""
    with fakes.running() as running:
        adapter = StripePayments("sk_test_fake", fakes.SECRET, running.base)
        monkeypatch.setattr(registry, "payments", lambda: adapter)
        monkeypatch.setattr(checks, "provider_name", lambda: "stripe")
        yield running
