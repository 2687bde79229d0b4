"""Which pages of a site are scanned, in which order, and where a trap is cut off. Pure: fetches nothing."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

from taskjuggler_app.core.netaddr import same_origin

MAX_DEPTH = 12
SAME_PATH = 12
"""Addresses that differ in their query only."""
SAME_DATES, SAME_SHAPE, DEEP = 24, 400, 3
"""Addresses that differ in their numbers only, with a date in them, and without one when found deeper than so many
clicks: a calendar goes on for ever, while a list of two thousand products is near the start or in a sitemap."""
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|phpsessid|jsessionid|sid|sessionid)$", re.IGNORECASE)
_FILES = re.compile(
    r"\.(png|jpe?g|gif|svg|webp|avif|ico|css|js|mjs|json|xml|rss|pdf|zip|gz|tar|7z|exe|dmg|iso|mp[34]|m4a|mov|avi|webm|og[gv]"
    r"|woff2?|ttf|eot|docx?|xlsx?|pptx?|csv|txt|ics)$",
    re.IGNORECASE,
)
_ACTIONS = re.compile(
    r"(^|[/?&=_-])(logout|log-out|signout|sign-out|delete|remove|unsubscribe|add-to-cart)([/?&=_-]|$)", re.IGNORECASE
)
_DATE = re.compile(r"(19|20)\d\d[/-]\d{1,2}|[?&](month|year|date|day|cal\w*)=", re.IGNORECASE)


@dataclass(slots=True)
class Plan:
    """What a scan is asked to look at. With `only` exactly those pages, no crawl."""

    start_url: str
    max_pages: int = 50
    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    only: list[str] = field(default_factory=list)


def normal(url: str) -> str:
    """The address that stands for all its spellings: no fragment, no tracking, query sorted, no default port."""
    parts = urlsplit(urldefrag(url)[0])
    host = (parts.hostname or "").lower()
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)) else ""
    bracketed = f"[{host}]" if ":" in host else host
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    )
    return urlunsplit((parts.scheme.lower(), bracketed + port, parts.path or "/", query, ""))


class Frontier:
    """The pages still to visit. `skipped` counts what was cut off, by reason."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._include = [_pattern(text) for text in plan.include]
        self._exclude = [_pattern(text) for text in plan.exclude]
        self._waiting: deque[tuple[str, int]] = deque()
        self._known: set[str] = set()
        self._paths: Counter[str] = Counter()
        self._shapes: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.given = 0

    def start(self, urls: Iterable[str]) -> None:
        """Begin with these, whatever the patterns say."""
        for url in urls:
            if normal(url) not in self._known:
                self._known.add(normal(url))
                self._waiting.append((url, 0))

    def offer(self, urls: Iterable[str], depth: int, *, listed: bool = False) -> None:
        """Addresses found at a depth; what is new, wanted and no trap joins the queue. What a sitemap lists is no
        trap: somebody wrote it down."""
        for url in urls:
            try:
                address = normal(url)
            except ValueError:
                continue
            if address in self._known or len(self._known) > 50_000:
                continue
            self._known.add(address)
            if reason := self._reason_against(address) or ("" if listed else self._trap(address, depth)):
                self.skipped[reason] += 1
            else:
                self._waiting.append((address, depth))

    def next(self) -> tuple[str, int] | None:
        """The next address and its depth; None when there is none, or the scan has its pages."""
        if not self._waiting or self.given >= self._plan.max_pages:
            return None
        self.given += 1
        return self._waiting.popleft()

    def judged(self, urls: Iterable[str]) -> None:
        """An earlier run of the scan has looked at these: they count, and are not given again."""
        done = set(urls)
        self._known |= {normal(url) for url in done}
        self._waiting = deque(one for one in self._waiting if one[0] not in done)
        self.given += len(done)

    def seen(self, url: str) -> bool:
        """Whether the address is known; it is from now on. For canonical addresses and redirects."""
        address = normal(url)
        known = address in self._known
        self._known.add(address)
        return known

    @property
    def found(self) -> int:
        """Pages that the scan will look at, as far as is known now."""
        return min(self._plan.max_pages, self.given + len(self._waiting))

    def _reason_against(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not same_origin(url, self._plan.start_url):
            return "elsewhere"
        if _FILES.search(parts.path):
            return "no page"
        if _ACTIONS.search(parts.path + "?" + parts.query):
            return "acts"
        if self._exclude and any(one.search(url) for one in self._exclude):
            return "excluded"
        if self._include and not any(one.search(url) for one in self._include):
            return "not included"
        return ""

    def _trap(self, url: str, depth: int) -> str:
        path = urlsplit(url).path
        segments = [part for part in path.split("/") if part]
        if depth > MAX_DEPTH or len(url) > 1000 or len(segments) > 15 or max(Counter(segments).values(), default=0) > 3:
            return "too deep"
        self._paths[path] += 1
        shape = re.sub(r"\d+", "#", url)
        self._shapes[shape] += 1
        if self._paths[path] > SAME_PATH:
            return "query trap"
        dated = bool(_DATE.search(url))
        endless = self._shapes[shape] > (SAME_DATES if dated else SAME_SHAPE) and (dated or depth > DEEP)
        return "endless" if endless else ""


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern with * for anything, matched anywhere in the address."""
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.IGNORECASE)
