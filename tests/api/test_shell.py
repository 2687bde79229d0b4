"""The shell of a dynamic page, filled for those who run no script."""

import json
import re

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from taskjuggler_app.api.shell import Filled, Shell, element

BUILT = "<!DOCTYPE html><html><head><script>one()</script></head><body><div></div><script>two()</script></body></html>"
EVIL = '</script><img src=x onerror="alert(1)">'


async def _fill(request: Request) -> Filled | None:
    slug = request.path_params["slug"]
    if slug == "none":
        return None
    return Filled(
        title=slug,
        description=EVIL,
        path=f"/book/{slug}",
        noscript=element("p", EVIL, class_="lead", hidden=True),
        data={"@type": "Service", "name": EVIL},
    )


@pytest.fixture
def browser() -> TestClient:
    behind = PlainTextResponse("behind")
    app = Shell(behind, {"/book/{slug}": _fill}, built=lambda: BUILT, public_url="https://example.com/")
    return TestClient(app)


def test_title_description_open_graph_and_data_are_in_the_html(browser: TestClient) -> None:
    html = browser.get("/book/visit").text
    assert "<title>visit</title>" in html
    assert '<link rel="canonical" href="https://example.com/book/visit">' in html
    assert '<meta property="og:title" content="visit">' in html
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found is not None
    assert json.loads(found[1]) == {"@context": "https://schema.org", "@type": "Service", "name": EVIL}


def test_what_people_typed_is_never_markup(browser: TestClient) -> None:
    html = browser.get("/book/visit").text
    assert "<img src=x" not in html
    assert '<p class="lead" hidden>&lt;/script&gt;' in html


def test_the_scripts_of_the_build_stay_as_they_were(browser: TestClient) -> None:
    html = browser.get("/book/visit/").text
    assert "<script>one()</script>" in html
    assert "<script>two()</script>" in html


def test_an_unknown_slug_is_a_404_with_the_app_in_it(browser: TestClient) -> None:
    answer = browser.get("/book/none")
    assert answer.status_code == 404
    assert 'name="robots" content="noindex"' in answer.text
    assert "<script>two()</script>" in answer.text


def test_other_paths_and_methods_go_on(browser: TestClient) -> None:
    assert browser.get("/book/a/b").text == "behind"
    assert browser.post("/book/visit").text == "behind"


def test_the_page_comes_compressed_to_those_who_take_it_so(browser: TestClient) -> None:
    small = browser.get("/book/visit", headers={"Accept-Encoding": "gzip"})
    plain = browser.get("/book/visit", headers={"Accept-Encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert small.text == plain.text
