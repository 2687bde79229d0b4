"""Web sites, their scans and issues."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Cursor, Done, Given, Limit, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.sitehealth import issues as deeds
from taskjuggler_app.domain.sitehealth import overview, queries
from taskjuggler_app.domain.sitehealth import sites as service
from taskjuggler_app.domain.sitehealth.overview import ScanLine, ScanView
from taskjuggler_app.domain.sitehealth.queries import IssueRow, SiteRow
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.models.sitehealth import IssueStatus

router = APIRouter(prefix="/sites", tags=["sites"])
issues = APIRouter(prefix="/issues", tags=["sites"])
Reads = Annotated[Call, Depends(reads("sites"))]
Writes = Annotated[Call, Depends(writes("sites"))]
Changing = Annotated[Call, Depends(changes("sites"))]
SiteId = Annotated[int, Path(ge=1, le=2**53)]


class NewSite(Given):
    """A site to look after."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://www.example.com/"}]})
    url: Annotated[str, Text] = Field(min_length=4, max_length=2000)
    name: Annotated[str, Text] = Field("", max_length=100)
    max_pages: int = Field(50, ge=1, le=500)


class SiteChanges(Given):
    """New values; what is left out stays. `schedule` "" scans only when asked; `cron` is for custom."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"max_pages": 100, "schedule": "weekly"}]})
    url: Annotated[str, Text] = Field("", min_length=4, max_length=2000)
    name: Annotated[str, Text] = Field("", max_length=100)
    max_pages: int = Field(50, ge=1, le=500)
    timezone: Annotated[str, Text] = Field("UTC", max_length=60)
    schedule: Literal["", "daily", "weekly", "monthly", "custom"] = ""
    cron: Annotated[str, Text] = Field("", max_length=100)


class IssueChange(Given):
    """What is thought of issues."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"issue_ids": [12, 14], "status": "ignored", "reason": "Decoration"}]}
    )
    issue_ids: list[Annotated[int, Field(ge=1, le=2**53)]] = Field(min_length=1, max_length=200)
    status: Literal["open", "ignored", "fixed", "false_positive"]
    reason: Annotated[str, Text] = Field("", max_length=500)


class NewTaskOf(Given):
    """Who is to mend it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"member_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1"}]})
    member_id: UUID | None = None


@router.get("", response_model=Listed[SiteRow])
async def list_sites(call: Reads, limit: Limit = 50, cursor: Cursor = "") -> Response:
    """The workspace's sites by name with their scores."""
    return await call.listed(SiteRow, queries.sites, cursor, limit)


@router.post("", status_code=201, response_model=SiteRow)
async def create_site(new: NewSite, call: Writes) -> Response:
    """Look after a site."""
    return await call.write(SiteRow, _create, new, status=201)


@router.get("/{site_id}", response_model=SiteRow)
async def get_site(site_id: SiteId, call: Reads) -> Response:
    """One site."""
    return await call.one(SiteRow, queries.site, site_id)


@router.patch("/{site_id}", response_model=SiteRow)
async def change_site(site_id: SiteId, changes_: SiteChanges, call: Changing) -> Response:
    """Change what is looked at, and when."""
    return await call.change(SiteRow, queries.site, _change, site_id, changes_)


@router.delete("/{site_id}", status_code=204, response_class=Response)
async def delete_site(site_id: SiteId, call: Changing) -> Response:
    """Forget a site with its scans and issues."""
    return await call.change(None, queries.site, service.delete, site_id)


@router.post("/{site_id}/scans/cancel", status_code=202, response_model=SiteRow)
async def cancel_scan(site_id: SiteId, call: Writes) -> Response:
    """Stop the running scan after the pages it has open."""
    return await call.write(SiteRow, _cancel, site_id, status=202)


@router.get("/{site_id}/scans", response_model=Listed[ScanLine])
async def list_scans(site_id: SiteId, call: Reads) -> Response:
    """A site's scans, newest first."""
    return await call.listed(ScanLine, overview.scans, site_id)


@router.post("/{site_id}/scans", status_code=202, response_model=SiteRow)
async def start_scan(site_id: SiteId, call: Writes) -> Response:
    """Scan the site now. 409 while one is running."""
    return await call.write(SiteRow, scan, site_id, status=202)


@router.get("/{site_id}/scans/{scan_id}", response_model=ScanView)
async def get_scan(site_id: SiteId, scan_id: SiteId, call: Reads) -> Response:
    """One scan: its score, what it lost, its pages."""
    return await call.one(ScanView, overview.scan, site_id, scan_id)


@router.get("/{site_id}/issues", response_model=Listed[IssueRow])
async def list_issues(
    site_id: SiteId,
    call: Reads,
    status: Annotated[Literal["open", "ignored", "fixed", "false_positive", "all"], Query()] = "open",
    severity: Annotated[Literal["", "critical", "high", "medium", "low"], Query()] = "",
    category: Annotated[Literal["", "accessibility", "seo", "performance", "security"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Response:
    """What is wrong with a site, worst first."""
    filters = {"status": "" if status == "all" else status, "severity": severity, "category": category}
    return await call.listed(IssueRow, queries.issues, site_id, **filters, cursor=cursor, size=limit)


@issues.post("/status", response_model=Done)
async def change_issues(change: IssueChange, call: Writes) -> Response:
    """Say that issues are mended or are to be ignored, or open them again."""
    return await call.write(Done, _status, change)


@issues.get("/{issue_id}", response_model=IssueRow)
async def get_issue(issue_id: SiteId, call: Reads) -> Response:
    """One issue."""
    return await call.one(IssueRow, queries.issue, issue_id)


@issues.post("/{issue_id}/task", response_model=IssueRow)
async def make_task(issue_id: SiteId, new: NewTaskOf, call: Changing) -> Response:
    """Make a task of an issue; it closes itself when a scan finds it mended."""
    return await call.change(IssueRow, queries.issue, _task, issue_id, new.member_id)


def _create(session: Session, principal: Principal, new: NewSite) -> SiteRow:
    made = service.create(session, principal, SiteDraft(url=new.url, name=new.name, max_pages=new.max_pages))
    session.flush()
    return queries.site(session, principal, made.id or 0)


def _change(session: Session, principal: Principal, site_id: int, given: SiteChanges) -> SiteRow:
    kept = queries.get(session, principal, site_id)
    named = {name: getattr(given, name) for name in given.model_fields_set & {"url", "name", "max_pages", "timezone"}}
    draft = SiteDraft(
        url=kept.url, name=kept.name, max_pages=kept.max_pages or 50, timezone=kept.timezone,
        auth_type=kept.auth_type, include=kept.include, exclude=kept.exclude, checks=kept.checks,
        task_severity=kept.task_severity or "", task_doer=kept.task_doer or "",
    )  # fmt: skip
    service.update(session, principal, site_id, replace(draft, **named))
    if given.model_fields_set & {"schedule", "cron"}:
        service.set_schedule(session, principal, site_id, given.schedule, given.cron)
    session.flush()
    return queries.site(session, principal, site_id)


def _cancel(session: Session, principal: Principal, site_id: int) -> SiteRow:
    service.cancel_scan(session, principal, site_id)
    session.flush()
    return queries.site(session, principal, site_id)


def scan(session: Session, principal: Principal, site_id: int) -> SiteRow:
    service.start_scan(session, principal, site_id)
    session.flush()
    return queries.site(session, principal, site_id)


def _status(session: Session, principal: Principal, change: IssueChange) -> Done:
    status = IssueStatus(change.status)
    return Done(changed=deeds.set_status(session, principal, change.issue_ids, status, change.reason))


def _task(session: Session, principal: Principal, issue_id: int, member_id: UUID | None) -> IssueRow:
    deeds.make_task(session, principal, issue_id, str(member_id or ""))
    session.flush()
    return queries.issue(session, principal, issue_id)
