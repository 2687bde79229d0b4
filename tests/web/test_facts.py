"""A message's facts as its page writes them."""

from typing import Any

import pytest

from taskjuggler_app.web.pages.inbox.facts_state import as_written, facts_of


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("category", "sales", "Sales"),
        ("language", "en", "English"),
        ("language", "is", "is"),
        ("dates", "2026-12-03", "Thu 3 Dec 2026"),
        ("dates", "someday", "someday"),
        ("phones", "+12075550164", "+12075550164"),
    ],
)
def test_a_value_is_written_as_people_write_it(kind: str, value: str, written: str) -> None:
    assert as_written(kind, value) == written


def test_a_span_of_days_is_written_at_both_ends_and_kept_as_it_was_for_correcting() -> None:
    extraction: dict[str, Any] = {
        "dates": [{"value": "2026-12-03", "until": "2026-12-05", "bound": "by", "confidence": 0.85, "text": "Thursday"}]
    }
    (fact,) = facts_of(extraction, {})
    assert fact.shown == "by Thu 3 Dec 2026 to Sat 5 Dec 2026"
    assert fact.value == "by 2026-12-03 to 2026-12-05"
    assert (fact.confidence, fact.words) == (85, "Thursday")
