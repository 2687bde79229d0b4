"""A scan of 5,000 pages stays small: what a page brought is let go once it is judged."""

import tracemalloc

from taskjuggler_app.domain.sitehealth.checks import ALL, run_site
from taskjuggler_app.domain.sitehealth.visit import SiteFacts, Visit

PAGES, LINKS = 5000, 60
BUDGET = 150_000_000
"""Bytes for the pages of a whole scan as Python keeps them."""


def _page(number: int) -> Visit:
    links = [
        {"selector": f"nav > a:nth-of-type({n})", "html": f'<a href="/menu/{n}">Menu {n} {"x" * 200}</a>',
         "href": f"https://shop.example/menu/{n}", "name": "never read again " * 20}
        for n in range(LINKS)
    ]  # fmt: skip
    facts = {"title": f"Page {number}", "text": f"words of page {number} " * 500, "links": links, "texts": links * 3}
    url = f"https://shop.example/{number}"
    return Visit(url, url, 200, facts=facts, source="<p>" * 50_000).slim()


def test_the_pages_of_a_large_site_fit_into_memory() -> None:
    tracemalloc.start()
    try:
        visits = [_page(number) for number in range(PAGES)]
        found = list(run_site(visits, SiteFacts("https://shop.example/"), ALL))
        assert tracemalloc.get_traced_memory()[1] < BUDGET
    finally:
        tracemalloc.stop()
    assert {one.check.id for one in found} <= {"orphan-page"}
