"""What people do with issues, and the tie between an issue and its task."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.sitehealth import queries
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.models.sitehealth import Issue, IssueStatus, Severity, Site
from taskjuggler_app.models.tasks import Priority, Task, TaskStatus

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


def make_task(session: Session, principal: Principal, issue_id: int) -> Task:
    """The task that repairs an issue; a scan that no longer finds it closes the task. Conflict if it has one."""
    issue, site = queries.issue_and_site(session, principal, issue_id)
    if issue.task_id is not None:
        raise Conflict("This issue has a task already.")
    draft = TaskDraft(
        title=f"{issue.title} ({site.name})",
        requestor_id=principal.user_id or site.user_id,
        description="\n\n".join(filter(None, (issue.message, issue.page_url, issue.why, issue.fix_code))),
        priority=_PRIORITY[issue.severity],
        tags=["website"],
        meta={"issue_id": issue.id, "site_id": site.id},
    )
    task = tasks.create(session, principal, draft)
    issue.task_id = task.id
    session.add(issue)
    live.publish(session, topics.site(issue.site_id))
    return task


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
