"""Scores, schedules, the crawl's frontier, colours and fingerprints: pure rules."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.sitehealth import colours, fingerprint, schedule
from taskjuggler_app.domain.sitehealth.checks import PAGE_CHECKS, SITE_CHECKS
from taskjuggler_app.domain.sitehealth.crawl import Frontier, Plan, normal
from taskjuggler_app.domain.sitehealth.score import Counted, score
from taskjuggler_app.models.sitehealth import IssueCategory, Severity

INSTANCES = st.lists(
    st.builds(
        Counted,
        st.sampled_from(IssueCategory),
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from(Severity),
        st.sampled_from([f"/{number}" for number in range(8)]),
    ),
    max_size=40,
)


@given(INSTANCES, st.data())
def test_fixing_an_issue_never_lowers_a_score(found: list[Counted], data: st.DataObject) -> None:
    before = score(found, 8)
    assert 0 <= before.overall <= 100
    if found:
        gone = data.draw(st.integers(0, len(found) - 1))
        after = score(found[:gone] + found[gone + 1 :], 8)
        assert after.overall >= before.overall - 1e-9
        assert all(after.categories[one] >= before.categories[one] - 1e-9 for one in IssueCategory)


@given(INSTANCES)
def test_the_lost_points_sum_to_what_a_category_lost(found: list[Counted]) -> None:
    result = score(found, 8)
    for category in IssueCategory:
        lost = sum(loss.points for loss in result.losses if loss.category is category)
        assert lost == pytest.approx(100 - result.categories[category])


def test_the_order_of_findings_does_not_matter() -> None:
    found = [Counted(IssueCategory.SEO, "a", Severity.LOW, "/1"), Counted(IssueCategory.SEO, "b", Severity.HIGH, "/2")]
    assert score(found, 3).overall == score(found[::-1], 3).overall


def test_an_hour_that_comes_twice_counts_once_and_one_that_is_skipped_still_runs() -> None:
    zone = "Europe/Berlin"
    first = schedule.next_time("30 2 * * *", zone, datetime(2026, 10, 24, 22, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert schedule.next_time("30 2 * * *", zone, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)
    spring = schedule.next_time("30 2 * * *", zone, datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_cron_reads_lists_steps_and_both_days() -> None:
    after = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert schedule.next_time("*/20 9-10 * * 1-5", "UTC", after) == datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert schedule.next_time("0 3 1 * 0", "UTC", after) == datetime(2026, 11, 29, 3, tzinfo=UTC)


@pytest.mark.parametrize("cron", ["", "* * * *", "60 * * * *", "a * * * *", "5-1 * * * *", "0 0 30 2 *", "*/0 * * * *"])
def test_a_wrong_schedule_is_refused(cron: str) -> None:
    with pytest.raises(Invalid):
        schedule.next_time(cron, "UTC", datetime(2026, 1, 1, tzinfo=UTC))


def test_a_frontier_stays_on_its_site_and_cuts_traps_off() -> None:
    frontier = Frontier(Plan("https://a.example/", max_pages=1000, exclude=["/private/*"]))
    frontier.start(["https://a.example/"])
    frontier.offer(
        ["https://b.example/", "http://a.example/", "https://a.example/x.pdf", "https://a.example/logout"], 1
    )
    frontier.offer([f"https://a.example/list?sort={number}" for number in range(100)], 1)
    frontier.offer([f"https://a.example/calendar/2026/{number}" for number in range(500)], 1)
    frontier.offer(["https://a.example/private/x", "https://a.example/a/a/a/a/a"], 1)
    assert 30 < frontier.found < 60
    assert set(frontier.skipped) == {"elsewhere", "no page", "acts", "query trap", "endless", "excluded", "too deep"}


def test_thousands_of_pages_that_differ_in_a_number_are_a_site_and_not_a_trap() -> None:
    products = [f"https://a.example/product/{number}" for number in range(5000)]
    for listed, depth, expected in ((False, 1, 5000), (True, 9, 5000), (False, 4, 401)):
        frontier = Frontier(Plan("https://a.example/", max_pages=5001))
        frontier.start(["https://a.example/"])
        frontier.offer(products, depth, listed=listed)
        assert frontier.found == expected + (expected == 5000)


def test_spellings_of_an_address_are_one() -> None:
    assert normal("HTTPS://A.example:443?b=2&a=1&utm_source=x#top") == normal("https://a.example/?a=1&b=2")


def test_the_nearest_passing_colour_passes() -> None:
    for text, ground in (("#888888", "#ffffff"), ("#777777", "#000000"), ("#3366ff", "#112233")):
        found = colours.nearest_passing(text, ground, 4.5)
        assert found is not None
        left, right = colours.parse(found), colours.parse(ground)
        assert left is not None
        assert right is not None
        assert colours.ratio(left, right) >= 4.5


def test_a_template_gives_one_fingerprint() -> None:
    assert fingerprint.stable("#post-12 > p:nth-of-type(3)") == fingerprint.stable("#post-40 > p:nth-of-type(1)")
    assert fingerprint.context('<a class="b" href="/1">One</a>') == fingerprint.context(
        '<a class="b" href="/2">Two</a>'
    )


def test_every_check_says_why_and_where_from() -> None:
    for check, _ in [*PAGE_CHECKS.values(), *SITE_CHECKS.values()]:
        assert check.title
        assert check.why.endswith(".")
        assert check.source
    assert not set(PAGE_CHECKS) & set(SITE_CHECKS)
