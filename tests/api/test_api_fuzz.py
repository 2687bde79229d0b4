"""Schemathesis runs the whole description: no 5xx, no schema violated, no status that is not documented."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from limits import RateLimitItemPerMinute

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from tests.factories import make_channel, make_item, make_owner, make_task

EXAMPLES = 6
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.create())


@pytest.fixture
def key(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A key of a workspace that has something of the common things."""
    limits.forget_everything()
    monkeypatch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
    with transaction() as session:
        owner = make_owner(session)
        make_item(session, make_channel(session, owner))
        make_task(session, owner)
        made = tokens.create(session, owner, name="Fuzz", abilities=list(tokens.ABILITIES), days=7)
    yield {"Authorization": f"Bearer {made.secret}"}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_the_api_does_what_its_description_says(case: Any, key: dict[str, str]) -> None:
    case.call_and_validate(headers=key)
