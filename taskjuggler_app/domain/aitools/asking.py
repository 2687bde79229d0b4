"""Asking for a run of a tool on a task."""

from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, money, queue
from taskjuggler_app.core.errors import Conflict, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import configs, policy, template
from taskjuggler_app.domain.aitools.runs import ANSWERED, RUN, WAITING, say
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.approvals.service import Proposal
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.tasks import policy as task_policy
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.tasks import service as task_service
from taskjuggler_app.models.ai_tools import AIToolConfig, AIToolExecution, ToolType
from taskjuggler_app.models.marketplace import MarketplaceVendor, VendorType
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.users import User


def request(
    session: Session,
    principal: Principal,
    task_id: UUID,
    tool_id: UUID,
    *,
    finishes: bool = False,
    listing_id: UUID | None = None,
) -> AIToolExecution:
    """Ask for a run. It begins by itself, or waits for a person's yes; with `finishes` the tool's vendor gets the task.

    The task's workspace asks; the tool is its own, or that of the vendor to whom the listing was awarded. Conflict
    while the tool runs on the task already.
    """
    task = tasks.get_for_update(session, principal, task_id)
    may = task_policy.can_change_status(principal, task, tasks.doer_id(session, task))
    require(may and policy.can_run(principal, task.team_id), "Only who may move the task can have a tool work on it.")
    tool, vendor = _usable(session, principal, tool_id, of_listing=listing_id is not None)
    limits.require_room(session, principal, "runs")
    running = session.exec(
        select(AIToolExecution.id).where(
            AIToolExecution.task_id == task.id,
            AIToolExecution.tool_config_id == tool.id,
            col(AIToolExecution.status).in_(WAITING),
        )
    ).first()
    if running is not None:
        raise Conflict("This tool works on the task already.")
    now = clock.utcnow()
    run = AIToolExecution(
        task_id=task.id,
        tool_config_id=tool.id,
        vendor_id=vendor.id,
        team_id=task.team_id,
        listing_id=listing_id,
        requested_by=principal.user_id,
        input_data=template.filled(tool.config["template"], values_of(session, task)),
        budget=configs.budget_of(tool),
        currency=tool.config["currency"],
        finishes=finishes,
        created_at=now,
        updated_at=now,
    )
    session.add(run)
    session.flush()
    if finishes:
        _give(session, principal, task, vendor)
    task_service.record(session, principal, task, "tool_asked", {"name": tool.tool_name, "run": str(run.id)})
    if policy.needs_approval(tool.tool_type, configs.cost_of(tool)):
        run.approval_id = _propose(session, principal, task, tool, run)
        session.add(run)
        say(session, run, "Waits for a yes.")
    else:
        queue.defer(session, RUN, execution_id=str(run.id))
        say(session, run, "Waits for its turn.")
    return run


def values_of(session: Session, task: Task) -> dict[str, str]:
    """What a template may ask a task for."""
    item = session.get(InboxItem, task.inbox_item_id) if task.inbox_item_id else None
    asked_by = session.get(User, task.requestor_id)
    values = {
        "title": task.title,
        "description": task.description or "",
        "category": str(task.meta.get("category") or ""),
        "priority": task.priority.value,
        "due_date": task.due_date.isoformat() if task.due_date else "",
        "tags": ", ".join(str(tag) for tag in task.tags or []),
        "requestor": asked_by.name if asked_by else "",
        "message": (item.body or "") if item else "",
        "id": str(task.id),
    }
    words = f"{task.title} {values['description']} {values['message']}".split()
    links = (word.strip("<>()[]{}\"'.,;") for word in words if "http://" in word or "https://" in word)
    return {**values, "url": next(iter(links), "")}


def _usable(
    session: Session, principal: Principal, tool_id: UUID, *, of_listing: bool
) -> tuple[AIToolConfig, MarketplaceVendor]:
    tool = session.get(AIToolConfig, tool_id)
    vendor = session.get(MarketplaceVendor, tool.vendor_id) if tool else None
    if tool is None or vendor is None or not (of_listing or tool.team_id == principal.team_id):
        raise NotFound
    if not tool.is_active or not vendor.is_active or vendor.vendor_type is VendorType.HUMAN:
        raise Conflict("This tool is paused.")
    return tool, vendor


def _propose(session: Session, principal: Principal, task: Task, tool: AIToolConfig, run: AIToolExecution) -> UUID:
    where = "here" if tool.tool_type is ToolType.FUNCTION else f"at {tool.config['url']}"
    cost = money.shown(configs.cost_of(tool), run.currency) if configs.cost_of(tool) else "nothing"
    asking = principal if principal.team_id == task.team_id else Principal.system(task.team_id or run.id)
    made = approvals.propose(
        session,
        asking,
        Proposal(
            tool=configs.key_of(tool),
            given=run.input_data,
            subject=("task", task.id),
            summary=f"Give “{task.title[:200]}” to {tool.tool_name} {where}; an attempt costs {cost}.",
            tool_name=tool.tool_name,
            budget=run.budget,
            currency=run.currency,
            owner_id=task.requestor_id,
            then_job=ANSWERED,
        ),
    )
    return made.id


def _give(session: Session, principal: Principal, task: Task, vendor: MarketplaceVendor) -> None:
    """The tool's vendor is the task's doer from now on."""
    task.owner_id, task.team_member_id, task.marketplace_vendor_id = None, None, vendor.id
    task.version += 1
    if task.status is TaskStatus.PENDING:
        task_service.change_status(session, principal, task.id, TaskStatus.IN_PROGRESS)
    session.add(task)
    task_service.record(session, principal, task, "assigned", {"vendor": vendor.name, "name": vendor.name})
