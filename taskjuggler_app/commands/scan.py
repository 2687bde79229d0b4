"""`taskjuggler scan`: a site scanned from the command line, without a server or a database."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from taskjuggler_app.commands.setup import stop

FOUND_EXIT = 1
"""Exit code when a critical or high issue was found and --fail-on asks for it."""


def scan(
    url: Annotated[str, typer.Argument(help="Address of the site")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (the default)")] = False,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0")] = False,
    html: Annotated[bool, typer.Option("--html", help="Print a page to read or print")] = False,
    max_pages: Annotated[int, typer.Option(min=1, max=5000, help="How many pages at most")] = 50,
    urls_file: Annotated[
        Path | None, typer.Option(help="A file with one address a line: exactly those, no crawl", exists=True)
    ] = None,
    allow_local: Annotated[bool, typer.Option("--allow-local", help="Also this machine and private networks")] = False,
    cookie: Annotated[
        str, typer.Option(envvar="SCAN_COOKIE", help="Scan signed in: NAME=VALUE", show_envvar=True)
    ] = "",
    fail_on: Annotated[
        str, typer.Option(help="Exit 1 at an issue of this severity or worse: critical, high, medium, low")
    ] = "",
) -> None:
    """Scan a site and print what was found. Exit 0 when every page was answered, 2 when nothing could be scanned."""
    from taskjuggler_app.adapters.axe import AxeMissing
    from taskjuggler_app.adapters.chromium import BrowserMissing
    from taskjuggler_app.adapters.looking import Access
    from taskjuggler_app.adapters.site_scan import Progress, SiteScan
    from taskjuggler_app.core.config import settings
    from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_url
    from taskjuggler_app.domain.sitehealth import report, report_page
    from taskjuggler_app.domain.sitehealth.crawl import Plan
    from taskjuggler_app.models.sitehealth import Severity

    if sum((as_json, sarif, html)) > 1:
        stop("choose one of --json, --sarif and --html", code=2)
    worst = list(Severity)
    if fail_on and fail_on not in [one.value for one in worst]:
        stop("--fail-on is one of critical, high, medium and low", code=2)
    if cookie and not cookie.partition("=")[2]:
        stop("--cookie is NAME=VALUE", code=2)
    only = _addresses(urls_file) if urls_file else []
    reach = Reach(local=allow_local or settings().allow_local_targets)
    address = url if "://" in url else f"https://{url}"
    try:
        check_url(address, reach)
    except AddressRefused as refusal:
        web = address.startswith(("http://", "https://"))
        stop(
            f"{refusal.message}{' For a site on this machine add --allow-local.' if web and not allow_local else ''}", 2
        )

    async def told(progress: Progress) -> bool:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{progress.done} of {progress.found} pages")
        return True

    access = Access.by_cookie(cookie, address) if cookie else None
    plan = Plan(address, len(only) if urls_file else max_pages, only=only)
    if urls_file and not only:
        stop(f"{urls_file} has no addresses", code=2)
    try:
        outcome = asyncio.run(SiteScan(plan, reach, told=told, access=access).run())
    except (BrowserMissing, AxeMissing) as missing:
        stop(str(missing), code=2)
    if sarif:
        text = json.dumps(report.as_sarif(outcome.findings, outcome.visits))
    elif html:
        text = report_page.as_html(outcome.findings, outcome.visits, address)
    else:
        text = json.dumps(report.as_json(outcome.findings, outcome.visits))
    sys.stdout.write(text + "\n")
    if all(visit.error for visit in outcome.visits):
        raise typer.Exit(2)
    if fail_on and any(
        worst.index(one.severity) <= worst.index(Severity(fail_on)) and not one.place.needs_review
        for one in outcome.findings
    ):
        raise typer.Exit(FOUND_EXIT)


def _addresses(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return list(dict.fromkeys(line.strip() for line in lines if line.strip() and not line.startswith("#")))
