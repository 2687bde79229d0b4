"""What one visit to a page collected. The checks read this and nothing else."""

from dataclasses import dataclass, field
from hashlib import sha256
from sys import intern
from typing import Any

LINKS_KEPT = 400
ENDLESS = "It redirects without end."
"""The error of a visit whose redirects went in circles."""


@dataclass(slots=True)
class Request:
    """One answer that the page's loading brought; sizes in bytes as sent."""

    url: str
    kind: str = ""
    status: int = 0
    mime: str = ""
    protocol: str = ""
    size: int = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Visit:
    """One page as seen once. `url` is the address as asked for; `error` says why there is nothing else.

    `facts` is what adapters/page/collect.js returns, `axe` what axe_run.js does, `probes` what probe.js does and more:
    `tabs` (selectors in tab order), `trapped` (where the keyboard got stuck), `narrow` (width of the page at 320 px).
    `depth` is how many links lie between it and the start.
    """

    url: str
    final_url: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    redirects: list[tuple[int, str]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    cookies: list[dict[str, Any]] = field(default_factory=list)
    tls: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    axe: dict[str, Any] = field(default_factory=dict)
    probes: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""
    depth: int = 0

    @property
    def is_page(self) -> bool:
        """Whether there is a document to judge."""
        return bool(self.facts)

    def slim(self) -> "Visit":
        """The visit without what only the checks of single pages read: a scan keeps thousands of these."""
        links = _interned(self.rows("links"))
        metas = self.facts.get("metas") or {}
        text = str(self.facts.get("text") or "")
        kept = {
            "title": self.facts.get("title"),
            "metas": {"description": metas.get("description")},
            "canonical": self.facts.get("canonical"),
            "hreflang": self.facts.get("hreflang"),
            "noindex": "noindex" in f"{metas.get('robots')} {self.headers.get('x-robots-tag')}".lower(),
            "text": f"{text[:300]}{sha256(text.encode()).hexdigest()}" if len(text) > 300 else "",
            "links": links,
        }
        self.facts = kept if self.facts else {}
        self.source, self.axe, self.probes, self.requests, self.cookies = "", {}, {}, [], []
        return self

    def kept(self) -> dict[str, Any]:
        """A slim visit as JSON."""
        return {
            "final_url": self.final_url, "status": self.status, "redirects": self.redirects, "error": self.error,
            "depth": self.depth, "facts": self.facts,
        }  # fmt: skip

    @classmethod
    def again(cls, url: str, kept: dict[str, Any]) -> "Visit":
        """The slim visit that `kept` came from."""
        made = cls(url, **kept)
        made.redirects = [(status, to) for status, to in made.redirects]
        if made.facts:
            made.facts["links"] = _interned(made.rows("links"))
        return made

    def rows(self, name: str) -> list[dict[str, Any]]:
        """One list of the facts; empty when the visit has none."""
        return list(self.facts.get(name) or [])


def _interned(links: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The links of a page, cut short; what page after page shares is one string in memory."""
    names = ("selector", "html", "href", "rel")
    return [{name: intern(str(row.get(name) or "")[:300]) for name in names} for row in links[:LINKS_KEPT]]


@dataclass(slots=True)
class LinkAnswer:
    """What a link's address answered; status 0 when it did not."""

    url: str
    status: int
    error: str = ""
    hops: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class SiteFacts:
    """What belongs to the site and not to one page. `asked_url` is the address as given where it led to another."""

    start_url: str
    asked_url: str = ""
    robots_status: int = 0
    robots_text: str = ""
    sitemap_url: str = ""
    sitemap_status: int = 0
    sitemap_error: str = ""
    sitemap_urls: list[str] = field(default_factory=list)
    links: dict[str, LinkAnswer] = field(default_factory=dict)
    sitemap_forbidden: list[str] = field(default_factory=list)
    exposed: list[tuple[str, str]] = field(default_factory=list)
    security_txt: int = 0
    http_redirects: bool | None = None
    complete: bool = True
