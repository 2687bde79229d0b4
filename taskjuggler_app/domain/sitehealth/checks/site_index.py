"""What search engines are told about the site as a whole: canonical and language links, sitemap, robots.txt."""

from taskjuggler_app.core.netaddr import same_origin
from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, at, site_check
from taskjuggler_app.domain.sitehealth.crawl import normal
from taskjuggler_app.domain.sitehealth.visit import ENDLESS, SiteFacts, Visit
from taskjuggler_app.models.sitehealth import IssueCategory

SAFE = IssueCategory.SECURITY


def _seen(visits: list[Visit]) -> dict[str, Visit]:
    """The pages of the scan by their address."""
    return {normal(visit.url): visit for visit in visits if not visit.error}


@site_check(
    "canonical-broken",
    HIGH,
    "Let the canonical address answer",
    "Search engines drop a page whose canonical address is an error or leads on.",
    "RFC 6596; Google Search Central: canonicalization",
)
def canonical_broken(visits: list[Visit], facts: SiteFacts) -> Found:
    pages = _seen(visits)
    for visit in pages.values():
        for url in [str(one) for one in visit.facts.get("canonical") or []][:1]:
            named = pages.get(normal(url)) if url.startswith("http") else None
            if named is None or named is visit:
                continue
            if named.status >= 400:
                yield Place("link[rel=canonical]", url, f"It answers {named.status}.", page_url=visit.url)
            elif named.redirects:
                yield Place("link[rel=canonical]", url, "It redirects.", page_url=visit.url, severity=MEDIUM)
            elif named.facts.get("noindex"):
                yield Place("link[rel=canonical]", url, "It asks not to be shown (noindex).", page_url=visit.url)
            elif any(normal(str(one)) != normal(url) for one in named.facts.get("canonical") or []):
                message = "That page names another canonical address."
                yield Place("link[rel=canonical]", url, message, page_url=visit.url, severity=MEDIUM)


@site_check(
    "hreflang-no-return",
    MEDIUM,
    "Let translations point to each other",
    "A language link that is not returned is ignored.",
    "Google Search Central: localized versions",
)
def hreflang_no_return(visits: list[Visit], facts: SiteFacts) -> Found:
    pages = _seen(visits)
    for address, visit in pages.items():
        for code, url in visit.facts.get("hreflang") or []:
            other = pages.get(normal(str(url))) if str(url).startswith("http") else None
            if other is None or other is visit or not other.facts:
                continue
            if address not in {normal(str(back)) for _, back in other.facts.get("hreflang") or []}:
                place = f'link[hreflang="{code}"]'
                yield Place(place, str(url), "That page does not point back.", page_url=visit.url)


@site_check(
    "sitemap-noindex",
    MEDIUM,
    "List only pages that may be shown",
    "The sitemap asks for what the page refuses.",
    "Google: build and submit a sitemap",
)
def sitemap_noindex(visits: list[Visit], facts: SiteFacts) -> Found:
    listed = {normal(url) for url in facts.sitemap_urls if url.startswith("http")}
    for address, visit in _seen(visits).items():
        if address in listed and visit.facts.get("noindex"):
            yield Place("", visit.url, "The sitemap lists it, and it asks not to be shown.", page_url=visit.url)


@site_check(
    "robots-blocks-sitemap",
    HIGH,
    "Do not forbid what the sitemap lists",
    "robots.txt keeps search engines from pages that the sitemap asks them to read.",
    "RFC 9309; Sitemaps protocol",
)
def robots_blocks_sitemap(visits: list[Visit], facts: SiteFacts) -> Found:
    for url in facts.sitemap_forbidden[:25]:
        yield Place("", url, f"robots.txt forbids {url[:200]}, and the sitemap lists it.", severity=MEDIUM)


@site_check(
    "redirect-loop",
    HIGH,
    "Let redirects arrive somewhere",
    "The page cannot be opened by anybody.",
    "RFC 9110, 15.4",
)
def redirect_loop(visits: list[Visit], facts: SiteFacts) -> Found:
    for visit in visits:
        if visit.error == ENDLESS:
            yield Place("", visit.url, "Its redirects go in a circle.", page_url=visit.url)


@site_check(
    "redirect-temporary",
    LOW,
    "Redirect for good where it is for good",
    "A temporary redirect keeps the old address listed.",
    "RFC 9110, 15.4.3; Google: redirects",
)
def redirect_temporary(visits: list[Visit], facts: SiteFacts) -> Found:
    for visit in visits:
        if visit.redirects and visit.redirects[0][0] in (302, 303, 307) and same_origin(visit.url, visit.final_url):
            message = f"It redirects with {visit.redirects[0][0]}: is that for now only?"
            yield Place("", visit.url, message, page_url=visit.url, needs_review=True)


@site_check(
    "trailing-slash",
    MEDIUM,
    "Serve a page with or without the last slash, not both",
    "Two addresses share one page's standing.",
    "Google Search Central: consolidate duplicate URLs",
)
def trailing_slash(visits: list[Visit], facts: SiteFacts) -> Found:
    pages = _seen(visits)
    for address, visit in pages.items():
        other = pages.get(address.rstrip("/")) if address.endswith("/") else None
        both = other is not None and other is not visit and not other.redirects and not visit.redirects
        if (
            both
            and other is not None
            and other.facts.get("text")
            and other.facts.get("text") == visit.facts.get("text")
        ):
            yield Place("", visit.url, f"{other.url[:200]} shows the same page.", page_url=visit.url)


@site_check(
    "security-txt",
    LOW,
    "Say whom to tell about a hole",
    "Who finds one otherwise tells nobody, or everybody.",
    "RFC 9116",
    SAFE,
)
def security_txt(visits: list[Visit], facts: SiteFacts) -> Found:
    if facts.security_txt in (404, 410):
        yield Place("", "/.well-known/security.txt", "There is no security.txt.")


@site_check(
    "directory-listing",
    MEDIUM,
    "Turn off listings of folders",
    "They show files that nothing links to.",
    "OWASP WSTG-CONF-04",
    SAFE,
)
def directory_listing(visits: list[Visit], facts: SiteFacts) -> Found:
    for visit in visits:
        title = str(visit.facts.get("title") or "")
        if title.startswith(("Index of /", "Directory listing for /")) and len(visit.rows("links")) > 0:
            yield at(visit.rows("links")[0], "The server lists this folder's files.", page_url=visit.url)
