"""Trust recomputes exactly from its events, and permissions never widen."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taskjuggler_app.domain.tef import capabilities, permissions, trust
from taskjuggler_app.domain.tef.trust import TrustEvent, TrustOutcome

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
EVENTS = st.lists(
    st.builds(
        TrustEvent,
        st.sampled_from(TrustOutcome),
        st.integers(0, 60 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    ),
    max_size=60,
)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "create_task": st.booleans(),
        "message": st.booleans(),
        "max_budget": st.integers(0, 9).map(str),
        "max_depth": st.integers(0, 5).map(str),
        "scopes": st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(sorted),
    },
)


def test_a_stranger_starts_at_fifty() -> None:
    assert trust.ledger([], NOW).score == Decimal(50)


def test_each_outcome_weighs_what_it_weighs_and_fades_in_thirty_days() -> None:
    def score(outcome: TrustOutcome, days: int) -> Decimal:
        return trust.ledger([TrustEvent(outcome, NOW - timedelta(days=days))], NOW).score

    fresh = [score(outcome, 0) for outcome in TrustOutcome]
    assert fresh == [Decimal(52), Decimal(45), Decimal(49), Decimal(40)]
    assert score(TrustOutcome.DISPUTED, 15) == Decimal(45)
    assert score(TrustOutcome.DISPUTED, 30) == score(TrustOutcome.DISPUTED, 400) == Decimal(50)


@given(EVENTS)
def test_the_points_sum_to_the_score_and_order_does_not_matter(events: list[TrustEvent]) -> None:
    found = trust.ledger(events, NOW)
    total = found.start + sum((point.counts for point in found.points), Decimal(0))
    assert found.score == min(max(total, Decimal(0)), Decimal(100))
    assert trust.ledger(reversed(events), NOW).score == found.score
    assert len(found.points) == len(events)


@given(EVENTS)
def test_one_more_success_never_lowers_and_one_more_dispute_never_raises(events: list[TrustEvent]) -> None:
    score = trust.ledger(events, NOW).score
    assert trust.ledger([*events, TrustEvent(TrustOutcome.SUCCESS, NOW)], NOW).score >= score
    assert trust.ledger([*events, TrustEvent(TrustOutcome.DISPUTED, NOW)], NOW).score <= score


def test_it_says_what_would_raise_it() -> None:
    events = [TrustEvent(TrustOutcome.DISPUTED, NOW - timedelta(days=day)) for day in range(3)]
    said = trust.raises(trust.ledger(events, NOW), NOW)
    assert said[0] == "5 tasks done well bring it to 30, from where tasks are delegated again."
    assert said[1] == "The disputed task costs 10.00 points now and none in 30 days."


@given(GIVEN, GIVEN)
def test_what_passes_two_relationships_is_wider_than_neither(parent: dict[str, Any], child: dict[str, Any]) -> None:
    left = permissions.narrowed(parent, child)
    assert permissions.wider(parent, left) == []
    assert permissions.wider(child, left) == []


@given(GIVEN)
def test_nothing_is_wider_than_itself_and_everything_than_what_forbids_it(given_: dict[str, Any]) -> None:
    assert permissions.wider(given_, given_) == []
    shut = {"create_task": False, "message": False, "delegate": False, "see_status": False}
    assert set(permissions.wider(shut, given_)) >= {"delegate", "see_status"}


def test_a_capability_covers_smaller_versions_with_the_same_first_number() -> None:
    has = capabilities.checked([{"type": "Plumbing", "version": "2.3"}])
    asked = ["plumbing", "plumbing@2.1", "plumbing@2.4", "plumbing@1.0", "painting"]
    assert capabilities.missing(has, asked) == ["plumbing@2.4", "plumbing@1.0", "painting"]
