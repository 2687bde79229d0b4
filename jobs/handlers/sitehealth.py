"""Scans of web sites."""

import asyncio
import base64

from taskjuggler_app.adapters.axe import AxeMissing
from taskjuggler_app.adapters.chromium import Access, BrowserMissing
from taskjuggler_app.adapters.site_scan import Outcome, Progress, SiteScan
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.sitehealth import recording, sites
from taskjuggler_app.domain.sitehealth.checks import ALL
from taskjuggler_app.domain.sitehealth.crawl import Plan
from taskjuggler_app.models.sitehealth import IssueCategory, Site, SiteAuth


def _scan_died(scan_id: int) -> None:
    with transaction() as session:
        recording.fail(session, scan_id, "The scan failed several times.")


@job(sites.SCAN, queue="scans", retries=Backoff(attempts=4, first=5.0), on_dead=_scan_died)
def scan_site(scan_id: int) -> None:
    """Scan a site; after a kill, go on with the pages that are not judged yet."""
    with transaction() as session:
        started = recording.begin(session, scan_id)
    if started is None:
        return
    try:
        outcome = asyncio.run(_scan(scan_id, started))
    except (BrowserMissing, AxeMissing) as missing:
        with transaction() as session:
            recording.fail(session, scan_id, str(missing))
        return
    with transaction() as session:
        recording.finish(session, scan_id, outcome.site_findings, stopped=outcome.stopped)


async def _scan(scan_id: int, started: recording.Started) -> Outcome:
    site = started.site

    def keep(progress: Progress) -> bool:
        with transaction() as session:
            return recording.page(session, scan_id, progress.visit, progress.findings, progress.found)

    async def told(progress: Progress) -> bool:
        return await run_in_db(keep, progress)

    plan = Plan(site.url, site.max_pages or 50, [str(one) for one in site.include], [str(one) for one in site.exclude])
    reach = Reach(local=settings().allow_local_targets)
    categories = [IssueCategory(str(one)) for one in site.checks or [] if one in list(IssueCategory)] or ALL
    scan = SiteScan(plan, reach, told=told, access=_access(site), categories=categories, done=started.done, delay=0.2)
    return await scan.run()


def _access(site: Site) -> Access | None:
    secret = sites.secret_of(site)
    if not secret or site.auth_type is SiteAuth.NONE:
        return None
    if site.auth_type is SiteAuth.BASIC:
        return Access({"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}, [])
    if site.auth_type is SiteAuth.BEARER:
        return Access({"authorization": f"Bearer {secret}"}, [])
    name, _, value = secret.partition("=")
    return Access({}, [{"name": name.strip(), "value": value.strip(), "url": site.url}])
