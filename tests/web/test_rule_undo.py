"""What a page keeps in order to undo goes back into the database as data, not as the text of a proxy."""

from typing import Any

from taskjuggler_app.core import db
from taskjuggler_app.web.pages.rules.state import RulesState
from taskjuggler_app.web.pages.rules.undoing import plain


def test_a_snapshot_that_a_state_kept_is_plain_data_again() -> None:
    kept = {"id": {"actions": {"tags": ["a"], "listing": {"fee": 5}}, "conditions": [{"field": "x"}]}}
    state: Any = RulesState(_reflex_internal_init=True)  # type: ignore[call-arg]  # how Reflex itself makes one
    state._before = kept
    returned = plain(state._before)
    assert type(returned["id"]["actions"]) is dict
    assert db.dump_json(returned) == db.dump_json(kept)
