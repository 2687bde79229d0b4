"""How fast the page is and why. Lab figures of one visit on this machine: thresholds are wide on purpose."""

import re
from urllib.parse import urlsplit

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Request, Visit
from taskjuggler_app.models.sitehealth import IssueCategory

SPEED = IssueCategory.PERFORMANCE
_TEXT = ("html", "css", "javascript", "json", "svg", "xml", "text/plain")
_STATIC = ("stylesheet", "script", "image", "font")


def _lab(visit: Visit, name: str) -> float:
    return float((visit.facts.get("lab") or {}).get(name) or 0)


def _own(visit: Visit) -> list[Request]:
    host = urlsplit(visit.final_url).hostname
    return [request for request in visit.requests if urlsplit(request.url).hostname == host]


def _kb(size: float) -> str:
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


@page_check(
    "lcp",
    HIGH,
    "Show the main content sooner",
    "Half the visitors have gone after three seconds.",
    "web.dev: LCP, poor above 4 s",
    category=SPEED,
)
def lcp(visit: Visit) -> Found:
    value = _lab(visit, "lcp")
    if value > 2500:
        yield Place(
            str(visit.facts["lab"]["lcpSelector"]),
            "",
            f"The largest element appears after {value / 1000:.1f} s.",
            severity=None if value > 4000 else MEDIUM,
        )


@page_check(
    "cls",
    HIGH,
    "Keep the page still while it loads",
    "People click what has just moved away.",
    "web.dev: CLS, poor above 0.25",
    category=SPEED,
)
def cls(visit: Visit) -> Found:
    value = _lab(visit, "cls")
    if value > 0.1:
        yield Place(
            str(visit.facts["lab"]["shifted"]),
            "",
            f"The layout shifts by {value:.2f} while loading.",
            severity=None if value > 0.25 else MEDIUM,
        )


@page_check(
    "tbt",
    HIGH,
    "Free the main thread",
    "While scripts run, taps and keys wait.",
    "Lighthouse: total blocking time, poor above 600 ms",
    category=SPEED,
)
def tbt(visit: Visit) -> Found:
    value = _lab(visit, "blocked")
    if value > 300:
        yield Place(
            "",
            "",
            f"Scripts block the page for {value:.0f} ms in {_lab(visit, 'long'):.0f} long tasks.",
            severity=None if value > 1000 else MEDIUM,
        )


@page_check(
    "fcp",
    MEDIUM,
    "Show something sooner",
    "An empty page looks broken.",
    "web.dev: FCP, poor above 3 s",
    category=SPEED,
)
def fcp(visit: Visit) -> Found:
    if _lab(visit, "fcp") > 3000:
        yield Place("", "", f"The first content appears after {_lab(visit, 'fcp') / 1000:.1f} s.")


@page_check(
    "ttfb",
    MEDIUM,
    "Answer sooner",
    "Nothing can start before the first byte.",
    "web.dev: TTFB, good up to 0.8 s",
    category=SPEED,
)
def ttfb(visit: Visit) -> Found:
    if _lab(visit, "ttfb") > 800:
        yield Place("", "", f"The server takes {_lab(visit, 'ttfb') / 1000:.1f} s to answer.")


@page_check(
    "total-byte-weight",
    MEDIUM,
    "Make the page lighter",
    "On a phone every megabyte is time and money.",
    "Lighthouse: total-byte-weight",
    category=SPEED,
)
def weight(visit: Visit) -> Found:
    total = sum(request.size for request in visit.requests)
    if total > 2_500_000:
        kinds: dict[str, int] = {}
        for request in visit.requests:
            kinds[request.kind] = kinds.get(request.kind, 0) + request.size
        most = ", ".join(f"{kind} {_kb(size)}" for kind, size in sorted(kinds.items(), key=lambda one: -one[1])[:3])
        yield Place("", "", f"The page weighs {_kb(total)}: {most}.")


@page_check(
    "render-blocking",
    MEDIUM,
    "Load scripts without holding the page up",
    "Until they have come and run nothing is shown.",
    "Lighthouse: render-blocking-resources",
    category=SPEED,
)
def render_blocking(visit: Visit) -> Found:
    for row in visit.rows("scripts"):
        if row["head"] and not row["defer"]:
            yield at(row, "It stands in the head without defer or async.")


@page_check(
    "unsized-images",
    MEDIUM,
    "Give images width and height",
    "The text jumps when they arrive.",
    "Lighthouse: unsized-images",
    category=SPEED,
)
def unsized(visit: Visit) -> Found:
    for row in visit.rows("images"):
        if row["tag"] == "img" and row["seen"] and not row["sized"] and row["w"] * row["h"] > 2500:
            yield at(
                row,
                f"It has no width and height ({row['nw']} by {row['nh']} px).",
                data={"width": row["nw"], "height": row["nh"]},
                severity=LOW,
            )


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
            yield Place("", request.url, f"{_kb(request.size)} as {request.mime.partition('/')[2]}.")


@page_check(
    "image-oversized",
    MEDIUM,
    "Send images in the size they are shown",
    "The rest is thrown away after the download.",
    "Lighthouse: uses-responsive-images",
    category=SPEED,
)
def oversized(visit: Visit) -> Found:
    for row in visit.rows("images"):
        shown, sent = row["w"] * row["h"], row["nw"] * row["nh"]
        if shown > 400 and sent > 250_000 and sent > shown * 4 and not row["srcset"]:
            yield at(row, f"{row['nw']} by {row['nh']} px are sent, {row['w']} by {row['h']} shown.")


@page_check(
    "lcp-lazy",
    HIGH,
    "Do not load the main image lazily",
    "It waits for the layout before it is even asked for.",
    "Lighthouse: lcp-lazy-loaded",
    category=SPEED,
)
def lcp_lazy(visit: Visit) -> Found:
    for row in visit.rows("images"):
        if row["lcp"] and row["lazy"]:
            yield at(row, "The largest image has loading=lazy.")


@page_check(
    "offscreen-lazy",
    LOW,
    "Load images below when they are near",
    "They compete with what is seen first.",
    "Lighthouse: offscreen-images",
    category=SPEED,
)
def offscreen(visit: Visit) -> Found:
    if int(visit.facts.get("lazyBelow") or 0) > 3:
        yield Place("img", "", f"{visit.facts['lazyBelow']} images far below are loaded at once.")


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
            yield Place("", request.url, f"{_kb(request.size)} are sent uncompressed.", severity=MEDIUM)


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
    "dom-size",
    MEDIUM,
    "Make the page smaller",
    "Every change costs more the more there is.",
    "Lighthouse: dom-size",
    category=SPEED,
)
def dom_size(visit: Visit) -> Found:
    if int(visit.facts.get("domSize") or 0) > 1400:
        yield Place("body", "", f"The page has {visit.facts['domSize']} elements.")


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
    "quirks-mode",
    LOW,
    "Start with <!doctype html>",
    "Without it browsers imitate those of 1998.",
    "Lighthouse: doctype",
    category=SPEED,
)
def quirks(visit: Visit) -> Found:
    if visit.facts.get("compat") == "BackCompat":
        yield Place("html", "", "The page is shown in quirks mode.")
