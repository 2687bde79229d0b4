"""How the page's files are sent: formats, compression, caching, how many, from whom, how much of them is used."""

import re
from urllib.parse import urlsplit

from taskjuggler_app.domain.sitehealth.checks.performance import SPEED, kilobytes
from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, page_check
from taskjuggler_app.domain.sitehealth.visit import Request, Visit
from taskjuggler_app.models.sitehealth import IssueCategory

_TEXT = ("html", "css", "javascript", "json", "svg", "xml", "text/plain")
_STATIC = ("stylesheet", "script", "image", "font")
WASTE = 20_000
"""Bytes of a file that must go unused before it is worth splitting (Lighthouse: 20 KiB of a script)."""


def _own(visit: Visit) -> list[Request]:
    host = urlsplit(visit.final_url).hostname
    return [request for request in visit.requests if urlsplit(request.url).hostname == host]


@page_check(
    "image-format",
    MEDIUM,
    "Send images in a modern format",
    "WebP and AVIF take about half the bytes.",
    "Lighthouse: modern-image-formats",
    category=SPEED,
)
def image_format(visit: Visit) -> Found:
    for request in visit.requests:
        if request.mime in ("image/png", "image/jpeg", "image/gif", "image/bmp") and request.size > 100_000:
            yield Place("", request.url, f"{kilobytes(request.size)} as {request.mime.partition('/')[2]}.")


@page_check(
    "text-compression",
    HIGH,
    "Compress text",
    "It takes a quarter of the bytes.",
    "Lighthouse: uses-text-compression; RFC 9110, 8.4",
    category=SPEED,
)
def compression(visit: Visit) -> Found:
    for request in _own(visit):
        if (
            any(kind in request.mime for kind in _TEXT)
            and request.size > 20_000
            and not request.headers.get("content-encoding")
        ):
            yield Place("", request.url, f"{kilobytes(request.size)} are sent uncompressed.", severity=MEDIUM)


@page_check(
    "cache-policy",
    MEDIUM,
    "Let browsers keep what does not change",
    "Returning visitors download it again.",
    "Lighthouse: uses-long-cache-ttl; RFC 9111",
    category=SPEED,
)
def caching(visit: Visit) -> Found:
    poor = []
    for request in _own(visit):
        control = request.headers.get("cache-control", "")
        age = re.search(r"max-age=(\d+)", control)
        if (
            request.kind in _STATIC
            and request.status == 200
            and not ((age and int(age[1]) >= 86_400) or "immutable" in control)
        ):
            poor.append(request)
    if poor:
        yield Place(
            "",
            poor[0].url,
            f"{len(poor)} files may be kept for less than a day.",
            severity=LOW if len(poor) < 4 else None,
        )


@page_check(
    "font-display",
    LOW,
    "Show text while fonts load",
    "Until the font is there, the text is invisible.",
    "Lighthouse: font-display",
    category=SPEED,
)
def font_display(visit: Visit) -> Found:
    late = sorted(
        {str(family) for family, display in visit.facts.get("fontFaces") or [] if display in ("auto", "block")}
    )
    if late:
        yield Place("", "", f"Text waits for {', '.join(late[:4])} (font-display).")


@page_check(
    "http-version", LOW, "Speak HTTP/2 or HTTP/3", "HTTP/1.1 fetches six files at a time.", "RFC 9113", category=SPEED
)
def http_version(visit: Visit) -> Found:
    old = [request for request in _own(visit) if request.protocol in ("http/1.1", "http/1.0")]
    if visit.final_url.startswith("https://") and len(old) > 6:
        yield Place("", "", f"{len(old)} files came over HTTP/1.1.")


@page_check(
    "too-many-requests",
    LOW,
    "Ask for fewer files",
    "Each has its own price.",
    "Lighthouse: network-requests",
    category=SPEED,
)
def many_requests(visit: Visit) -> Found:
    if len(visit.requests) > 120:
        yield Place("", "", f"The page asks for {len(visit.requests)} files.")


@page_check(
    "third-parties",
    LOW,
    "Depend on fewer others",
    "Each can slow the page down, and sees your visitors.",
    "Lighthouse: third-party-summary",
    category=SPEED,
)
def third_parties(visit: Visit) -> Found:
    own = urlsplit(visit.final_url).hostname or ""
    base = ".".join(own.split(".")[-2:])
    others = {
        host for request in visit.requests if (host := urlsplit(request.url).hostname) and not host.endswith(base)
    }
    if len(others) > 6:
        yield Place("", "", f"{len(others)} other hosts, among them {', '.join(sorted(others)[:4])}.")


@page_check(
    "failed-requests",
    MEDIUM,
    "Repair what the page asks for and does not get",
    "Something on the page is missing.",
    "Lighthouse: errors-in-console",
    category=SPEED,
)
def failed(visit: Visit) -> Found:
    for request in visit.requests:
        if request.status >= 400 and request.kind != "document" and not request.url.endswith("/favicon.ico"):
            yield Place("", request.url, f"{request.kind or 'A file'} answers {request.status}.", severity=LOW)


@page_check(
    "unused-code",
    LOW,
    "Send only the code that the page uses",
    "The rest is downloaded and read for nothing.",
    "Lighthouse: unused-javascript, unused-css-rules",
    category=SPEED,
)
def unused(visit: Visit) -> Found:
    for row in visit.rows("unused"):
        if row["unused"] > WASTE and row["unused"] * 2 > row["total"]:
            share = round(100 * row["unused"] / row["total"])
            message = f"{share} % of this {row['kind']} ({kilobytes(row['unused'])}) is not used while the page loads."
            yield Place("", str(row["url"]), message)


@page_check(
    "unminified",
    LOW,
    "Minify scripts and style sheets",
    "Blanks and remarks are sent to every visitor.",
    "Lighthouse: unminified-javascript, unminified-css",
    category=SPEED,
)
def unminified(visit: Visit) -> Found:
    for row in visit.rows("plainCode"):
        if row["saved"] > 5000:
            yield Place("", str(row["url"]), f"About {kilobytes(row['saved'])} of it are blanks and remarks.")


@page_check(
    "preconnect",
    LOW,
    "Open the connection to a needed host early",
    "Name, connection and encryption take three round trips before the first byte.",
    "Lighthouse: uses-rel-preconnect",
    category=SPEED,
)
def preconnect(visit: Visit) -> Found:
    ready = {urlsplit(str(url)).hostname for url in visit.facts.get("preconnects") or []}
    own = urlsplit(visit.final_url).hostname
    fonts = {urlsplit(one.url).hostname for one in visit.requests if one.kind == "font"} - {own, None}
    for host in sorted(str(host) for host in fonts - ready):
        yield Place("head", host, f"Fonts come from {host}, and nothing opens the connection early.")


@page_check(
    "source-map",
    LOW,
    "Keep source maps off the public site",
    "They hand out the program as it was written, remarks and all.",
    "OWASP WSTG-INFO-05",
    category=IssueCategory.SECURITY,
)
def source_map(visit: Visit) -> Found:
    for row in visit.rows("sourceMaps"):
        yield Place("", str(row["url"]), f"It names its source map, {str(row['map'])[:80]}.", needs_review=True)
