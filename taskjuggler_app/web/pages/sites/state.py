"""State of the dashboard of sites."""

from collections.abc import Iterable
from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.sitehealth import issues, queries, sites
from taskjuggler_app.domain.sitehealth.queries import SiteRow
from taskjuggler_app.domain.teams.queries import MemberRow
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.sites.forms import draft_of
from taskjuggler_app.web.session import PageState


def number(value: object) -> int:
    """The id that `value` spells. NotFound for anything else."""
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise NotFound
    return int(text)


def doers(members: Iterable[MemberRow]) -> list[Choice]:
    """Who an issue's task can be given to: nobody yet, a member, or whoever is chosen on the marketplace."""
    market = Choice(issues.MARKET, "The marketplace: vendors and AI tools bid")
    return [Choice("", "Nobody yet"), *(Choice(one.id, one.name) for one in members), market]


class SitesState(PageState, rx.State):
    """The workspace's sites, and the form of a new one."""

    loaded: bool = False
    rows: list[SiteRow] = []
    open_issues: int = 0
    serious: int = 0
    limit: str = ""
    average: str = ""
    error: str = ""
    form_open: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the sites."""
        self.form_open = False
        self._watch([topics.sites(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = (await self._read(queries.sites)).rows
        self.limit = await self._read(limits.warning, "sites")
        self.open_issues = sum(row.open_issues for row in self.rows)
        self.serious = sum(row.serious for row in self.rows)
        scores = [int(row.score) for row in self.rows if row.score]
        self.average = str(round(sum(scores) / len(scores))) if scores else ""
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
    async def save(self, form: dict[str, Any]) -> None:
        """Add the site, plan its scans and start the first."""
        kind, cron = str(form.get("schedule") or ""), str(form.get("cron") or "")
        try:
            draft = draft_of(form, current_principal().timezone)
            await self._run(sites.add, draft, kind, cron)
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
