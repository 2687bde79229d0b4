"""The memory of a scan grows by little a page: what a page brought is let go once it is judged."""

import tracemalloc

import pytest

from taskjuggler_app.domain.sitehealth.checks import ALL, run_site
from taskjuggler_app.domain.sitehealth.visit import SiteFacts, Visit

LINKS = 60
BUDGET = 30_000
"""Bytes a page as Python keeps it: 150 MB for the 5,000 of the largest scan."""


def _page(number: int) -> Visit:
    links = [
        {"selector": f"nav > a:nth-of-type({n})", "html": f'<a href="/menu/{n}">Menu {n} {"x" * 200}</a>',
         "href": f"https://shop.example/menu/{n}", "name": "never read again " * 20}
        for n in range(LINKS)
    ]  # fmt: skip
    facts = {"title": f"Page {number}", "text": f"words of page {number} " * 500, "links": links, "texts": links * 3}
    url = f"https://shop.example/{number}"
    return Visit(url, url, 200, facts=facts, source="<p>" * 50_000).slim()


@pytest.mark.parametrize("pages", [250, pytest.param(5000, marks=pytest.mark.soak)])
def test_the_pages_of_a_large_site_fit_into_memory(pages: int) -> None:
    tracemalloc.start()
    try:
        visits = [_page(number) for number in range(pages)]
        found = list(run_site(visits, SiteFacts("https://shop.example/"), ALL))
        assert tracemalloc.get_traced_memory()[1] < BUDGET * pages
    finally:
        tracemalloc.stop()
    assert {one.check.id for one in found} <= {"orphan-page"}
