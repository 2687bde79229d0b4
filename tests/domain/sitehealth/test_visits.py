"""Checks of headers, files and whole sites: each with a visit that has the fault, and one that must not be reported."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from taskjuggler_app.domain.sitehealth.checks import ALL, PAGE_CHECKS, SITE_CHECKS, run_page, run_site
from taskjuggler_app.domain.sitehealth.visit import ENDLESS, LinkAnswer, Request, SiteFacts, Visit
from tests.adapters.check_pages import ELEMENTS, PAGES

URL = "https://shop.example/"
LIBRARY = "https://cdn.other.example/a.js"


def visit(url: str = URL, **more: Any) -> Visit:
    """A sound page over HTTPS; `facts` and `headers` add to it."""
    facts = {"title": "Tea in the town", "lab": {"lcpSelector": "", "shifted": ""}, **more.pop("facts", {})}
    made = Visit(url, final_url=url, status=200, headers=dict(SAFE), facts=facts)
    for name, value in more.items():
        setattr(made, name, {**made.headers, **value} if name == "headers" else value)
    return made


SAFE = {
    "strict-transport-security": "max-age=31536000",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=()",
}


def without(name: str) -> dict[str, str]:
    return {name: ""}


def files(*made: Request) -> dict[str, Any]:
    return {"requests": list(made)}


def file(path: str = "a.js", **more: Any) -> Request:
    defaults = {"kind": "script", "status": 200, "mime": "text/javascript", "protocol": "h2", "size": 900}
    return Request(URL + path, **{**defaults, "headers": {"cache-control": "max-age=31536000"}, **more})


def lab(**values: float) -> dict[str, Any]:
    return {"facts": {"lab": {"lcpSelector": "", "shifted": "", "runs": 3, **values}}}


def csp(policy: str) -> dict[str, Any]:
    return {"headers": {"content-security-policy": policy}}


def cookie(**more: Any) -> dict[str, Any]:
    return {"cookies": [{"name": "session", "domain": "shop.example", "secure": True, "httpOnly": True, **more}]}


ROW = {"selector": "x", "html": "<x>", "tag": "script", "integrity": True, "head": False, "defer": True}
SOON, LATER = time.time() + 3 * 86_400, time.time() + 300 * 86_400
VISITS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "lcp": (lab(lcp=5000), lab(lcp=900)),
    "cls": (lab(cls=0.4), lab(cls=0.01)),
    "tbt": (lab(blocked=1500), lab(blocked=20)),
    "fcp": (lab(fcp=4000), lab(fcp=500)),
    "ttfb": (lab(ttfb=1500), lab(ttfb=90)),
    "total-byte-weight": (files(file(size=3_000_000)), files(file())),
    "image-format": (
        files(file("a.png", kind="image", mime="image/png", size=300_000)),
        files(file("a.webp", kind="image", mime="image/webp", size=300_000)),
    ),
    "text-compression": (
        files(file(size=90_000)),
        files(file(size=90_000, headers={"content-encoding": "br", "cache-control": "immutable"})),
    ),
    "cache-policy": (files(file(headers={})), files(file())),
    "http-version": (
        files(*(file(f"{n}.js", protocol="http/1.1") for n in range(9))),
        files(*(file(f"{n}.js") for n in range(9))),
    ),
    "too-many-requests": (files(*(file(f"{n}.js") for n in range(150))), files(file())),
    "third-parties": (files(*(Request(f"https://a{n}.example{n}.org/") for n in range(9))), files(file())),
    "unused-code": (
        {"facts": {"unused": [{"kind": "script", "url": URL, "total": 90_000, "unused": 80_000}]}},
        {"facts": {"unused": [{"kind": "script", "url": URL, "total": 90_000, "unused": 9_000}]}},
    ),
    "unminified": (
        {"facts": {"plainCode": [{"url": URL, "saved": 9000}]}},
        {"facts": {"plainCode": [{"url": URL, "saved": 90}]}},
    ),
    "preconnect": (
        files(Request("https://fonts.example.org/f.woff2", kind="font")),
        {
            **files(Request("https://fonts.example.org/f.woff2", kind="font")),
            "facts": {"preconnects": ["https://fonts.example.org/"]},
        },
    ),
    "source-map": ({"facts": {"sourceMaps": [{"url": URL, "map": "a.js.map"}]}}, {"facts": {"sourceMaps": []}}),
    "https-missing": ({"final_url": "http://shop.example/"}, {"final_url": "http://127.0.0.1:8000/"}),
    "hsts": ({"headers": without("strict-transport-security")}, {}),
    "csp-missing": (csp(""), {}),
    "csp-weak": (
        csp("script-src 'self' 'unsafe-inline'"),
        csp("script-src 'nonce-a' 'unsafe-inline'; base-uri 'none'; object-src 'none'"),
    ),
    "clickjacking": (csp("default-src 'self'"), {"headers": {"x-frame-options": "DENY"}}),
    "nosniff": ({"headers": without("x-content-type-options")}, {}),
    "referrer-policy": ({"headers": without("referrer-policy")}, {}),
    "permissions-policy": ({"headers": without("permissions-policy")}, {}),
    "server-version": ({"headers": {"server": "Apache/2.4.1"}}, {"headers": {"server": "Apache"}}),
    "cors-wildcard": (
        {"headers": {"access-control-allow-origin": "null", "access-control-allow-credentials": "true"}},
        {"headers": {"access-control-allow-origin": "*"}},
    ),
    "tls-old": ({"tls": {"protocol": "TLS 1.0"}}, {"tls": {"protocol": "TLS 1.3"}}),
    "tls-expiry": ({"tls": {"validTo": SOON}}, {"tls": {"validTo": LATER}}),
    "coop": (
        {"facts": {"forms": [{"password": True, "action": ""}]}},
        {
            "facts": {"forms": [{"password": True, "action": ""}]},
            "headers": {"cross-origin-opener-policy": "same-origin"},
        },
    ),
    "cookie-flags": (cookie(httpOnly=False), cookie()),
    "mixed-content": (
        {"facts": {"scripts": [{**ROW, "src": "http://a.example/a.js"}]}},
        {"facts": {"scripts": [{**ROW, "src": "https://a.example/a.js"}]}},
    ),
    "http-status-code": ({"status": 500}, {}),
    "url-too-long": ({"final_url": URL + "a" * 400}, {}),
    "redirect-chain": ({"redirects": [(301, URL + "a"), (301, URL)]}, {"redirects": [(301, URL)]}),
}


@pytest.mark.parametrize("check", VISITS)
def test_a_visit_with_the_fault_is_reported_and_one_without_is_not(check: str) -> None:
    has, lacks = (visit(**more) for more in VISITS[check])
    assert check in {one.check.id for one in run_page(has, ALL)}
    assert check not in {one.check.id for one in run_page(lacks, ALL)}


def test_a_single_slow_load_is_no_grave_fault() -> None:
    once = visit(facts={"lab": {"lcpSelector": "", "shifted": "", "lcp": 9000, "cls": 1, "blocked": 5000, "runs": 0}})
    assert {one.severity for one in run_page(once, ALL) if one.check.id in ("lcp", "cls", "tbt")} == {"medium"}


def link(to: str) -> dict[str, Any]:
    return {"links": [{"selector": "a", "html": "<a>", "href": URL + to}]}


Site = tuple[list[Visit], SiteFacts]


def site(*pages: Visit, **facts: Any) -> Site:
    made = SiteFacts(URL, robots_status=200, sitemap_status=200, security_txt=200)
    for name, value in facts.items():
        setattr(made, name, value)
    return [visit(), *pages], made


def answer(status: int, hops: int = 0) -> dict[str, LinkAnswer]:
    return {URL + "x": LinkAnswer(URL + "x", status, hops=[(301, URL)] * hops)}


A, B = URL + "a", URL + "b"
WORDS = {"text": "Many words of tea. " * 30}
SITES: dict[str, tuple[Callable[[], Site], Callable[[], Site]]] = {
    "broken-link": (
        lambda: site(visit(A, facts=link("x")), links=answer(404)),
        lambda: site(visit(A, facts=link("x")), links=answer(200)),
    ),
    "link-redirects": (
        lambda: site(visit(A, facts=link("x")), links=answer(200, hops=3)),
        lambda: site(visit(A, facts=link("x")), links=answer(200, hops=1)),
    ),
    "title-duplicate": (lambda: site(visit(A)), lambda: site(visit(A, facts={"title": "Other tea"}))),
    "description-duplicate": (
        lambda: site(*(visit(one, facts={"metas": {"description": "Same"}}) for one in (A, B))),
        lambda: site(*(visit(one, facts={"metas": {"description": one}}) for one in (A, B))),
    ),
    "content-duplicate": (
        lambda: site(visit(A, facts=WORDS), visit(B, facts=WORDS)),
        lambda: site(visit(A, facts={**WORDS, "canonical": [A]}), visit(B, facts={**WORDS, "canonical": [A]})),
    ),
    "robots-txt": (lambda: site(robots_status=503), lambda: site(robots_status=404)),
    "sitemap": (
        lambda: site(visit(A), sitemap_status=404, sitemap_url=A),
        lambda: site(visit(A), sitemap_status=200, sitemap_url=A),
    ),
    "sitemap-entries": (
        lambda: site(visit(A, status=404), sitemap_urls=[A]),
        lambda: site(visit(A), sitemap_urls=[A]),
    ),
    "orphan-page": (
        lambda: site(visit(A, facts=link("")), visit(B, facts=link("a"))),
        lambda: site(visit(A, facts=link("b")), visit(B, facts=link("a"))),
    ),
    "exposed-file": (lambda: site(exposed=[(URL + ".env", "A file")]), lambda: site()),
    "http-no-redirect": (lambda: site(http_redirects=False), lambda: site(http_redirects=True)),
    "canonical-broken": (
        lambda: site(visit(A, facts={"canonical": [B]}), visit(B, status=404)),
        lambda: site(visit(A, facts={"canonical": [B]}), visit(B)),
    ),
    "hreflang-no-return": (
        lambda: site(visit(A, facts={"hreflang": [["de", B]]}), visit(B)),
        lambda: site(visit(A, facts={"hreflang": [["de", B]]}), visit(B, facts={"hreflang": [["en", A]]})),
    ),
    "sitemap-noindex": (
        lambda: site(visit(A, facts={"noindex": True}), sitemap_urls=[A]),
        lambda: site(visit(A), sitemap_urls=[A]),
    ),
    "robots-blocks-sitemap": (lambda: site(sitemap_forbidden=[A]), lambda: site()),
    "redirect-loop": (
        lambda: site(visit(A, error=ENDLESS, facts={})),
        lambda: site(visit(A, error="The server refused the connection.", facts={})),
    ),
    "redirect-temporary": (
        lambda: site(visit(A, final_url=B, redirects=[(302, B)])),
        lambda: site(visit(A, final_url=B, redirects=[(301, B)])),
    ),
    "trailing-slash": (
        lambda: site(visit(A, facts=WORDS), visit(A + "/", facts=WORDS)),
        lambda: site(visit(A, facts=WORDS), visit(A + "/", facts={"text": "Something else"})),
    ),
    "security-txt": (lambda: site(security_txt=404), lambda: site()),
    "directory-listing": (
        lambda: site(visit(A, facts={"title": "Index of /a", **link("b")})),
        lambda: site(visit(A, facts={"title": "An index of teas", **link("b")})),
    ),
}


@pytest.mark.parametrize("check", SITES)
def test_a_site_with_the_fault_is_reported_and_one_without_is_not(check: str) -> None:
    has, lacks = (make() for make in SITES[check])
    assert check in {one.check.id for one in run_site(*has, ALL)}
    assert check not in {one.check.id for one in run_site(*lacks, ALL)}


def test_every_check_has_a_page_or_a_visit_that_shows_it() -> None:
    assert set(PAGE_CHECKS) == {*ELEMENTS, *PAGES, *VISITS}
    assert set(SITE_CHECKS) == set(SITES)
