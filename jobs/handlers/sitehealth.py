"""Scans of web sites."""

import asyncio
import base64
import secrets
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.axe import AxeMissing
from taskjuggler_app.adapters.chromium import BrowserMissing, Chromium
from taskjuggler_app.adapters.looking import Access
from taskjuggler_app.adapters.proving import Proof, prove
from taskjuggler_app.adapters.site_scan import Outcome, Progress, SiteScan
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.sitehealth import fingerprint, fixes, issues, proving, recording, sites, writing
from taskjuggler_app.domain.sitehealth.checks import ALL, Finding
from taskjuggler_app.domain.sitehealth.crawl import Plan
from taskjuggler_app.domain.sitehealth.fixes import Fix
from taskjuggler_app.domain.understanding import calls
from taskjuggler_app.models.sitehealth import IssueCategory, Site, SiteAuth
from taskjuggler_app.models.understanding import CallState

DELAY = 0.2
"""Seconds between the starts of two pages; a site's robots.txt may ask for more."""


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
        if not outcome.stopped:
            issues.ask_for_proof(session, int(started.site.id or 0))


@job(issues.RECHECK, queue="scans", retries=Backoff(attempts=3, first=5.0))
def recheck(issue_id: int) -> None:
    """Look again at the pages of one issue; the answer closes its task or brings it back."""
    with transaction() as session:
        asked = proving.asked(session, issue_id)
    if asked is None:
        return
    found: bool | None
    try:
        outcome = asyncio.run(_again(asked))
        seen = any(fingerprint.of(one) == asked.fingerprint for one in outcome.findings)
        found = seen if any(not visit.error for visit in outcome.visits) else None
    except (BrowserMissing, AxeMissing):
        found = None
    with transaction() as session:
        issues.looked_again(session, issue_id, found)


@job(issues.PROVE, queue="scans", retries=Backoff(attempts=2, first=5.0))
def prove_fixes(site_id: int) -> None:
    """Try the newest scan's fixes in the browser, and take pictures of what was found."""
    with transaction() as session:
        wanted = proving.unproven(session, site_id)
    if wanted is None or not wanted.findings:
        return
    try:
        asyncio.run(_prove(wanted))
    except (BrowserMissing, AxeMissing):
        return


async def _again(asked: proving.Asked) -> Outcome:
    async def told(_: Progress) -> bool:
        return True

    site = asked.site
    plan = Plan(site.url, len(asked.pages), only=asked.pages)
    reach = Reach(local=settings().allow_local_targets)
    scan = SiteScan(plan, reach, told=told, access=_access(site), extras=asked.whole_site, measures=asked.measured)
    return await scan.run()


async def _prove(wanted: proving.Unproven) -> None:
    def keep(issue_id: int, proof: Proof, written: Fix | None, model: str) -> None:
        key = f"issue-shot-{issue_id}-{secrets.token_hex(8)}.png" if proof.shot else None
        if proof.shot and key:
            registry.files().put(key, proof.shot)
        with transaction() as session:
            issues.proven(session, issue_id, holds=proof.holds, shot_key=key, written=written, model=model)

    site, reach, asks = wanted.site, Reach(local=settings().allow_local_targets), wanted.writes
    async with Chromium(reach, pages=1, access=_access(site), origin=site.url) as browser:
        for issue_id, finding in wanted.findings:
            proof = await prove(browser, finding, fixes.propose(finding))
            written, model = None, ""
            if asks and not proof.holds and finding.check.id in writing.KINDS and proof.around:
                written, model = await asyncio.to_thread(_written, site.team_id, finding, proof)
                asks = bool(model)  # nobody answers, or the budget is used up: not again in this run
                if written is not None and not (await prove(browser, finding, written)).holds:
                    written = None
            await run_in_db(keep, issue_id, proof, written, model)


def _written(team_id: UUID, finding: Finding, proof: Proof) -> tuple[Fix | None, str]:
    """What the workspace's model writes for the finding, and its name; no name where it was not, or in vain, asked."""
    with transaction() as session:
        planned = calls.plan(session, team_id)
    if planned is None or isinstance(planned, str):
        return None, ""
    call_id, how = planned
    try:
        said = registry.writer().write(how, writing.task(finding), writing.material(finding, proof.around))
    except VendorError as error:
        with transaction() as session:
            calls.end(session, call_id, CallState.FAILED, reason=str(error))
        return None, ""
    with transaction() as session:
        calls.end(session, call_id, CallState.USED, tokens=(said.input_tokens, said.output_tokens))
    return writing.fix(finding, said.text, how.model), how.model


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
    scan = SiteScan(
        plan, reach, told=told, access=_access(site), categories=categories, done=started.done, delay=DELAY, keeps=False
    )
    return await scan.run()


def _access(site: Site) -> Access | None:
    secret = sites.secret_of(site)
    if not secret or site.auth_type is SiteAuth.NONE:
        return None
    if site.auth_type is SiteAuth.BASIC:
        return Access({"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}, [])
    if site.auth_type is SiteAuth.BEARER:
        return Access({"authorization": f"Bearer {secret}"}, [])
    return Access.by_cookie(secret, site.url)
