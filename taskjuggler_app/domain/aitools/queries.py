"""Reading tools and their runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import configs, policy, template
from taskjuggler_app.domain.aitools.calls import Call
from taskjuggler_app.domain.aitools.functions import FUNCTIONS
from taskjuggler_app.domain.approvals import queries as approvals
from taskjuggler_app.domain.approvals.queries import ApprovalRow
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.models.ai_tools import AIToolConfig, AIToolExecution, ExecutionStatus
from taskjuggler_app.models.approvals import Approval
from taskjuggler_app.models.marketplace import MarketplaceVendor, VendorType
from taskjuggler_app.models.tasks import Task

MOST = 100
SAMPLE = {
    "title": "Kitchen tap drips",
    "description": "Hi, this is Ada. The tap in the kitchen drips all night. Can you come tomorrow at 3 pm?",
    "category": "maintenance",
    "priority": "normal",
    "due_date": "2026-12-01T15:00:00+00:00",
    "tags": "kitchen, tap",
    "requestor": "Ada",
    "message": "The tap in the kitchen drips all night.",
    "url": "https://example.com/",
    "id": "00000000-0000-0000-0000-000000000000",
}
"""The made-up task of a test call."""


@dataclass
class ToolRow:
    """A tool as its form and its card show it; the secret is never among it."""

    id: str = ""
    vendor_id: str = ""
    vendor: str = ""
    name: str = ""
    kind: str = "function"
    function: str = "summarise"
    does: str = ""
    url: str = ""
    host: str = ""
    auth_header: str = "Authorization"
    has_secret: bool = False
    template: str = template.DEFAULT
    output_path: str = ""
    cost_path: str = ""
    timeout: str = "30"
    wait: str = "3600"
    retries: str = "2"
    cost: str = ""
    budget: str = ""
    cost_shown: str = ""
    currency: str = "USD"
    active: bool = True
    asks: bool = False


@dataclass
class LineRow:
    """A line of a run's progress; `at` is ISO 8601 in UTC."""

    at: str = ""
    text: str = ""


@dataclass
class RunRow:
    """A run as a page shows it. state: approval, waiting, running, completed, failed."""

    id: str = ""
    tool: str = ""
    tool_id: str = ""
    task_id: str = ""
    task: str = ""
    state: str = "waiting"
    cost: str = ""
    budget: str = ""
    output: str = ""
    note: str = ""
    error: str = ""
    at: str = ""
    ours: bool = True
    lines: list[LineRow] = field(default_factory=list)
    last: str = ""
    approval: ApprovalRow = field(default_factory=ApprovalRow)


@dataclass
class Spent:
    """What the workspace's tools did."""

    running: int = 0
    done: int = 0
    failed: int = 0
    cost: str = ""


def tools(session: Session, principal: Principal) -> list[ToolRow]:
    """The workspace's tools, in the order in which they were made."""
    rows = session.exec(
        select(AIToolConfig, MarketplaceVendor.name)
        .join(MarketplaceVendor, col(MarketplaceVendor.id) == col(AIToolConfig.vendor_id))
        .where(AIToolConfig.team_id == principal.team_id)
        .order_by(col(AIToolConfig.created_at), col(AIToolConfig.id))
    ).all()
    return [_tool_row(tool, vendor) for tool, vendor in rows if not tool.config.get("removed")]


def usable(session: Session, principal: Principal) -> list[ToolRow]:
    """The tools that can work now."""
    paused = select(MarketplaceVendor.id).where(
        MarketplaceVendor.team_id == principal.team_id, col(MarketplaceVendor.is_active).is_(False)
    )
    off = {str(one) for one in session.exec(paused)}
    return [row for row in tools(session, principal) if row.active and row.vendor_id not in off]


def vendors(session: Session, principal: Principal) -> list[tuple[str, str]]:
    """The workspace's vendors that may have tools: id and name."""
    rows = session.exec(
        select(MarketplaceVendor.id, MarketplaceVendor.name)
        .where(MarketplaceVendor.team_id == principal.team_id, col(MarketplaceVendor.vendor_type) != VendorType.HUMAN)
        .order_by(col(MarketplaceVendor.created_at))
    ).all()
    return [(str(vendor_id), name) for vendor_id, name in rows]


def runs(session: Session, principal: Principal, state: str = "") -> list[RunRow]:
    """The newest runs on the workspace's tasks, and of its tools for others (whose words it does not see)."""
    own = select(AIToolConfig.id).where(AIToolConfig.team_id == principal.team_id)
    query = select(AIToolExecution).where(
        or_(col(AIToolExecution.team_id) == principal.team_id, col(AIToolExecution.tool_config_id).in_(own))
    )
    if state in ("running", "completed", "failed"):
        query = query.where(AIToolExecution.status == ExecutionStatus(state))
    elif state == "approval":
        query = query.where(AIToolExecution.status == ExecutionStatus.PENDING)
    found = session.exec(query.order_by(col(AIToolExecution.created_at).desc()).limit(MOST)).all()
    rows = _run_rows(session, principal, found)
    return [row for row in rows if row.state == state] if state == "approval" else rows


def of_task(session: Session, principal: Principal, task_id: UUID) -> list[RunRow]:
    """The runs on a task, newest first. NotFound if the task is not the principal's to see."""
    tasks.get(session, principal, task_id)
    found = session.exec(
        select(AIToolExecution)
        .where(AIToolExecution.task_id == task_id)
        .order_by(col(AIToolExecution.created_at).desc())
        .limit(20)
    ).all()
    return _run_rows(session, principal, found)


def spent(session: Session, principal: Principal) -> Spent:
    """How many runs, and what they cost, on the workspace's tasks."""
    rows = session.exec(
        select(AIToolExecution.status, AIToolExecution.currency, func.count(), func.sum(col(AIToolExecution.cost)))
        .where(AIToolExecution.team_id == principal.team_id)
        .group_by(col(AIToolExecution.status), col(AIToolExecution.currency))
    ).all()
    costs: dict[str, Decimal] = {}
    for _, currency, _, cost in rows:
        costs[currency] = costs.get(currency, Decimal(0)) + (cost or Decimal(0))
    counted = {status: sum(n for one, _, n, _ in rows if one is status) for status in ExecutionStatus}
    shown = [money.shown(cost, currency) for currency, cost in costs.items() if cost]
    return Spent(
        running=counted[ExecutionStatus.PENDING] + counted[ExecutionStatus.RUNNING],
        done=counted[ExecutionStatus.COMPLETED],
        failed=counted[ExecutionStatus.FAILED],
        cost=", ".join(shown) or money.shown(Decimal(0), "USD"),
    )


def sample_call(session: Session, principal: Principal, tool_id: UUID) -> Call:
    """A call with a made-up task, to see whether the tool answers. Admins only."""
    tool = configs.mine(session, principal, tool_id)
    require(policy.can_manage(principal, tool.team_id), configs.ADMINS)
    return Call(
        execution_id=tool.id,
        attempt=1,
        tool_type=tool.tool_type,
        name=tool.tool_name,
        config={key: value for key, value in tool.config.items() if key != "secret_sealed"},
        given=template.filled(tool.config["template"], SAMPLE),
        team_id=principal.team_id,
        budget=configs.budget_of(tool),
        secret=configs.secret_of(tool),
        is_test=True,
    )


def _tool_row(tool: AIToolConfig, vendor: str) -> ToolRow:
    config, cost = tool.config, configs.cost_of(tool)
    function = FUNCTIONS.get(str(config.get("function") or ""))
    url = str(config.get("url") or "")
    return ToolRow(
        id=str(tool.id),
        vendor_id=str(tool.vendor_id),
        vendor=vendor,
        name=tool.tool_name,
        kind=tool.tool_type.value,
        function=function.name if function else "summarise",
        does=function.note if function else "",
        url=url,
        host=urlsplit(url).netloc,
        auth_header=str(config.get("auth_header") or "Authorization"),
        has_secret=bool(config.get("secret_sealed")),
        template=str(config.get("template") or ""),
        output_path=str(config.get("output_path") or ""),
        cost_path=str(config.get("cost_path") or ""),
        timeout=str(config.get("timeout", 30)),
        wait=str(config.get("wait", 3_600)),
        retries=str(config.get("retries", 2)),
        cost=str(config.get("cost") or ""),
        budget=str(config.get("budget") or ""),
        cost_shown=money.shown(cost, config["currency"]) if cost else "Free",
        currency=str(config["currency"]),
        active=tool.is_active,
        asks=policy.needs_approval(tool.tool_type, cost),
    )


def _run_rows(session: Session, principal: Principal, found: Sequence[AIToolExecution]) -> list[RunRow]:
    names = dict(
        session.exec(
            select(AIToolConfig.id, AIToolConfig.tool_name).where(
                col(AIToolConfig.id).in_({run.tool_config_id for run in found})
            )
        ).all()
    )
    titles = dict(session.exec(select(Task.id, Task.title).where(col(Task.id).in_({r.task_id for r in found}))).all())
    asked = session.exec(
        select(Approval).where(
            col(Approval.id).in_({run.approval_id for run in found if run.approval_id}),
            Approval.team_id == principal.team_id,
        )
    ).all()
    waiting = {row.id: row for row in approvals.rows_of(session, principal, asked)}
    return [
        _run_row(run, names[run.tool_config_id], titles[run.task_id], waiting.get(str(run.approval_id)), principal)
        for run in found
    ]


def _run_row(run: AIToolExecution, tool: str, title: str, approval: ApprovalRow | None, principal: Principal) -> RunRow:
    ours = run.team_id == principal.team_id
    output = run.output_data or {}
    asks = run.status is ExecutionStatus.PENDING and approval is not None and approval.state == "waiting"
    lines = [LineRow(str(line["at"]), str(line["text"])) for line in run.progress]
    return RunRow(
        id=str(run.id),
        tool=tool,
        tool_id=str(run.tool_config_id),
        task_id=str(run.task_id) if ours else "",
        task=title if ours else "A job from the marketplace",
        state="approval" if asks else "waiting" if run.status is ExecutionStatus.PENDING else run.status.value,
        cost=money.shown(run.cost, run.currency) if run.cost else "",
        budget=money.shown(run.budget, run.currency),
        output=str(output.get("text") or "") if ours else "",
        note=str(output.get("note") or ""),
        error=run.error_message or "",
        at=run.created_at.isoformat(),
        ours=ours,
        lines=lines,
        last=lines[-1].text if lines else "",
        approval=approval or ApprovalRow(),
    )
