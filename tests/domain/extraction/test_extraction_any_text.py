"""Any text at all: the extractor answers, its spans are true, and its cost grows with the length only."""

import json
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from re import _constants, _parser  # the parse tree has no public door
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskjuggler_app.domain.receptionist import extraction
from taskjuggler_app.domain.receptionist.extraction import Extraction, Found, Span, extract, from_json, to_json

SNIPPETS = (
    "may I ask march the 5th of at 3 pm 12 Oak Street Apt 4 tomorrow next Friday - to and between 2125550147 + ( ) "
    "3/4 12/31/9999 2026-02-30 $5 a@b.co http:// www. it's my name is Ann leak invoice not urgent . , \n \u00a0 \ufffc "
    "\u0665 İ ß 👩‍🔧 é e\u0301 \x00 # : in 999 years ago half past twelve Feb 29 30 24:00 0 am unit B"
    " ' \u2019 \u2013 1st 99th"
)
WORDS = SNIPPETS.split(" ")
TEXT = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(WORDS), max_size=60).flatmap(lambda w: st.sampled_from([" ".join(w), "".join(w)])),
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
ZONES = st.sampled_from(["America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC", "Nowhere/Land", "", "../x"])
REGIONS = st.sampled_from(["US", "GB", "de", "JP", "", "??"])


def spans(found: Extraction) -> Iterator[Span]:
    lists = (found.keywords, found.dates, found.times, found.phones, found.emails, found.urls, found.locations)
    contact = (found.contact.name, found.contact.phone, found.contact.email)
    values: list[Found] = [*(f for group in lists for f in group), *(f for f in contact if f)]
    assert all(0 < f.confidence < 1 for f in values)
    yield from (f.span for f in values)
    yield from (*found.category.evidence, *found.urgency.indicators, *found.sentiment.evidence)


@settings(max_examples=400, deadline=None)
@given(text=TEXT, subject=st.none() | TEXT, at=MOMENTS, zone=ZONES, region=REGIONS)
def test_every_span_slices_back_to_its_text(
    text: str, subject: str | None, at: datetime, zone: str, region: str
) -> None:
    found = extract(text, received_at=at, zone=zone, region=region, subject=subject)
    for span in spans(found):
        source = text if span.part == "body" else (subject or "")
        assert source[span.start : span.end] == span.text != ""
    assert len(found.summary.split()) <= 10
    assert -1 <= found.sentiment.score <= 1


@settings(max_examples=200, deadline=None)
@given(text=TEXT, at=MOMENTS)
def test_an_extraction_survives_json_and_can_be_stored_as_jsonb(text: str, at: datetime) -> None:
    found = extract(text, received_at=at, zone="America/New_York", region="US")
    stored = json.dumps(to_json(found), ensure_ascii=False)
    assert from_json(json.loads(stored)) == found
    assert "\\u0000" not in stored
    stored.encode("utf-8")


@pytest.mark.parametrize("kind", ["dates", "times", "phones", "emails", "urls", "locations"])
def test_a_hostile_message_cannot_swell_what_is_stored(kind: str) -> None:
    text = "5 May 2026 at 3pm, 212-555-0147, a@b.example, www.a.example, 12 Oak Street; " * 500
    found = extract(text, received_at=datetime(2026, 3, 10, tzinfo=UTC), zone="UTC", region="US")
    assert len(getattr(found, kind)) == 100


def patterns() -> list[re.Pattern[str]]:
    """Every compiled pattern of the extractor's modules, also those inside tables of rules."""

    def inside(value: Any) -> Iterator[re.Pattern[str]]:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, tuple | list):
            for item in value:
                yield from inside(item)

    modules = [import_module(f"{extraction.__name__}.{m.name}") for m in pkgutil.iter_modules(extraction.__path__)]
    return list({p.pattern: p for module in modules for v in vars(module).values() for p in inside(v)}.values())


def repeats(tree: Any, bound: int = 1) -> Iterator[tuple[int, bool]]:
    """For each repeat: how often it can run at most from one start, and whether its body is one character."""
    for op, argument in tree:
        if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            _, most, body = argument
            limit = 10**9 if most == _constants.MAXREPEAT else int(most)
            simple = len(body) == 1 and body[0][0] in (_constants.IN, _constants.LITERAL, _constants.NOT_LITERAL)
            yield bound * limit, simple
            yield from repeats(body, bound * limit)
        elif op is _constants.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch, bound)
        elif op is _constants.SUBPATTERN:
            yield from repeats(argument[3], bound)
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from repeats(argument[1], bound)


@pytest.mark.parametrize("pattern", patterns(), ids=lambda p: p.pattern[:40])
def test_no_pattern_can_look_further_than_a_fixed_distance_from_where_it_starts(pattern: re.Pattern[str]) -> None:
    """Bounded work at each start is linear work over a text. An unbounded run of single characters is allowed only
    as the whole pattern: it cannot fail after running, so nothing is read twice."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    found = list(repeats(tree))
    if len(tree) == 1 and len(found) == 1 and found[0][1]:
        return
    assert all(limit <= 12_000 for limit, _ in found), pattern.pattern


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "12 Aa ", "a@", "www.", "' ", "1:", "the 1st ", "May 1", "(1", "- Aa", "\n"]
)
def test_a_hundred_kilobytes_of_anything_are_answered(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert extract(text, received_at=datetime(2026, 3, 10, tzinfo=UTC), zone="UTC", region="US").summary is not None
