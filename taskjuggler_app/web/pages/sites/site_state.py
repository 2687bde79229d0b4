"""State of one site's page: its newest scan, live, what is wrong, its settings."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.domain.sitehealth import issues, overview, queries, sites, watching
from taskjuggler_app.domain.sitehealth.overview import Figure, Group, ScanLine, Settings
from taskjuggler_app.domain.sitehealth.queries import IssueRow, ScanRow, SiteRow
from taskjuggler_app.domain.sitehealth.watching import Arrived
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.sitehealth import IssueCategory, IssueStatus, Severity
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.sites.forms import draft_of
from taskjuggler_app.web.pages.sites.state import doers, number
from taskjuggler_app.web.session import PageState

_ALLOWED: dict[str, Any] = {"status": IssueStatus, "category": IssueCategory, "severity": Severity}
_WAYS = ("issues", "check", "page")


class SiteState(PageState, rx.State):
    """One site and its issues."""

    loaded: bool = False
    missing: bool = False
    site: SiteRow = SiteRow()
    scan: ScanRow = ScanRow()
    arriving: list[Arrived] = []
    scans: list[ScanLine] = []
    worst: list[Figure] = []
    people: list[Choice] = []
    rows: list[IssueRow] = []
    groups: list[Group] = []
    way: str = "issues"
    status: str = "open"
    category: str = ""
    severity: str = ""
    check: str = ""
    page: str = ""
    chosen: list[str] = []

    @rx.event
    async def load(self) -> None:
        """Show the site that the address names."""
        self.reset()  # type: ignore[no-untyped-call]  # Reflex has no types for it
        (await self.get_state(SiteFormState)).form_open = False
        try:
            self._watch([topics.site(number(self._path_arg("site_id")))])
            await self._refresh()
            members = await self._read(teams.members)
            self.people = doers(members)
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        site_id = number(self._path_arg("site_id"))
        self.site = await self._read(queries.site, site_id)
        self.scan = await self._read(queries.latest_scan, site_id)
        self.arriving = await self._read(watching.arriving, site_id)
        self.scans = await self._read(overview.scans, site_id)
        self.worst = await self._read(overview.worst_pages, site_id)
        await self._list(site_id)

    async def _list(self, site_id: int) -> None:
        if self.way != "issues":
            self.groups = await self._read(overview.groups, site_id, self.way, self.status)
        filters = {name: getattr(self, name) for name in ("status", "category", "severity", "check", "page")}
        self.rows = (await self._read(queries.issues, site_id, **filters)).rows
        shown = {row.id for row in self.rows}
        self.chosen = [one for one in self.chosen if one in shown]

    @rx.event
    async def show(self, what: str, value: str) -> None:
        """Filter the list by status, category or severity; "" for all."""
        if what in _ALLOWED and (value == "" or value in list(_ALLOWED[what])):
            setattr(self, what, value)
            await self._list(number(self.site.id))

    @rx.event
    async def view(self, way: str) -> None:
        """Single issues, or issues by check or by page."""
        if way in _WAYS:
            self.way, self.check, self.page = way, "", ""
            await self._list(number(self.site.id))

    @rx.event
    async def open_group(self, key: str) -> None:
        """The issues of one check or of one page; "" for all again."""
        self.check, self.page = "", ""
        if key:
            setattr(self, "check" if self.way == "check" else "page", str(key)[:1000])
        self.way = "issues"
        await self._list(number(self.site.id))

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


class SiteDeeds(SiteState):
    """What people do with many issues at once."""

    @rx.event
    async def tick(self, issue_id: str) -> None:
        """Choose an issue, or let it go."""
        issue_id = str(issue_id)
        if issue_id in self.chosen:
            self.chosen = [one for one in self.chosen if one != issue_id]
        elif any(row.id == issue_id for row in self.rows):
            self.chosen = [*self.chosen, issue_id]

    @rx.event
    async def tick_all(self) -> None:
        """Choose every issue that is shown, or none."""
        self.chosen = [] if len(self.chosen) == len(self.rows) else [row.id for row in self.rows]

    @rx.event
    async def set_chosen(self, form: dict[str, Any]) -> None:
        """Ignore the chosen issues, call them false with a reason, or open them again."""
        status, reason = str(form.get("status") or ""), str(form.get("reason") or "")[:500]
        if status in ("open", "ignored", "false_positive"):
            ids = [number(one) for one in self.chosen]
            changed = await self._do(issues.set_status, ids, IssueStatus(status), reason)
            if changed is not None:
                undo = (issues.set_status, (ids, IssueStatus.OPEN))
                await self._say("success", f"{changed} issues changed.", undo if status != "open" else None)
                self.chosen = []
            await self._list(number(self.site.id))

    @rx.event
    async def make_tasks(self, form: dict[str, Any]) -> None:
        """A task for each chosen issue, given to a person or to nobody yet."""
        given = str(form.get("member") or "")[:40]
        made = await self._do(issues.make_tasks, [number(one) for one in self.chosen], given)
        if made is not None:
            await self._say("success", f"{made} tasks made. Each closes itself when its issue is gone.")
            self.chosen = []
        await self._list(number(self.site.id))


class SiteFormState(PageState, rx.State):
    """The settings of the site on the page, its report's link, and its removal."""

    form_open: bool = False
    error: str = ""
    settings: Settings = Settings()

    @rx.event
    async def open_form(self) -> None:
        """The settings' form."""
        self.settings, self.error = await self._read(overview.settings_of, self._site_id()), ""
        self.form_open = True

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Keep the settings and the schedule."""
        kind, cron = str(form.get("schedule") or ""), str(form.get("cron") or "")
        try:
            draft = draft_of(form, current_principal().timezone)
            await self._run(sites.change, self._site_id(), draft, kind, cron)
        except DomainError as error:
            self.error = error.message
            return
        self.form_open = False
        await self._say("success", "Saved.")

    @rx.event
    async def read(self) -> None:
        """What the dialog of sharing shows."""
        await self._read_settings()

    async def _read_settings(self) -> None:
        try:
            self.settings = await self._read(overview.settings_of, self._site_id())
        except NotFound:
            self.settings = Settings()

    @rx.event
    async def share(self) -> None:
        """Make the link to the report."""
        await self._do(sites.share, self._site_id())
        await self._read_settings()

    @rx.event
    async def stop_sharing(self) -> None:
        """Make the link lead nowhere."""
        await self._do(sites.stop_sharing, self._site_id())
        await self._read_settings()

    @rx.event
    async def remove(self) -> Any:
        """Forget the site."""
        try:
            await self._run(sites.delete, self._site_id())
        except DomainError as error:
            await self._say("error", error.message)
            return None
        return rx.redirect("/sites")

    def _site_id(self) -> int:
        return number(self._path_arg("site_id"))
