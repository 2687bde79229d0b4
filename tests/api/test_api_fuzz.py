"""Schemathesis runs the whole description: no 5xx, no schema violated, no status that is not documented."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import schemathesis.checks
from hypothesis import HealthCheck, Phase, settings
from limits import RateLimitItemPerMinute

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import db
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from tests import database
from tests.factories import make_channel, make_item, make_owner, make_task

EXAMPLES = 4
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.create())


CHECKS = [
    getattr(schemathesis.checks, name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]


@pytest.fixture(scope="module")
def key(server: str, migrated: str) -> Iterator[dict[str, str]]:
    """A key of a workspace that has something of the common things."""
    with database.clone(server, migrated) as url, pytest.MonkeyPatch.context() as patch:
        db.configure(url)
        limits.forget_everything()
        patch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
        with db.transaction() as session:
            owner = make_owner(session)
            make_item(session, make_channel(session, owner))
            make_task(session, owner)
            made = tokens.create(session, owner, name="Fuzz", abilities=list(tokens.ABILITIES), days=7)
        yield {"Authorization": f"Bearer {made.secret}"}
        db.dispose()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_the_api_does_what_its_description_says(case: Any, key: dict[str, str]) -> None:
    case.call_and_validate(headers=key, checks=CHECKS)
