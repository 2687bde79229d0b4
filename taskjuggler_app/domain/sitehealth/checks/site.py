"""What only the whole site shows: broken links, duplicates, robots.txt and sitemap, exposed files."""

from collections import defaultdict
from urllib.parse import urldefrag, urlsplit

from taskjuggler_app.core.netaddr import same_origin
from taskjuggler_app.domain.sitehealth.checks.registry import (
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    Found,
    Place,
    at,
    site_check,
)
from taskjuggler_app.domain.sitehealth.visit import SiteFacts, Visit
from taskjuggler_app.models.sitehealth import IssueCategory

SAFE = IssueCategory.SECURITY


def _pages(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.is_page and visit.status < 400]


@site_check(
    "broken-link",
    HIGH,
    "Repair links that lead nowhere",
    "Visitors and search engines end at an error.",
    "RFC 9110, 15.5",
)
def broken_link(visits: list[Visit], facts: SiteFacts) -> Found:
    for visit in _pages(visits):
        for row in visit.rows("links"):
            answer = facts.links.get(urldefrag(str(row["href"]))[0])
            if (
                answer
                and (answer.status >= 400 or answer.error)
                and answer.status not in (401, 403, 405, 429, 503, 999)
            ):
                own = same_origin(str(row["href"]), facts.start_url)
                what = f"answers {answer.status}" if answer.status else f"cannot be reached ({answer.error[:80]})"
                yield at(
                    row,
                    f"{answer.url[:200]} {what}.",
                    page_url=visit.url,
                    severity=HIGH if own else MEDIUM,
                    needs_review=not answer.status,
                )


@site_check(
    "link-redirects", LOW, "Link to where pages are now", "Each redirect costs a round trip.", "Lighthouse: redirects"
)
def link_redirects(visits: list[Visit], facts: SiteFacts) -> Found:
    for visit in _pages(visits):
        for row in visit.rows("links"):
            answer = facts.links.get(urldefrag(str(row["href"]))[0])
            if answer and len(answer.hops) > 1:
                yield at(row, f"It takes {len(answer.hops)} redirects.", page_url=visit.url)


def _duplicates(visits: list[Visit], read: str) -> Found:
    same: dict[str, list[Visit]] = defaultdict(list)
    for visit in _pages(visits):
        value = visit.facts.get("title") if read == "title" else (visit.facts.get("metas") or {}).get("description")
        if value and str(value).strip():
            same[str(value).strip()].append(visit)
    for text, pages in same.items():
        for visit in pages if len(pages) > 1 else []:
            yield Place(read, "", f"{len(pages)} pages share “{text[:60]}”.", page_url=visit.url)


@site_check(
    "title-duplicate",
    MEDIUM,
    "Give every page a title of its own",
    "In search results and tabs they cannot be told apart.",
    "Google Search Central: title links",
)
def title_duplicate(visits: list[Visit], facts: SiteFacts) -> Found:
    return _duplicates(visits, "title")


@site_check(
    "description-duplicate",
    LOW,
    "Describe every page in its own words",
    "The same words everywhere describe none.",
    "Google Search Central: snippets",
)
def description_duplicate(visits: list[Visit], facts: SiteFacts) -> Found:
    return _duplicates(visits, "description")


@site_check(
    "content-duplicate",
    MEDIUM,
    "Show each text at one address",
    "Search engines choose one and forget the rest.",
    "RFC 6596",
)
def content_duplicate(visits: list[Visit], facts: SiteFacts) -> Found:
    same: dict[str, list[Visit]] = defaultdict(list)
    for visit in _pages(visits):
        text = str(visit.facts.get("text") or "")
        if len(text) > 300:
            same[text].append(visit)
    for pages in same.values():
        named = {tuple(visit.facts.get("canonical") or ()) for visit in pages}
        for visit in pages[1:] if len(pages) > 1 and (len(named) > 1 or named == {()}) else []:
            yield Place("body", "", f"It has the same text as {pages[0].final_url[:200]}.", page_url=visit.url)


@site_check(
    "robots-txt",
    HIGH,
    "Answer for robots.txt",
    "While it answers with an error search engines stay away.",
    "RFC 9309, 2.3.1",
)
def robots_txt(visits: list[Visit], facts: SiteFacts) -> Found:
    if facts.robots_status >= 500:
        yield Place("", "robots.txt", f"robots.txt answers {facts.robots_status}.")
    elif facts.robots_status == 200 and facts.robots_text.lstrip().startswith("<"):
        yield Place("", facts.robots_text[:100], "robots.txt is a web page.", severity=MEDIUM)


@site_check("sitemap", LOW, "Publish a sitemap", "New pages are found sooner.", "Sitemaps protocol, sitemaps.org")
def sitemap(visits: list[Visit], facts: SiteFacts) -> Found:
    if facts.sitemap_error:
        yield Place("", facts.sitemap_url, f"The sitemap cannot be read: {facts.sitemap_error}", severity=HIGH)
    elif facts.sitemap_status and facts.sitemap_status != 200 and len(visits) > 1:
        yield Place("", facts.sitemap_url, f"The sitemap answers {facts.sitemap_status}.")


@site_check(
    "sitemap-entries",
    MEDIUM,
    "List only pages that are there",
    "Search engines lose trust in the list.",
    "Google: build and submit a sitemap",
)
def sitemap_entries(visits: list[Visit], facts: SiteFacts) -> Found:
    listed = set(facts.sitemap_urls)
    for visit in visits:
        if visit.url in listed and (visit.status >= 400 or visit.redirects):
            what = f"answers {visit.status}" if visit.status >= 400 else "redirects"
            yield Place("", visit.url, f"The sitemap lists it, and it {what}.", page_url=visit.url)


@site_check(
    "orphan-page", LOW, "Link to every page", "What no page links to is hardly found.", "Google: SEO starter guide"
)
def orphan(visits: list[Visit], facts: SiteFacts) -> Found:
    if not facts.complete or len(visits) < 3:
        return
    linked = {urldefrag(str(row["href"]))[0] for visit in visits for row in visit.rows("links")} | {facts.start_url}
    for visit in _pages(visits):
        if linked.isdisjoint((visit.url, visit.final_url)):
            yield Place("", "", "No page of the site links to it.", page_url=visit.url)


@site_check(
    "exposed-file",
    CRITICAL,
    "Take private files off the web",
    "Source code, passwords or data can be downloaded.",
    "OWASP WSTG-CONF-04",
    SAFE,
)
def exposed(visits: list[Visit], facts: SiteFacts) -> Found:
    for url, what in facts.exposed:
        yield Place("", urlsplit(url).path, f"{what} can be downloaded at {url}.")


@site_check(
    "http-no-redirect",
    MEDIUM,
    "Send visitors from HTTP to HTTPS",
    "Who types the bare name stays unprotected.",
    "OWASP transport layer security",
    SAFE,
)
def http_no_redirect(visits: list[Visit], facts: SiteFacts) -> Found:
    if facts.http_redirects is False:
        yield Place("", "", "The address with http:// does not lead to https://.")
