"""Writing sites and their scans."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto, live, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, require
from taskjuggler_app.core.netaddr import Reach, check_url
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.sitehealth import queries, schedule
from taskjuggler_app.models.sitehealth import Scan, ScanStatus, ScheduledScan, ScheduleType, Severity, Site, SiteAuth

SCAN = "sitehealth.scan"
SECRET = "sitehealth.auth"  # noqa: S105  # the name of a key, not a secret
SHARE = "sitehealth.share"
MOST_PAGES = 5000
TASK_DOERS = ("owner", "market")
"""Who gets the tasks that a rule makes: who looks after the site, or the marketplace; else nobody yet."""


@dataclass(frozen=True)
class SiteDraft:
    """What a person says of a site. `secret`: user:password, a token, or name=value; None keeps the one stored."""

    url: str
    name: str = ""
    max_pages: int = 50
    timezone: str = "UTC"
    auth_type: SiteAuth = SiteAuth.NONE
    secret: str | None = None
    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    checks: list[str] | None = None
    task_severity: str = ""
    task_doer: str = ""


def create(session: Session, principal: Principal, draft: SiteDraft) -> Site:
    """Add a site to the workspace."""
    require(principal.is_admin, "Only an admin can add a site.")
    if principal.user_id is None:
        raise Invalid("A site needs a person who looks after it.")
    limits.require_room(session, principal, "sites")
    site = Site(team_id=principal.team_id, user_id=principal.user_id, name="", url="")
    _write(site, draft)
    session.add(site)
    session.flush()
    _tell(session, principal, site, "site_added")
    return site


def update(session: Session, principal: Principal, site_id: int, draft: SiteDraft) -> Site:
    """Change a site."""
    require(principal.is_admin, "Only an admin can change a site.")
    site = queries.get(session, principal, site_id)
    _write(site, draft)
    session.add(site)
    _tell(session, principal, site, "site_changed")
    return site


def add(session: Session, principal: Principal, draft: SiteDraft, kind: str, cron: str = "") -> Site:
    """Add a site, plan its scans and start the first."""
    site = create(session, principal, draft)
    set_schedule(session, principal, int(site.id or 0), kind, cron)
    start_scan(session, principal, int(site.id or 0))
    return site


def change(session: Session, principal: Principal, site_id: int, draft: SiteDraft, kind: str, cron: str = "") -> Site:
    """Change a site and its schedule together."""
    site = update(session, principal, site_id, draft)
    set_schedule(session, principal, site_id, kind, cron)
    return site


def delete(session: Session, principal: Principal, site_id: int) -> None:
    """Forget a site with its scans and issues."""
    require(principal.is_admin, "Only an admin can remove a site.")
    site = queries.get(session, principal, site_id)
    _tell(session, principal, site, "site_removed")
    session.delete(site)


def start_scan(session: Session, principal: Principal, site_id: int) -> Scan:
    """Queue a scan. Conflict while another one of the site waits or runs."""
    site = queries.get(session, principal, site_id, lock=True)
    if queries.running(session, site_id) is not None:
        raise Conflict("This site is being scanned already.")
    scan = Scan(site_id=site_id, started_at=clock.utcnow())
    session.add(scan)
    session.flush()
    defer(session, SCAN, queue="scans", lock=f"site:{site_id}", scan_id=scan.id)
    _tell(session, principal, site, "scan_started")
    return scan


def cancel_scan(session: Session, principal: Principal, site_id: int) -> None:
    """Stop the running scan after the pages it has open."""
    site = queries.get(session, principal, site_id)
    scan = queries.running(session, site_id)
    if scan is None:
        raise Conflict("No scan is running.")
    scan.cancelled_at = clock.utcnow()
    if scan.status is ScanStatus.PENDING:
        scan.status, scan.completed_at, scan.error = ScanStatus.FAILED, scan.cancelled_at, "Cancelled."
    session.add(scan)
    _tell(session, principal, site, "scan_cancelled")


def set_schedule(session: Session, principal: Principal, site_id: int, kind: str, cron: str = "") -> None:
    """Scan the site daily, weekly, monthly or by cron in its own zone; "" for never. Invalid when cron is wrong."""
    require(principal.is_admin, "Only an admin can change a schedule.")
    site = queries.get(session, principal, site_id)
    for old in session.exec(select(ScheduledScan).where(ScheduledScan.site_id == site_id)):
        session.delete(old)
    if kind:
        chosen = ScheduleType(kind) if kind in list(ScheduleType) else ScheduleType.CUSTOM
        expression = schedule.PRESETS.get(chosen, cron)
        session.add(
            ScheduledScan(
                site_id=site_id,
                schedule_type=chosen,
                schedule_config={"cron": expression},
                next_scan_at=schedule.next_time(expression, site.timezone, clock.utcnow()),
            )
        )
    _tell(session, principal, site, "schedule_changed")


def claim_due(session: Session, now: datetime, most: int = 20) -> int:
    """Start what is due, each once however many schedulers run; a site that is being scanned skips this time."""
    due = session.exec(
        select(ScheduledScan, Site)
        .join(Site, col(Site.id) == col(ScheduledScan.site_id))
        .where(col(ScheduledScan.is_active), col(ScheduledScan.next_scan_at) <= now)
        .limit(most)
        .with_for_update(skip_locked=True, of=ScheduledScan)
    ).all()
    for row, site in due:
        row.next_scan_at = schedule.next_time(str((row.schedule_config or {})["cron"]), site.timezone, now)
        row.last_run_at = now
        session.add(row)
        if queries.running(session, row.site_id) is None:
            row.skipped_at = None
            start_scan(session, Principal.system(site.team_id), row.site_id)
        else:
            row.skipped_at = now
    return len(due)


def share(session: Session, principal: Principal, site_id: int) -> str:
    """The secret of the site's public report, made when there is none."""
    require(principal.is_admin, "Only an admin can share a report.")
    site = queries.get(session, principal, site_id)
    if site.share_sealed:
        return crypto.unseal(SHARE, site.share_sealed)
    secret = crypto.token(24)
    site.share_digest, site.share_sealed = crypto.digest(secret), crypto.seal(SHARE, secret)
    session.add(site)
    _tell(session, principal, site, "report_shared")
    return secret


def stop_sharing(session: Session, principal: Principal, site_id: int) -> None:
    """Make the link to the report lead nowhere; a new one has another secret."""
    require(principal.is_admin, "Only an admin can stop sharing a report.")
    site = queries.get(session, principal, site_id)
    site.share_digest, site.share_sealed = None, None
    session.add(site)
    _tell(session, principal, site, "report_withdrawn")


def shared_secret(site: Site) -> str:
    """The secret of the site's public report, "" when it is not shared."""
    return crypto.unseal(SHARE, site.share_sealed) if site.share_sealed else ""


def secret_of(site: Site) -> str:
    """The site's credential in clear, "" for none."""
    return crypto.unseal(SECRET, site.secret) if site.secret else ""


def _write(site: Site, draft: SiteDraft) -> None:
    url = draft.url.strip() if "://" in draft.url else f"https://{draft.url.strip()}"
    check_url(url, Reach(local=settings().allow_local_targets))
    try:
        ZoneInfo(draft.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("That time zone is not known.", "timezone") from None
    if not 1 <= draft.max_pages <= MOST_PAGES:
        raise Invalid(f"A scan looks at 1 to {MOST_PAGES} pages.", "max_pages")
    site.url, site.name = url[:500], (draft.name.strip() or url.partition("://")[2].strip("/"))[:255]
    site.max_pages, site.timezone, site.auth_type = draft.max_pages, draft.timezone, draft.auth_type
    site.task_severity = draft.task_severity if draft.task_severity in list(Severity) else None
    site.task_doer = draft.task_doer if draft.task_doer in TASK_DOERS else None
    site.include, site.exclude, site.checks = draft.include[:50], draft.exclude[:50], draft.checks
    if draft.auth_type is SiteAuth.NONE:
        site.secret = None
    elif draft.secret:
        site.secret = crypto.seal(SECRET, draft.secret)


def _tell(session: Session, principal: Principal, site: Site, kind: str) -> None:
    record_event(session, principal, kind=kind, subject_type="site", subject_id=str(site.id), data={"url": site.url})
    live.publish(session, topics.sites(site.team_id), topics.site(int(site.id or 0)))
