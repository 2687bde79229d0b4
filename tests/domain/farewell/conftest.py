"""Who goes, and whose workspace it is."""

import pytest

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from tests import factories as make


@pytest.fixture
def boss(database_url: str) -> Principal:
    """The owner of a workspace."""
    with transaction() as session:
        return make.make_owner(session, name="Bea Boss", email="bea@example.com")


@pytest.fixture
def me(boss: Principal) -> Principal:
    """Somebody in it."""
    with transaction() as session:
        return make.make_colleague(session, boss, name="Otto Unmistakable", email="otto@unmistakable.example")
