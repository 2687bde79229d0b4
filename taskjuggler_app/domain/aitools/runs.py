"""A run of a tool on a task, from a person's yes to its last attempt.

    pending  waits for its approval, or for the worker
    running  an attempt is under way, or a webhook was called and has until `waits_until` to call back
    completed, failed

What one attempt costs is written down before the attempt is made, so that a killed worker never hides a cost, and a
run never begins an attempt that its budget does not cover.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, queue, topics
from taskjuggler_app.core.errors import Conflict, DomainError, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import configs, policy
from taskjuggler_app.domain.aitools.calls import Call
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import service as task_service
from taskjuggler_app.models.ai_tools import AIToolConfig, AIToolExecution, ExecutionStatus
from taskjuggler_app.models.approvals import Approval, ApprovalState
from taskjuggler_app.models.tasks import Task

RUN, ANSWERED = "ai_tools.run", "ai_tools.answered"
MOST_LINES = 50
FIRST_PAUSE = 5
WAITING = (ExecutionStatus.PENDING, ExecutionStatus.RUNNING)


def answered(session: Session, approval_id: UUID) -> None:
    """A person said yes or no to a run, or nobody did in time."""
    run = _locked_by(session, approval_id)
    approval = session.get(Approval, approval_id)
    if run is None or approval is None or run.status is not ExecutionStatus.PENDING:
        return
    if approval.state is ApprovalState.APPROVED:
        queue.defer(session, RUN, execution_id=str(run.id))
        say(session, run, "Approved.")
    elif approval.state in (ApprovalState.REFUSED, ApprovalState.EXPIRED):
        said = "Nobody said yes in time." if approval.state is ApprovalState.EXPIRED else "Refused."
        fail(session, run, f"{said} {approval.note}".strip())


def begin(session: Session, execution_id: UUID) -> Call | None:
    """The next attempt, its approval spent and its cost written down; None when there is nothing to do."""
    run = locked(session, execution_id)
    waits_for_callback = run.waits_until is not None
    if run.status not in WAITING or waits_for_callback:
        return None
    tool = session.get_one(AIToolConfig, run.tool_config_id)
    task = session.get_one(Task, run.task_id)
    try:
        if not tool.is_active or task.deleted_at is not None:
            raise Conflict("The tool is paused." if not tool.is_active else "The task is in the bin.")
        if run.status is ExecutionStatus.PENDING:
            _spend_approval(session, run, tool)
        cost = configs.cost_of(tool)
        if run.attempts > int(tool.config["retries"]):
            raise Conflict("It was tried often enough.")
        if run.budget is not None and run.cost + cost > run.budget:
            left = money.shown(run.budget, run.currency)
            raise Conflict(f"Another attempt would cost more than the {left} that this run may.")
        secret = configs.secret_of(tool)
    except DomainError as error:
        fail(session, run, error.message)
        return None
    now = clock.utcnow()
    run.status, run.started_at, run.updated_at = ExecutionStatus.RUNNING, run.started_at or now, now
    run.attempts, run.cost = run.attempts + 1, run.cost + cost
    again = f", attempt {run.attempts}" if run.attempts > 1 else ""
    say(session, run, f"{tool.tool_name} has begun{again}.")
    return Call(
        execution_id=run.id,
        attempt=run.attempts,
        tool_type=tool.tool_type,
        name=tool.tool_name,
        config={key: value for key, value in tool.config.items() if key != "secret_sealed"},
        given=run.input_data,
        team_id=tool.team_id or run.team_id or run.id,
        budget=run.budget,
        secret=secret,
    )


def attempt_failed(session: Session, execution_id: UUID, attempt: int, reason: str, *, retryable: bool) -> None:
    """An attempt brought nothing: the next one after a growing pause, or the end."""
    run = locked(session, execution_id)
    if run.status is not ExecutionStatus.RUNNING or run.attempts != attempt:
        return
    tool = session.get_one(AIToolConfig, run.tool_config_id)
    if not retryable or run.attempts > int(tool.config["retries"]):
        fail(session, run, reason)
        return
    pause = timedelta(seconds=FIRST_PAUSE * 3 ** (run.attempts - 1))
    queue.defer(session, RUN, run_at=clock.utcnow() + pause, execution_id=str(run.id))
    say(session, run, f"{reason} It is tried again in {pause.seconds} seconds.")


def await_callback(session: Session, execution_id: UUID, attempt: int) -> None:
    """The webhook took the work; it has a while to call back."""
    run = locked(session, execution_id)
    if run.status is not ExecutionStatus.RUNNING or run.attempts != attempt:
        return
    tool = session.get_one(AIToolConfig, run.tool_config_id)
    run.waits_until = clock.utcnow() + timedelta(seconds=int(tool.config.get("wait", 3_600)))
    say(session, run, "The tool took the work and will call back.")


def lapse(session: Session, now: datetime) -> int:
    """Webhooks that did not call back in time; says how many."""
    due = session.exec(
        select(AIToolExecution)
        .where(AIToolExecution.status == ExecutionStatus.RUNNING, col(AIToolExecution.waits_until) <= now)
        .with_for_update(skip_locked=True)
        .limit(100)
    ).all()
    for run in due:
        fail(session, run, "The tool did not call back in time.")
    return len(due)


def fail(session: Session, run: AIToolExecution, reason: str) -> None:
    """The run is over without a result; who asked for it is told."""
    tool, task = session.get_one(AIToolConfig, run.tool_config_id), session.get_one(Task, run.task_id)
    now = clock.utcnow()
    run.status, run.error_message, run.completed_at = ExecutionStatus.FAILED, reason[:2_000], now
    run.waits_until, run.updated_at = None, now
    say(session, run, reason)
    data = {"name": tool.tool_name, "run": str(run.id), "error": f"{tool.tool_name}: {reason[:300]}"}
    task_service.record(session, system(run), task, "tool_failed", data)
    tell(session, run, task, f"{tool.tool_name} failed", f"{task.title}: {reason}")


def say(session: Session, run: AIToolExecution, text: str) -> None:
    """One more line of progress, in every open page at once."""
    line = {"at": clock.utcnow().isoformat(), "text": " ".join(text.split())[:500]}
    run.progress = [*run.progress, line][-MOST_LINES:]
    session.add(run)
    session.flush()
    vendor_team = session.exec(select(AIToolConfig.team_id).where(AIToolConfig.id == run.tool_config_id)).first()
    live.publish(session, topics.task(run.task_id), *{topics.tools(t) for t in (run.team_id, vendor_team) if t})


def tell(session: Session, run: AIToolExecution, task: Task, title: str, text: str) -> None:
    """A notification for who asked for the run."""
    if run.team_id is not None:
        notify(
            session,
            run.requested_by or task.requestor_id,
            type="ai_tool",
            title=title,
            message=text[:500],
            link=f"/tasks/{task.id}",
            dedupe_key=f"ai_tool:{run.id}:{run.status.value}",
            team_id=run.team_id,
        )


def locked(session: Session, execution_id: UUID) -> AIToolExecution:
    """The run, locked. NotFound if there is none."""
    run = session.exec(
        select(AIToolExecution)
        .where(col(AIToolExecution.id) == execution_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if run is None:
        raise NotFound
    return run


def system(run: AIToolExecution) -> Principal:
    """Who acts when a run goes on by itself."""
    return Principal.system(run.team_id or run.id)


def _spend_approval(session: Session, run: AIToolExecution, tool: AIToolConfig) -> None:
    needed = policy.needs_approval(tool.tool_type, configs.cost_of(tool))
    if run.approval_id is None:
        if needed:
            raise Conflict("The tool was changed: it needs a yes now. Ask again.")
        return
    approvals.use(
        session,
        system(run),
        run.approval_id,
        tool=configs.key_of(tool),
        given=run.input_data,
        budget=run.budget,
        currency=run.currency,
    )


def _locked_by(session: Session, approval_id: UUID) -> AIToolExecution | None:
    found = session.exec(select(AIToolExecution.id).where(AIToolExecution.approval_id == approval_id)).first()
    return None if found is None else locked(session, found)


def reported(run: AIToolExecution, tool: AIToolConfig, said: Decimal | None) -> Decimal:
    """What the run cost in all when the tool says what its last attempt did."""
    if said is None:
        return run.cost
    return money.rounded(run.cost - configs.cost_of(tool) + max(said, Decimal(0)), run.currency)
