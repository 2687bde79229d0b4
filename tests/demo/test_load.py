"""The demo workspace: a story that is whole, and only for this machine."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.demo import load, story
from taskjuggler_app.domain.cases import queries


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment may be changed; the settings are read anew before and after."""
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def number(query: str) -> int:
    """A number from the database."""
    with transaction() as session:
        return int(session.execute(text(query)).scalar_one())


def test_the_story_is_whole_and_told_once(database_url: str) -> None:
    assert load.load_if_empty()
    assert not load.load_if_empty()
    assert load.is_loaded()
    assert number("SELECT count(*) FROM users") == len(story.PEOPLE)
    assert number("SELECT count(*) FROM routing_rules") == len(story.RULES)
    assert number("SELECT count(*) FROM inbox_items WHERE processing_status = 'completed'") >= 60
    assert number("SELECT count(DISTINCT status) FROM tasks") == 4
    assert number("SELECT count(DISTINCT date(received_at)) FROM inbox_items") >= 20
    assert number("SELECT count(*) FROM procrastinate_jobs") == 0
    with transaction() as session:
        assert queries.verify(session) is None


def test_nothing_in_the_story_happens_in_the_future(database_url: str) -> None:
    load.load()
    assert number("SELECT count(*) FROM tasks WHERE created_at > now() OR completed_at > now()") == 0
    assert number("SELECT count(*) FROM inbox_items WHERE received_at > now()") == 0


@pytest.mark.parametrize("address", ["https://desk.example.com", "http://10.0.0.5:8080"])
def test_it_does_not_load_where_others_can_reach_it(
    database_url: str, configured: pytest.MonkeyPatch, address: str
) -> None:
    configured.setenv("PUBLIC_URL", address)
    settings.cache_clear()
    with pytest.raises(Conflict):
        load.load_if_empty()
    assert number("SELECT count(*) FROM users") == 0
