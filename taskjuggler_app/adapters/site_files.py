"""The files of a site that are no pages: robots.txt, sitemaps, links' answers, and what should not be public.

Read with the guarded client only. Exposed files are told by their content: many sites answer 200 to everything.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

from protego import Protego
from selectolax.lexbor import LexborHTMLParser

from taskjuggler_app.adapters.safe_http import AGENT, FetchFailed, SafeHttp
from taskjuggler_app.core.netaddr import AddressRefused, Reach, origin
from taskjuggler_app.domain.sitehealth.visit import LinkAnswer, SiteFacts

SITEMAPS, SITEMAP_URLS, LINKS = 20, 5000, 600
LONGEST_DELAY = 5.0
_SIGNATURES: tuple[tuple[str, re.Pattern[bytes], str], ...] = (
    ("/.git/HEAD", re.compile(rb"\A(ref: refs/|[0-9a-f]{40}\s*\Z)"), "The Git repository"),
    ("/.env", re.compile(rb"(?m)\A(?!\s*<)(?:\s*#.*\n|\s*\n)*[A-Z][A-Z0-9_]+\s*="), "A file of settings and passwords"),
    ("/.svn/entries", re.compile(rb"\A\d+\s*\n"), "The Subversion repository"),
    ("/.DS_Store", re.compile(rb"\A\x00\x00\x00\x01Bud1"), "A listing of the folder"),
    ("/phpinfo.php", re.compile(rb"<title>.*phpinfo\(\)"), "The server's configuration"),
    ("/backup.sql", re.compile(rb"(?i)\A\s*(--|/\*).*(dump|mysql|postgresql)"), "A copy of the database"),
    ("/wp-config.php.bak", re.compile(rb"DB_PASSWORD"), "A file with the database's password"),
)


class SiteFiles:
    """Reads a site's own files; `headers` go to the site's origin only."""

    def __init__(self, start_url: str, reach: Reach, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(start_url)
        self._root = f"{parts.scheme}://{parts.netloc}"
        self._headers = dict(headers or {})
        self._http = SafeHttp(reach, seconds=12, max_bytes=5_000_000)
        self._robots: Protego | None = None
        self.facts = SiteFacts(start_url)

    def landing(self) -> str:
        """Where the start address leads: the site's own other spelling (with or without www., HTTPS), else itself."""
        try:
            final = self._http.request("GET", self.facts.start_url, self._headers, truncate=True).url
        except (FetchFailed, AddressRefused):
            return self.facts.start_url
        (_, asked, port), (_, host, final_port) = origin(self.facts.start_url), origin(final)
        same_host = asked.removeprefix("www.") == host.removeprefix("www.")
        same_door = port == final_port or {port, final_port} == {80, 443}
        return final if same_host and same_door else self.facts.start_url

    def read(self) -> SiteFacts:
        """robots.txt, the sitemaps it names or the usual one, and whether HTTP leads to HTTPS."""
        status, body = self._get(f"{self._root}/robots.txt")
        self.facts.robots_status, self.facts.robots_text = status, body.decode("utf-8", "replace")[:500_000]
        named: list[str] = []
        if status == 200:
            self._robots = Protego.parse(self.facts.robots_text)
            named = list(self._robots.sitemaps)
        self._sitemaps(named or [f"{self._root}/sitemap.xml"])
        listed = [url for url in self.facts.sitemap_urls if url.startswith(self._root + "/")]
        self.facts.sitemap_forbidden = [url for url in listed if not self.may_visit(url)]
        if self._root.startswith("https://") and urlsplit(self._root).port is None:  # one port speaks one of the two
            try:
                plain = self._http.get(self._root.replace("https://", "http://", 1) + "/")
                self.facts.http_redirects = plain.url.startswith("https://")
            except (FetchFailed, AddressRefused):
                self.facts.http_redirects = None
        return self.facts

    def may_visit(self, url: str) -> bool:
        """Whether robots.txt lets us (RFC 9309)."""
        return self._robots is None or bool(self._robots.can_fetch(url, AGENT.split("/")[0]))

    @property
    def crawl_delay(self) -> float:
        """Seconds between pages that robots.txt asks for, at most LONGEST_DELAY."""
        asked = self._robots.crawl_delay(AGENT.split("/")[0]) if self._robots else None
        return min(float(asked or 0), LONGEST_DELAY)

    def probe(self) -> None:
        """Look for files that should not be there: one read each, none of them changes anything."""
        for path, signature, what in _SIGNATURES:
            status, body = self._get(self._root + path, limit=4096)
            if status == 200 and signature.search(body[:4096]):
                self.facts.exposed.append((self._root + path, what))
        self.facts.security_txt = self._get(f"{self._root}/.well-known/security.txt", limit=4096)[0]

    def check_links(self, urls: Iterable[str], known: Mapping[str, int]) -> None:
        """Ask each address once, HEAD and then GET; what the scan visited is known already."""
        asked = [url for url in dict.fromkeys(urls) if url.startswith(("http://", "https://"))][:LINKS]
        for url in [url for url in asked if url in known]:
            self.facts.links[url] = LinkAnswer(url, known[url])
        with ThreadPoolExecutor(6, thread_name_prefix="link") as threads:
            for answer in threads.map(self._ask, [url for url in asked if url not in known]):
                self.facts.links[answer.url] = answer

    def _ask(self, url: str) -> LinkAnswer:
        try:
            headers = self._headers if url.startswith(self._root + "/") else {}
            for method in ("HEAD", "GET"):
                answer = self._http.request(method, url, headers, truncate=True)
                if answer.status < 400:
                    break
            return LinkAnswer(url, answer.status, hops=answer.hops)
        except AddressRefused:
            return LinkAnswer(url, 200)  # closed to us says nothing about visitors
        except FetchFailed as error:
            return LinkAnswer(url, 0, str(error))

    def _get(self, url: str, limit: int = 5_000_000) -> tuple[int, bytes]:
        try:
            answer = self._http.request("GET", url, self._headers, truncate=True)
            return answer.status, answer.body[:limit]
        except (FetchFailed, AddressRefused):
            return 0, b""

    def _sitemaps(self, waiting: list[str]) -> None:
        seen: set[str] = set()
        while waiting and len(seen) < SITEMAPS and len(self.facts.sitemap_urls) < SITEMAP_URLS:
            url = urljoin(self._root, waiting.pop(0))
            if url in seen or not url.startswith(("http://", "https://")):
                continue
            seen.add(url)
            status, body = self._get(url)
            if not self.facts.sitemap_url:
                self.facts.sitemap_url, self.facts.sitemap_status = url, status
            if status == 200:
                places, nested = self._entries(url, body)
                self.facts.sitemap_urls += places
                waiting += nested

    def _entries(self, url: str, body: bytes) -> tuple[list[str], list[str]]:
        """Pages and further sitemaps that a sitemap lists; also plain lists of addresses and gzipped ones."""
        if body[:2] == b"\x1f\x8b":
            try:
                body = zlib.decompressobj(31).decompress(body, 20_000_000)
            except (zlib.error, gzip.BadGzipFile):
                self.facts.sitemap_error = "its compression is broken."
                return [], []
        text = body.decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
        if not text.startswith("<"):
            return [line.strip() for line in text.splitlines() if line.strip().startswith("http")], []
        if "<urlset" not in text[:2000] and "<sitemapindex" not in text[:2000]:
            if not re.match(r"<(!doctype|html)", text, re.IGNORECASE):
                self.facts.sitemap_error = "it is no sitemap."
            return [], []
        listed = [node.text(strip=True) for node in LexborHTMLParser(text).css("loc")]
        found = [urljoin(url, one) for one in listed if one]
        return ([], found) if "<sitemapindex" in text[:2000] else (found, [])
