"""What people do with issues, and the tie between an issue and its task."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.marketplace import listings
from taskjuggler_app.domain.sitehealth import queries
from taskjuggler_app.domain.sitehealth.fixes import PROVEN, Fix
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.models.sitehealth import Issue, IssueStatus, Severity, Site
from taskjuggler_app.models.tasks import Priority, Task, TaskStatus

RECHECK, PROVE = "sitehealth.recheck", "sitehealth.prove"
MARKET = "market"
"""Who does it: whoever is chosen among the bids."""
_PRIORITY = {
    Severity.CRITICAL: Priority.URGENT,
    Severity.HIGH: Priority.HIGH,
    Severity.MEDIUM: Priority.NORMAL,
    Severity.LOW: Priority.LOW,
}
_BY_HAND = (IssueStatus.OPEN, IssueStatus.IGNORED, IssueStatus.FALSE_POSITIVE)


def set_status(
    session: Session, principal: Principal, issue_ids: Sequence[int], status: IssueStatus, reason: str = ""
) -> int:
    """Ignore issues, call them false, or open them again; stays so in later scans. Says how many."""
    if status not in _BY_HAND:
        raise Invalid("An issue is fixed when a scan no longer finds it.")
    if status is IssueStatus.FALSE_POSITIVE and not reason.strip():
        raise Invalid("Say why it is no problem: the reason stays with the issue.", "reason")
    found = session.exec(
        select(Issue, Site)
        .join(Site, col(Site.id) == col(Issue.site_id))
        .where(col(Issue.id).in_(issue_ids), Site.team_id == principal.team_id)
        .with_for_update(of=Issue)
    ).all()
    for issue, site in found:
        issue.status, issue.reason = status, reason.strip()[:500] or None
        session.add(issue)
        record_event(
            session, principal, kind="issue_" + status.value, subject_type="issue", subject_id=str(issue.id),
            data={"title": issue.title, "reason": reason},
        )  # fmt: skip
        live.publish(session, topics.site(issue.site_id), topics.sites(site.team_id))
    return len(found)


def make_task(session: Session, principal: Principal, issue_id: int, doer: str = "") -> Task:
    """The task that repairs an issue, given to a member (their id), to the marketplace (MARKET) or to nobody yet ("").

    On the marketplace AI tools bid at once. A scan that no longer finds the issue closes the task, and pays who was
    chosen for it. Conflict if the issue has a task; NotFound for a person who is none.
    """
    issue, site = queries.issue_and_site(session, principal, issue_id)
    if issue.task_id is not None:
        raise Conflict("This issue has a task already.")
    draft = TaskDraft(
        title=f"{issue.title} ({site.name})",
        requestor_id=principal.user_id or site.user_id,
        description="\n\n".join(filter(None, (issue.message, issue.page_url, issue.why, issue.fix_code))),
        priority=_PRIORITY[issue.severity],
        tags=["website"],
        meta={"issue_id": issue.id, "site_id": site.id, "category": "maintenance"},
    )
    task = tasks.create(session, principal, draft)
    issue.task_id = task.id
    session.add(issue)
    if doer == MARKET:
        listings.publish_task(session, principal, task.id)
    elif doer:
        tasks.assign(session, principal, task.id, parse_uuid(doer))
    live.publish(session, topics.site(issue.site_id))
    return task


def make_tasks(session: Session, principal: Principal, issue_ids: Sequence[int], doer: str = "") -> int:
    """A task for each of the issues that is open and has none. Says how many were made."""
    found = session.exec(
        select(Issue.id)
        .join(Site, col(Site.id) == col(Issue.site_id))
        .where(col(Issue.id).in_(issue_ids), Site.team_id == principal.team_id)
        .where(Issue.status == IssueStatus.OPEN, col(Issue.task_id).is_(None))
    ).all()
    for issue_id in found:
        make_task(session, principal, int(issue_id or 0), doer)
    return len(found)


def recheck(session: Session, principal: Principal, issue_id: int) -> None:
    """Look again at the pages of one issue, soon: gone closes its task, still there brings it back."""
    issue, _ = queries.issue_and_site(session, principal, issue_id)
    if issue.status not in (IssueStatus.OPEN, IssueStatus.FIXED):
        raise Conflict("Open the issue again first.")
    issue.recheck_asked_at = clock.utcnow()
    session.add(issue)
    defer(session, RECHECK, queue="scans", lock=f"site:{issue.site_id}", issue_id=issue_id)
    live.publish(session, topics.site(issue.site_id))


def ask_for_proof(session: Session, site_id: int) -> None:
    """Have the fixes of the newest scan tried in a browser, and pictures taken."""
    defer(session, PROVE, queue="scans", lock=f"site:{site_id}", site_id=site_id)


def looked_again(session: Session, issue_id: int, found: bool | None) -> None:
    """What looking again brought; None when no page could be read, which says nothing."""
    issue = session.get(Issue, issue_id, with_for_update=True)
    site = session.get(Site, issue.site_id) if issue else None
    if issue is None or site is None:
        return
    issue.recheck_asked_at = None
    if found is not None:
        issue.checked_at = clock.utcnow()
        principal = Principal.system(site.team_id)
        if not found and issue.status is IssueStatus.OPEN:
            issue.status, issue.fixed_at = IssueStatus.FIXED, issue.checked_at
            close_task(session, principal, issue)
        elif found and issue.status in (IssueStatus.OPEN, IssueStatus.FIXED):
            if issue.status is IssueStatus.FIXED:
                issue.status, issue.regressed_at, issue.fixed_at = IssueStatus.OPEN, issue.checked_at, None
            reopen_task(session, principal, issue)
    session.add(issue)
    live.publish(session, topics.site(issue.site_id), topics.sites(site.team_id))


def proven(
    session: Session, issue_id: int, *, holds: bool, shot_key: str | None, written: Fix | None = None, model: str = ""
) -> None:
    """What trying the fix in a browser brought, and the picture of the element; `written` is the model's own fix."""
    issue = session.get(Issue, issue_id, with_for_update=True)
    if issue is None:
        return
    if shot_key:
        issue.shot_key = shot_key
    if holds:
        issue.fix_verified_at, issue.fix_confidence = clock.utcnow(), max(PROVEN, issue.fix_confidence or 0) + 10
    elif written is not None:
        issue.fix_code, issue.fix_explanation = written.code, written.explanation
        issue.fix_confidence, issue.fix_written_by = min(written.confidence, PROVEN - 1), model[:100]
    session.add(issue)
    live.publish(session, topics.site(issue.site_id))


def close_task(session: Session, principal: Principal, issue: Issue) -> None:
    """The issue is gone: so is the work."""
    _move(session, principal, issue, (TaskStatus.PENDING, TaskStatus.IN_PROGRESS), TaskStatus.COMPLETED)


def reopen_task(session: Session, principal: Principal, issue: Issue) -> None:
    """The issue came back: the same task comes back with it."""
    _move(session, principal, issue, (TaskStatus.COMPLETED,), TaskStatus.PENDING)


def _move(
    session: Session, principal: Principal, issue: Issue, current: Sequence[TaskStatus], wanted: TaskStatus
) -> None:
    task = session.get(Task, issue.task_id) if issue.task_id else None
    if task is not None and task.status in current:
        try:
            tasks.change_status(session, principal, task.id, wanted)
        except DomainError:
            return  # somebody moved it at the same moment: theirs counts
