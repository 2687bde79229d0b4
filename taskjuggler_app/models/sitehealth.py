"""Tables: sites, scans, issues, scheduled_scans."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    jsonb_column,
    now_column,
    serial_id,
    text_column,
    utc_column,
    varchar_column,
)


class SiteAuth(StrEnum):
    """How the scanner signs in to a site."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"
    COOKIE = "cookie"


class ScanStatus(StrEnum):
    """Where a scan stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class IssueCategory(StrEnum):
    """Which of a site's scores an issue lowers."""

    ACCESSIBILITY = "accessibility"
    SEO = "seo"
    PERFORMANCE = "performance"
    SECURITY = "security"


class Severity(StrEnum):
    """How much an issue matters."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class IssueStatus(StrEnum):
    """Whether an issue still counts."""

    OPEN = "open"
    FIXED = "fixed"
    IGNORED = "ignored"
    FALSE_POSITIVE = "false_positive"


class ScheduleType(StrEnum):
    """How often a site is scanned; `custom` is a cron expression in `schedule_config`."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CUSTOM = "custom"


class Site(Timestamps, table=True):
    """Websites being monitored."""

    __tablename__ = "sites"
    __table_args__ = (
        Index("idx_sites_user_id", "user_id"),
        Index("idx_sites_url", "url"),
    )

    id: int | None = serial_id()
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    url: str = Field(max_length=500)
    auth_type: SiteAuth = enum_column(SiteAuth, length=50, default=SiteAuth.NONE)
    auth_config: dict[str, Any] | None = jsonb_column(nullable=True)
    max_pages: int | None = None
    checks: list[Any] | None = jsonb_column(nullable=True)
    last_scan_at: datetime | None = utc_column()
    timezone: str = varchar_column(64, default="UTC")
    secret: str | None = text_column()
    include: list[Any] = jsonb_column(default=[])
    exclude: list[Any] = jsonb_column(default=[])
    share_digest: str | None = Field(default=None, max_length=64, unique=True)
    share_sealed: str | None = text_column()
    task_severity: str | None = Field(default=None, max_length=20)
    task_doer: str | None = Field(default=None, max_length=20)


class Scan(Timestamps, table=True):
    """Scan execution records."""

    __tablename__ = "scans"
    __table_args__ = (
        Index("idx_scans_site_id", "site_id"),
        Index("idx_scans_status", "status"),
        Index("idx_scans_started_at", "started_at"),
    )

    id: int | None = serial_id()
    site_id: int = Field(foreign_key="sites.id", ondelete="CASCADE", sa_type=BigInteger)
    status: ScanStatus = enum_column(ScanStatus, length=50, default=ScanStatus.PENDING)
    started_at: datetime = utc_column(nullable=False)
    completed_at: datetime | None = utc_column()
    pages_scanned: int = int_column(default=0)
    total_pages: int | None = None
    health_score: int = int_column(default=0)
    category_scores: dict[str, Any] | None = jsonb_column(nullable=True)
    issue_count: int = int_column(default=0)
    error: str | None = text_column()
    current_url: str | None = Field(default=None, max_length=1000)
    cancelled_at: datetime | None = utc_column()
    new_issues: int = int_column(default=0)
    fixed_issues: int = int_column(default=0)
    site_findings: list[Any] = jsonb_column(default=[])
    losses: list[Any] = jsonb_column(default=[])


class Issue(Timestamps, table=True):
    """Issues found during scans."""

    __tablename__ = "issues"
    __table_args__ = (
        Index("idx_issues_scan_id", "scan_id"),
        Index("idx_issues_site_id", "site_id"),
        Index("idx_issues_category", "category"),
        Index("idx_issues_severity", "severity"),
        Index("idx_issues_status", "status"),
        UniqueConstraint("site_id", "fingerprint"),
    )

    id: int | None = serial_id()
    scan_id: int = Field(foreign_key="scans.id", ondelete="CASCADE", sa_type=BigInteger)
    site_id: int = Field(foreign_key="sites.id", ondelete="CASCADE", sa_type=BigInteger)
    category: IssueCategory = enum_column(IssueCategory, length=50)
    severity: Severity = enum_column(Severity)
    status: IssueStatus = enum_column(IssueStatus, default=IssueStatus.OPEN)
    title: str = Field(max_length=500)
    message: str = text_column(nullable=False)
    page_url: str = Field(max_length=1000)
    selector: str | None = Field(default=None, max_length=500)
    html_context: str | None = text_column()
    wcag_criteria: list[Any] | None = jsonb_column(nullable=True)
    fix_code: str | None = text_column()
    fix_explanation: str | None = text_column()
    fix_confidence: int | None = None
    screenshot_url: str | None = Field(default=None, max_length=500)
    fingerprint: str = Field(max_length=32)
    check_id: str = Field(max_length=100)
    why: str = varchar_column(500, default="")
    source: str = varchar_column(300, default="")
    needs_review: bool = bool_column(default=False)
    place_count: int = int_column(default=1)
    first_seen_at: datetime = now_column()
    fixed_at: datetime | None = utc_column()
    regressed_at: datetime | None = utc_column()
    reason: str | None = text_column()
    task_id: UUID | None = Field(default=None, foreign_key="tasks.id", ondelete="SET NULL")
    fix_verified_at: datetime | None = utc_column()
    checked_at: datetime | None = utc_column()
    recheck_asked_at: datetime | None = utc_column()
    shot_key: str | None = Field(default=None, max_length=100)
    fix_written_by: str = varchar_column(100, default="")


class IssuePlace(Base, table=True):
    """Where an issue stands, as its last scan saw it: one row a page and element."""

    __tablename__ = "issue_places"
    __table_args__ = (Index("idx_issue_places_issue", "issue_id"),)

    id: int | None = serial_id()
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    issue_id: int = Field(foreign_key="issues.id", ondelete="CASCADE", sa_type=BigInteger)
    page_url: str = Field(max_length=1000)
    selector: str | None = Field(default=None, max_length=500)
    html_context: str | None = text_column()
    message: str = text_column(nullable=False)


class ScanPage(Base, table=True):
    """A page that a scan has judged, with what was found: a killed scan goes on after these.

    `kept` is what a running scan still needs of the page (its links, its title); null once the scan is over.
    """

    __tablename__ = "scan_pages"
    __table_args__ = (UniqueConstraint("scan_id", "url"),)

    id: int | None = serial_id()
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    scan_id: int = Field(foreign_key="scans.id", ondelete="CASCADE", sa_type=BigInteger)
    url: str = Field(max_length=1000)
    status: int = int_column(default=0)
    error: str | None = text_column()
    seconds: float = Field(default=0, sa_column_kwargs={"server_default": "0"})
    findings: list[Any] = jsonb_column(default=[])
    kept: dict[str, Any] | None = jsonb_column(nullable=True)


class ScheduledScan(Timestamps, table=True):
    """Scheduled recurring scans."""

    __tablename__ = "scheduled_scans"
    __table_args__ = (
        Index("idx_scheduled_scans_site_id", "site_id"),
        Index("idx_scheduled_scans_next_scan", "next_scan_at"),
    )

    id: int | None = serial_id()
    site_id: int = Field(foreign_key="sites.id", ondelete="CASCADE", sa_type=BigInteger)
    schedule_type: ScheduleType = enum_column(ScheduleType, length=50)
    schedule_config: dict[str, Any] | None = jsonb_column(nullable=True)
    is_active: bool = bool_column(default=True)
    next_scan_at: datetime | None = utc_column()
    last_run_at: datetime | None = utc_column()
    skipped_at: datetime | None = utc_column()
