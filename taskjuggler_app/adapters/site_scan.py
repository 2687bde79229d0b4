"""One scan: crawl the site with the browser, judge each page when it is seen, then the whole.

Holds no database and no transaction. What a page's visit collected is dropped once it is judged, so that the memory
of a scan grows by a few kilobytes a page.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from taskjuggler_app.adapters.chromium import Chromium
from taskjuggler_app.adapters.looking import Access
from taskjuggler_app.adapters.site_files import SiteFiles
from taskjuggler_app.core.netaddr import Reach, same_origin
from taskjuggler_app.domain.sitehealth.checks import ALL, Finding, axe, run_page, run_site
from taskjuggler_app.domain.sitehealth.crawl import Frontier, Plan
from taskjuggler_app.domain.sitehealth.visit import SiteFacts, Visit
from taskjuggler_app.models.sitehealth import IssueCategory


@dataclass(slots=True)
class Outcome:
    """What a scan found. `stopped` says that it was cancelled."""

    findings: list[Finding] = field(default_factory=list)
    site_findings: list[Finding] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    facts: SiteFacts | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a scan is after a page: `done` of `found`, the page and what it brought."""

    done: int
    found: int
    visit: Visit
    findings: list[Finding]


Told = Callable[[Progress], Awaitable[bool]]
"""Called after each page; False stops the scan."""


class SiteScan:
    """Runs one plan. `done` are the slim visits of an earlier, killed run of the same scan: none of these pages is
    loaded again. Without `keeps` the findings of pages are told and forgotten."""

    def __init__(
        self,
        plan: Plan,
        reach: Reach,
        *,
        told: Told,
        pages: int = 2,
        access: Access | None = None,
        categories: Iterable[IssueCategory] = ALL,
        done: Iterable[Visit] = (),
        delay: float = 0.0,
        extras: bool = True,
        measures: bool = True,
        keeps: bool = True,
    ) -> None:
        self._measures, self._keeps = measures, keeps
        self._plan, self._reach, self._told, self._pages = plan, reach, told, pages
        self._access, self._categories = access, frozenset(categories)
        self._delay, self._extras = delay, extras
        self._frontier = Frontier(plan)
        self._files = SiteFiles(plan.start_url, reach, access.headers if access else None)
        self._first = (plan.only or [plan.start_url])[0]
        self._outcome = Outcome(visits=list(done))

    async def run(self) -> Outcome:
        """Scan. BrowserMissing and AxeMissing when this machine cannot."""
        origin = self._plan.start_url
        if self._extras and not self._plan.only:
            await asyncio.to_thread(self._land)
        facts = await asyncio.to_thread(self._files.read) if self._extras else self._files.facts
        self._outcome.facts = facts
        self._frontier.start(self._plan.only or [origin])
        if not self._plan.only:
            allowed = [url for url in facts.sitemap_urls if self._files.may_visit(url)]
            self._frontier.offer(allowed, 1, listed=True)
        self._frontier.judged(visit.url for visit in self._outcome.visits)
        for visit in self._outcome.visits:
            self._follow(visit)
        async with Chromium(self._reach, pages=self._pages, access=self._access, origin=origin) as browser:
            await self._crawl(browser)
        if self._extras and not self._outcome.stopped:
            await asyncio.to_thread(self._afterwards)
        facts.complete = not self._plan.only and not self._outcome.stopped and self._frontier.next() is None
        self._outcome.site_findings = list(run_site(self._outcome.visits, facts, self._categories))
        self._outcome.findings += self._outcome.site_findings
        return self._outcome

    def _land(self) -> None:
        """A site that leads to its other spelling (www., https:) is scanned where it lives, without credentials:
        those are for the address that was given."""
        landing = self._files.landing()
        if not same_origin(landing, self._plan.start_url):
            asked, self._plan.start_url = self._plan.start_url, landing
            self._files = SiteFiles(landing, self._reach)
            self._files.facts.asked_url = asked

    async def _crawl(self, browser: Chromium) -> None:
        running: set[asyncio.Task[None]] = set()
        delay = max(self._delay, self._files.crawl_delay)
        while not self._outcome.stopped:
            while len(running) < self._pages and (following := self._frontier.next()) is not None:
                url, depth = following
                running.add(asyncio.create_task(self._page(browser, url, depth)))
                await asyncio.sleep(delay)
            if not running:
                break
            finished, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _page(self, browser: Chromium, url: str, depth: int) -> None:
        deep = IssueCategory.ACCESSIBILITY in self._categories
        visit = await browser.visit(url, deep=deep, measure=url == self._first and self._measures)
        visit.depth = depth
        found = [*axe.findings(visit)] if deep else []
        found += run_page(visit, self._categories)
        self._follow(visit)
        slim = visit.slim()
        self._outcome.visits.append(slim)
        if self._keeps:
            self._outcome.findings += found
        progress = Progress(len(self._outcome.visits), self._frontier.found, slim, found)
        if not await self._told(progress):
            self._outcome.stopped = True

    def _follow(self, visit: Visit) -> None:
        if visit.final_url and not self._plan.only and same_origin(visit.final_url, self._plan.start_url):
            self._frontier.seen(visit.final_url)
            links = [str(row["href"]) for row in visit.rows("links") if "nofollow" not in str(row.get("rel"))]
            canonical = [str(url) for url in visit.facts.get("canonical") or []]
            allowed = [url for url in links + canonical if self._files.may_visit(url)]
            self._frontier.offer(allowed, visit.depth + 1)

    def _afterwards(self) -> None:
        """Every link once, and files that should not be public."""
        known: dict[str, int] = {}
        for visit in self._outcome.visits:
            for address in (visit.url, visit.final_url):
                if visit.status:
                    known[address] = visit.status
        links = [urldefrag(str(row["href"]))[0] for visit in self._outcome.visits for row in visit.rows("links")]
        if IssueCategory.SEO in self._categories:
            self._files.check_links(links, known)
        if IssueCategory.SECURITY in self._categories:
            self._files.probe()
