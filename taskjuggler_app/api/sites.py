"""Reports of scans: a page or a PDF for who is signed in, a page for who has the secret link; pictures of issues."""

import asyncio
import logging
from zoneinfo import ZoneInfo

from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.adapters import registry
from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core import crypto
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.sitehealth import keeping, overview, queries, report_page
from taskjuggler_app.models.sitehealth import Scan, Site

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_SAFE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Content-Security-Policy": _POLICY}
_printing = asyncio.Semaphore(1)
_log = logging.getLogger("taskjuggler.reports")


async def as_page(request: Request) -> Response:
    """A scan's report as a page. 401 for a guest, 404 for what is not theirs."""
    return await _report(request, pdf=False)


async def as_pdf(request: Request) -> Response:
    """A scan's report as a PDF, printed by the scanner's browser. 503 where there is none."""
    return await _report(request, pdf=True)


async def shared(request: Request) -> Response:
    """The newest report of a site whose link was shared. 404 for any other secret."""
    try:
        html = await run_in_db(_shared, str(request.path_params["secret"]))
    except DomainError:
        return PlainTextResponse("This link leads nowhere any more.", status_code=404)
    return Response(html, media_type="text/html; charset=utf-8", headers={**_SAFE, "Referrer-Policy": "no-referrer"})


async def picture(request: Request) -> Response:
    """The picture of an issue's element. 404 when there is none or it is not theirs."""
    issue_id = int(request.path_params["issue_id"])
    try:
        key = await for_person(request, _shot_key, issue_id)
        if key is None:
            return PlainTextResponse("Sign in first.", status_code=401)
        content = await asyncio.to_thread(_stored, key)
    except DomainError:
        return PlainTextResponse("There is no picture.", status_code=404)
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


async def _report(request: Request, *, pdf: bool) -> Response:
    site_id, scan_id = int(request.path_params["site_id"]), int(request.path_params["scan_id"])
    try:
        found = await for_person(request, _as_html, site_id, scan_id)
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=404)
    if found is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    html, name = found
    if not pdf:
        return Response(html, media_type="text/html; charset=utf-8", headers=_SAFE)
    try:
        content = await _print(html)
    except (OSError, TimeoutError) as error:
        _log.warning("no PDF: %s", error)
        return PlainTextResponse("The report could not be printed. Open it as a page and print that.", status_code=503)
    headers = {**_SAFE, "Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _print(html: str) -> bytes:
    from playwright.async_api import Error  # where nobody prints, nobody pays for it

    from taskjuggler_app.adapters.axe import AxeMissing
    from taskjuggler_app.adapters.chromium import BrowserMissing, Chromium

    async with _printing, asyncio.timeout(60):
        try:
            async with Chromium(Reach()) as browser:
                return await browser.print_pdf(html)
        except (BrowserMissing, AxeMissing, Error) as missing:
            raise OSError(str(missing)) from None


def _as_html(session: Session, principal: Principal, site_id: int, scan_id: int) -> tuple[str, str]:
    site = queries.get(session, principal, site_id)
    scan = overview.scan_of(session, principal, site_id, scan_id)
    kept = keeping.read(session, scan)
    return report_page.as_html(kept.findings, kept.visits, site.name, _when(site, scan)), f"site-report-{scan_id}"


def _shot_key(session: Session, principal: Principal, issue_id: int) -> str:
    return queries.issue_and_site(session, principal, issue_id)[0].shot_key or ""


def _stored(key: str) -> bytes:
    if not key:
        raise NotFound
    with registry.files().open(key) as file:
        return file.read()


def _shared(secret: str) -> str:
    with transaction() as session:
        site = session.exec(select(Site).where(Site.share_digest == crypto.digest(secret))).first()
        if site is None:
            raise NotFound
        scan = overview.newest(session, site)
        kept = keeping.read(session, scan)
        return report_page.as_html(kept.findings, kept.visits, site.name, _when(site, scan))


def _when(site: Site, scan: Scan) -> str:
    """When the scan ended, on the clocks of the site's zone."""
    ended = (scan.completed_at or scan.started_at).astimezone(ZoneInfo(site.timezone))
    return f"{ended:%d %B %Y, %H:%M} ({site.timezone})"


routes: list[Route] = [
    Route("/data/sites/{site_id:int}/scans/{scan_id:int}/report.html", as_page),
    Route("/data/sites/{site_id:int}/scans/{scan_id:int}/report.pdf", as_pdf),
    Route("/data/sites/issues/{issue_id:int}.png", picture),
    Route("/reports/{secret}", shared),
]
