"""How fast the page is and why. Lab figures of this machine: a single slow load is never more than medium, high takes
the median of three."""

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import IssueCategory, Severity

SPEED = IssueCategory.PERFORMANCE


def _lab(visit: Visit, name: str) -> float:
    return float((visit.facts.get("lab") or {}).get(name) or 0)


def _sure(visit: Visit, poor: bool) -> Severity | None:
    """The check's own severity for what is poor and was measured three times, else medium."""
    return None if poor and _lab(visit, "runs") >= 3 else MEDIUM


def kilobytes(size: float) -> str:
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
            severity=_sure(visit, value > 4000),
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
            severity=_sure(visit, value > 0.25),
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
            severity=_sure(visit, value > 1000),
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
        most = ", ".join(
            f"{kind} {kilobytes(size)}" for kind, size in sorted(kinds.items(), key=lambda one: -one[1])[:3]
        )
        yield Place("", "", f"The page weighs {kilobytes(total)}: {most}.")


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
        if shown > 400 and sent > 250_000 and sent > shown * 4 and not row["srcset"] and ".svg" not in str(row["src"]):
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
