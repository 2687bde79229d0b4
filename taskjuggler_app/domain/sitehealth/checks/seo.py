"""Whether search engines can read the page and find it worth showing."""

import json
import re
from urllib.parse import urldefrag, urlsplit

from taskjuggler_app.domain.sitehealth.checks.registry import CRITICAL, HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import IssueCategory

SEO = IssueCategory.SEO
_LANGUAGE = re.compile(r"^([a-z]{2,3}(-[a-z0-9]{2,8})*|x-default)$", re.IGNORECASE)
_GONE = re.compile(r"\b(page not found|404|not be found|no longer exists|does not exist)\b", re.IGNORECASE)


def _robots(visit: Visit) -> str:
    metas = visit.facts.get("metas") or {}
    return f"{metas.get('robots', '')} {metas.get('googlebot', '')} {visit.headers.get('x-robots-tag', '')}".lower()


def _meta(visit: Visit, name: str) -> str:
    return str((visit.facts.get("metas") or {}).get(name) or "").strip()


@page_check(
    "is-crawlable",
    MEDIUM,
    "Let search engines show the page",
    "noindex keeps it out of every search result.",
    "Google Search Central: robots meta tag",
    category=SEO,
)
def is_crawlable(visit: Visit) -> Found:
    if re.search(r"\b(noindex|none)\b", _robots(visit)):
        yield Place(
            "meta[name=robots]", "", "The page asks not to be shown (noindex). Is that meant?", needs_review=True
        )


@page_check(
    "http-status-code",
    CRITICAL,
    "Answer with success",
    "A page that answers with an error is not shown.",
    "RFC 9110, 15",
    category=SEO,
)
def http_status(visit: Visit) -> Found:
    if visit.status >= 400:
        yield Place("", "", f"The page answers {visit.status}.")


@page_check(
    "title-missing",
    MEDIUM,
    "Give the page a title",
    "It is the line people read in search results.",
    "Lighthouse: document-title",
    category=SEO,
)
def title_missing(visit: Visit) -> Found:
    if not str(visit.facts.get("title") or "").strip():
        yield Place("title", "", "The title is empty or missing.")


@page_check(
    "title-length",
    LOW,
    "Keep the title to about 60 letters",
    "Longer ones are cut off in search results.",
    "Google Search Central: title links",
    category=SEO,
)
def title_length(visit: Visit) -> Found:
    length = len(str(visit.facts.get("title") or "").strip())
    if length > 70:
        yield Place("title", "", f"The title has {length} letters.")


@page_check(
    "meta-description",
    MEDIUM,
    "Describe the page in a sentence or two",
    "Search engines show it below the title.",
    "Lighthouse: meta-description",
    category=SEO,
)
def description(visit: Visit) -> Found:
    text = _meta(visit, "description")
    if not text:
        yield Place("head", "", "The description is empty or missing.")
    elif len(text) > 320:
        yield Place("meta[name=description]", "", f"The description has {len(text)} letters.", severity=LOW)


@page_check(
    "h1-missing",
    LOW,
    "Give the page a main heading",
    "It tells people and search engines what the page is about.",
    "Google: SEO starter guide",
    category=SEO,
)
def h1(visit: Visit) -> Found:
    if not any(row["level"] == 1 and row["text"] for row in visit.rows("headings")):
        yield Place("body", "", "There is no h1.")


@page_check(
    "canonical",
    MEDIUM,
    "Name one canonical address",
    "Several, or one on another host, make search engines choose for themselves.",
    "RFC 6596",
    category=SEO,
)
def canonical(visit: Visit) -> Found:
    named = [str(url) for url in visit.facts.get("canonical") or []]
    if len(set(named)) > 1:
        yield Place("link[rel=canonical]", "", f"{len(set(named))} different canonical addresses.")
    for url in named[:1]:
        parts = urlsplit(url)
        if not parts.scheme.startswith("http"):
            yield Place("link[rel=canonical]", url, "The canonical address is no web address.")
        elif parts.hostname != urlsplit(visit.final_url).hostname:
            yield Place("link[rel=canonical]", url, f"It points to another host, {parts.hostname}.", needs_review=True)


@page_check(
    "hreflang",
    MEDIUM,
    "Write language codes as they are defined",
    "An unknown code is ignored.",
    "Lighthouse: hreflang; RFC 5646",
    category=SEO,
)
def hreflang(visit: Visit) -> Found:
    for code, url in visit.facts.get("hreflang") or []:
        if not _LANGUAGE.match(code) or not str(url).startswith("http"):
            yield Place(f'link[hreflang="{code}"]', str(url), f"“{code}” is no language code, or its address is none.")


@page_check(
    "jsonld-invalid",
    MEDIUM,
    "Write structured data that can be read",
    "What is no JSON is ignored as a whole.",
    "schema.org; RFC 8259",
    category=SEO,
)
def jsonld(visit: Visit) -> Found:
    for row in visit.rows("jsonld"):
        try:
            data = json.loads(row["text"])
        except ValueError as error:
            yield at(row, f"It is no JSON: {error}.")
            continue
        items = data if isinstance(data, list) else [data]
        for item in items:
            if not isinstance(item, dict) or not ("@type" in item or "@graph" in item):
                yield at(row, "It has no @type.", severity=LOW)


@page_check(
    "og-incomplete",
    LOW,
    "Say what a shared link shows",
    "Without title and image the preview is a guess.",
    "The Open Graph protocol",
    category=SEO,
)
def open_graph(visit: Visit) -> Found:
    some = [name for name in ("og:title", "og:type", "og:image", "og:url") if _meta(visit, name)]
    if some and len(some) < 4:
        missing = sorted({"og:title", "og:type", "og:image", "og:url"} - set(some))
        yield Place("head", "", f"Missing: {', '.join(missing)}.")


@page_check(
    "viewport-missing",
    HIGH,
    "Set the viewport for phones",
    "Without it phones show the desktop's page, shrunk.",
    "Lighthouse: viewport",
    category=SEO,
)
def viewport(visit: Visit) -> Found:
    if "width" not in _meta(visit, "viewport") and "initial-scale" not in _meta(visit, "viewport"):
        yield Place("head", "", "There is no viewport for phones.", severity=MEDIUM)


@page_check(
    "crawlable-anchors",
    LOW,
    "Give links addresses",
    "Search engines follow addresses, not scripts.",
    "Lighthouse: crawlable-anchors",
    category=SEO,
)
def crawlable(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if str(row["raw"] or "").lower().startswith("javascript:"):
            yield at(row, "It leads to a script.")


@page_check(
    "image-alt-seo",
    LOW,
    "Describe images",
    "Image search reads the alternative.",
    "Google: image best practices",
    category=SEO,
)
def image_alt(visit: Visit) -> Found:
    for row in visit.rows("images"):
        if row["alt"] is None and row["tag"] == "img" and not row["role"]:
            yield at(row, "It has no alternative text.")


@page_check(
    "anchor-missing",
    LOW,
    "Lead links to places that exist",
    "A jump to nowhere leaves people where they are.",
    "HTML Living Standard, 7.4.6.4",
    category=SEO,
)
def anchor_missing(visit: Visit) -> Found:
    known = {str(name) for name in visit.facts.get("anchors") or []}
    here = urldefrag(visit.final_url)[0]
    for row in visit.rows("links"):
        address, fragment = urldefrag(str(row["href"]))
        if (
            address == here
            and fragment
            and fragment not in known
            and fragment != "top"
            and not fragment.startswith(("!", "/", ":~"))
        ):
            yield at(row, f"There is no place called “{fragment[:40]}” on the page.")


@page_check(
    "soft-404",
    MEDIUM,
    "Answer 404 when a page is not there",
    "A missing page that answers 200 is listed as if it were one.",
    "Google: soft 404 errors",
    category=SEO,
)
def soft_404(visit: Visit) -> Found:
    title = f"{visit.facts.get('title')} {' '.join(row['text'] for row in visit.rows('headings')[:1])}"
    if visit.status == 200 and _GONE.search(title) and int(visit.facts.get("length") or 0) < 800:
        yield Place("title", "", "It says that there is no such page, but answers 200.")


@page_check(
    "url-too-long",
    LOW,
    "Keep addresses short",
    "Long ones are cut when shared and hard to read out.",
    "Sitemaps protocol, 2048 letters",
    category=SEO,
)
def url_too_long(visit: Visit) -> Found:
    if len(visit.final_url) > 300:
        yield Place("", "", f"The address has {len(visit.final_url)} letters.")


@page_check(
    "redirect-chain",
    MEDIUM,
    "Redirect once",
    "Every further hop costs time, and some are not followed.",
    "Lighthouse: redirects",
    category=SEO,
)
def redirect_chain(visit: Visit) -> Found:
    if len(visit.redirects) > 1:
        yield Place("", "", f"{len(visit.redirects)} redirects, one after the other.")
