"""State of the sites' pages."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.domain.sitehealth import issues, queries, sites
from taskjuggler_app.domain.sitehealth.queries import IssueRow, PlaceRow, ScanRow, SiteRow
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.models.sitehealth import IssueCategory, IssueStatus, Severity
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

LONGEST = 500


def number(value: object) -> int:
    """The id that `value` spells. NotFound for anything else."""
    text = str(value)
    if not text.isdecimal() or len(text) > 18:
        raise NotFound
    return int(text)


class SitesState(PageState, rx.State):
    """The workspace's sites, and the form of a new one."""

    loaded: bool = False
    rows: list[SiteRow] = []
    error: str = ""
    form_open: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the sites."""
        self._watch([topics.sites(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(queries.sites)
        self.loaded = True

    @rx.event
    async def open_form(self) -> None:
        """The form of a new site."""
        self.form_open, self.error = True, ""

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Add the site and scan it."""
        url, name, pages = (str(form.get(key, ""))[:LONGEST] for key in ("url", "name", "max_pages"))
        zone = current_principal().timezone
        try:
            draft = SiteDraft(url, name, int(pages) if pages.isdecimal() else 50, zone)
            site = await self._run(sites.create, draft)
            await self._run(sites.start_scan, int(site.id or 0))
        except DomainError as error:
            self.error = error.message
            return
        self.form_open = False
        await self._refresh()

    @rx.event
    async def scan(self, site_id: str) -> None:
        """Scan a site now."""
        await self._do(sites.start_scan, number(site_id))
        await self._refresh()


class SiteState(PageState, rx.State):
    """One site: its newest scan, live, and its issues."""

    loaded: bool = False
    missing: bool = False
    site: SiteRow = SiteRow()
    scan: ScanRow = ScanRow()
    rows: list[IssueRow] = []
    status: str = "open"
    category: str = ""
    severity: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the site that the address names."""
        self.loaded, self.missing, self.status, self.category, self.severity = False, False, "open", "", ""
        try:
            self._watch([topics.site(number(self._path_arg("site_id")))])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        site_id = number(self._path_arg("site_id"))
        self.site = await self._read(queries.site, site_id)
        self.scan = await self._read(queries.latest_scan, site_id)
        filters = {"status": self.status, "category": self.category, "severity": self.severity}
        self.rows = await self._read(queries.issues, site_id, **filters)

    @rx.event
    async def show(self, what: str, value: str) -> None:
        """Filter the list by status, category or severity; "" for all."""
        allowed = {"status": IssueStatus, "category": IssueCategory, "severity": Severity}
        if what in allowed and (value == "" or value in list(allowed[what])):
            setattr(self, what, value)
            await self._refresh()

    @rx.event
    async def start(self) -> None:
        """Scan now."""
        await self._do(sites.start_scan, number(self.site.id))
        await self._refresh()

    @rx.event
    async def cancel(self) -> None:
        """Stop the scan."""
        await self._do(sites.cancel_scan, number(self.site.id))
        await self._refresh()

    @rx.event
    async def schedule(self, kind: str) -> None:
        """Scan daily, weekly, monthly or never by itself."""
        if kind in ("", "daily", "weekly", "monthly"):
            await self._do(sites.set_schedule, number(self.site.id), kind)
            await self._refresh()

    @rx.event
    async def set_all(self, status: str) -> None:
        """Give every listed issue another status."""
        if status in ("open", "ignored", "false_positive"):
            ids = [number(row.id) for row in self.rows]
            changed = await self._do(issues.set_status, ids, IssueStatus(status))
            await self._say("success", f"{changed or 0} issues changed.")
            await self._refresh()


class IssueState(PageState, rx.State):
    """One issue: where, why, how to repair it."""

    loaded: bool = False
    missing: bool = False
    issue: IssueRow = IssueRow()
    places: list[PlaceRow] = []
    site_id: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the issue that the address names."""
        self.loaded, self.missing = False, False
        try:
            self.site_id = str(number(self._path_arg("site_id")))
            self._watch([topics.site(number(self.site_id))])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        issue_id = number(self._path_arg("issue_id"))
        self.issue = await self._read(queries.issue, issue_id)
        self.places = await self._read(queries.places, issue_id)

    @rx.event
    async def set_status(self, status: str) -> None:
        """Ignore the issue, call it false, or open it again."""
        if status in ("open", "ignored", "false_positive"):
            await self._do(issues.set_status, [number(self.issue.id)], IssueStatus(status))
            await self._refresh()

    @rx.event
    async def make_task(self) -> None:
        """A task that repairs it."""
        if await self._do(issues.make_task, number(self.issue.id)) is not None:
            await self._say("success", "Task made. It closes itself when a scan no longer finds the issue.")
        await self._refresh()
