"""State of an issue's page and of a scan's page."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.sitehealth import issues, overview, queries, sites, watching
from taskjuggler_app.domain.sitehealth.overview import Comparison, ScanView
from taskjuggler_app.domain.sitehealth.queries import IssueRow, PlaceRow, ScanRow, SiteRow
from taskjuggler_app.domain.sitehealth.watching import Arrived
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.sitehealth import IssueStatus
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.sites.state import doers, number
from taskjuggler_app.web.session import PageState


class IssueState(PageState, rx.State):
    """One issue: where, why, how to repair it."""

    loaded: bool = False
    missing: bool = False
    issue: IssueRow = IssueRow()
    places: list[PlaceRow] = []
    people: list[Choice] = []
    site_id: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the issue that the address names."""
        self.loaded, self.missing = False, False
        try:
            self.site_id = str(number(self._path_arg("site_id")))
            self._watch([topics.site(number(self.site_id))])
            await self._refresh()
            members = await self._read(teams.members)
            self.people = doers(members)
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        issue_id = number(self._path_arg("issue_id"))
        self.issue = await self._read(queries.issue, issue_id)
        self.places = await self._read(queries.places, issue_id)

    @rx.event
    async def set_status(self, form: dict[str, Any]) -> None:
        """Ignore the issue, call it false with a reason, or open it again."""
        status, reason = str(form.get("status") or ""), str(form.get("reason") or "")[:500]
        if status in ("open", "ignored", "false_positive"):
            await self._do(issues.set_status, [number(self.issue.id)], IssueStatus(status), reason)
            await self._refresh()

    @rx.event
    async def make_task(self, form: dict[str, Any]) -> None:
        """A task that repairs it, given to a person or to nobody yet."""
        given = str(form.get("member") or "")[:40]
        if await self._do(issues.make_task, number(self.issue.id), given) is not None:
            await self._say("success", "Task made. It closes itself when a scan no longer finds the issue.")
        await self._refresh()

    @rx.event
    async def recheck(self) -> None:
        """Look at the issue's pages again."""
        await self._do(issues.recheck, number(self.issue.id))
        await self._refresh()


class ScanState(PageState, rx.State):
    """One scan: where its points went, its pages, and another scan beside it."""

    loaded: bool = False
    missing: bool = False
    site: SiteRow = SiteRow()
    scan: ScanView = ScanView()
    live: ScanRow = ScanRow()
    arriving: list[Arrived] = []
    others: list[Choice] = []
    other: str = ""
    compared: Comparison = Comparison()

    @rx.event
    async def load(self) -> None:
        """Show the scan that the address names."""
        self.reset()  # type: ignore[no-untyped-call]  # Reflex has no types for it
        try:
            self._watch([topics.site(number(self._path_arg("site_id")))])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        site_id, scan_id = number(self._path_arg("site_id")), number(self._path_arg("scan_id"))
        self.site = await self._read(queries.site, site_id)
        self.scan = await self._read(overview.scan, site_id, scan_id)
        runs = self.scan.status in ("pending", "running")
        self.live = await self._read(queries.latest_scan, site_id) if runs else ScanRow()
        self.arriving = await self._read(watching.arriving, site_id) if runs else []
        lines = await self._read(overview.scans, site_id)
        done = [one for one in lines if one.status == "completed" and one.id != str(scan_id)]
        named = [Choice(one.id, f"{one.at[:10]} {one.at[11:16]} UTC, {one.score} of 100") for one in done]
        self.others = [Choice("", "Choose a scan"), *named] if named else []

    @rx.event
    async def compare(self, other: str) -> None:
        """Put an earlier or later scan beside this one."""
        self.other = str(other)[:18]
        if not self.other:
            return
        site_id, pair = number(self.site.id), sorted((number(self.other), number(self.scan.id)))
        found = await self._do(overview.comparison, site_id, *pair)
        self.compared = found or Comparison()

    @rx.event
    async def cancel(self) -> None:
        """Stop the scan while it runs."""
        await self._do(sites.cancel_scan, number(self.site.id))
        await self._refresh()
