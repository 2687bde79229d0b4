"""What a run brings: kept with the task, delivered to who awarded the job, called back by a webhook."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto, money, queue
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import asking, configs, runs, signing
from taskjuggler_app.domain.aitools.calls import Output
from taskjuggler_app.domain.files.service import Received, keep
from taskjuggler_app.domain.marketplace import work
from taskjuggler_app.domain.payments import service as payments
from taskjuggler_app.domain.tasks import service as task_service
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models.ai_tools import AIToolCallback, AIToolConfig, AIToolExecution, ExecutionStatus, ToolType
from taskjuggler_app.models.files import FileSubject, StoredFile
from taskjuggler_app.models.marketplace import (
    ListingStatus,
    MarketplaceListing,
    MarketplaceVendor,
    PaymentMethod,
    VendorType,
)
from taskjuggler_app.models.tasks import Task, TaskStatus

ATTACH = "ai_tools.attach"
LONGEST = 200_000
_EXCERPT = 300


def finish(session: Session, execution_id: UUID, attempt: int, output: Output) -> None:
    """Keep what the attempt brought: on the task, in its thread, and as the delivery of an awarded job."""
    run = runs.locked(session, execution_id)
    if run.status is ExecutionStatus.RUNNING and run.attempts == attempt:
        _finish(session, run, output)


def callback(
    session: Session, execution_id: UUID, timestamp: str, signature: str, body: bytes, now: float
) -> ExecutionStatus:
    """A webhook tool reports: {"status": "progress" | "completed" | "failed", "output", "message", "cost"}.

    Forbidden unless it is signed with the tool's secret within five minutes; Conflict for the same message again, and
    for a run that is over.
    """
    run = runs.locked(session, execution_id)
    tool = session.get_one(AIToolConfig, run.tool_config_id)
    secret = configs.secret_of(tool)
    signed = bool(secret) and signing.is_signed(secret, timestamp, signature, body, now)
    if tool.tool_type is not ToolType.WEBHOOK or not signed:
        raise Forbidden("The signature does not fit, or the message is older than five minutes.")
    digest = crypto.digest(f"{execution_id}:{signature}")
    new = session.execute(
        insert(AIToolCallback)
        .values(digest=digest, execution_id=run.id, received_at=clock.utcnow())
        .on_conflict_do_nothing()
        .returning(col(AIToolCallback.digest))
    ).first()
    if new is None:
        raise Conflict("This message came before.")
    if run.status is not ExecutionStatus.RUNNING:
        raise Conflict(f"This run is {run.status.value}.")
    said = _read(body)
    words = str(said.get("message") or "")[:500]
    if said["status"] == "progress":
        runs.say(session, run, words or "It goes on.")
    elif said["status"] == "failed":
        runs.fail(session, run, words or "The tool says that it failed.")
    else:
        _finish(session, run, Output(_text(said.get("output")), cost=_cost(said.get("cost"))))
    return run.status


def begin_work(session: Session, listing_id: UUID) -> AIToolExecution | None:
    """A job was awarded to an AI vendor, and its money is there: its first tool begins, or asks for the buyer's yes."""
    listing = session.exec(
        select(MarketplaceListing).where(col(MarketplaceListing.id) == listing_id).with_for_update()
    ).first()
    if listing is None or listing.status is not ListingStatus.ASSIGNED or listing.team_id is None:
        return None
    vendor = session.get(MarketplaceVendor, listing.assigned_vendor_id)
    payment = payments.of_listing(session, listing.id)
    paid = payment is not None and (payment.held_at is not None or payment.payment_method is PaymentMethod.MANUAL)
    if vendor is None or vendor.vendor_type is not VendorType.AI or not paid:
        return None
    tools = select(AIToolConfig).where(AIToolConfig.vendor_id == vendor.id, col(AIToolConfig.is_active).is_(True))
    tool = session.exec(tools.order_by(col(AIToolConfig.created_at)).limit(1)).first()
    ran = session.exec(
        select(AIToolExecution.id).where(
            AIToolExecution.listing_id == listing.id, AIToolExecution.vendor_id == vendor.id
        )
    ).first()
    if tool is None or ran is not None:
        return None
    buyer = Principal.system(listing.team_id)
    if listing.task_id is None:
        listing.task_id = _task_of(session, buyer, listing, vendor).id
        session.add(listing)
        session.flush()
    return asking.request(session, buyer, listing.task_id, tool.id, listing_id=listing.id)


@dataclass(frozen=True, slots=True)
class ToAttach:
    """A result on its way to be a file of its task; the same `storage_key` however often it is tried."""

    name: str
    content: bytes
    storage_key: str

    @property
    def received(self) -> Received:
        """As an upload is described."""
        digest = hashlib.sha256(self.content).hexdigest()
        return Received(self.name, self.content[:4_096], len(self.content), digest, self.storage_key)


def to_attach(session: Session, execution_id: UUID) -> ToAttach | None:
    """The result as a file; None when it is one already, or there is none."""
    run = runs.locked(session, execution_id)
    text = str((run.output_data or {}).get("text") or "")
    key = f"ai-run-{run.id.hex}"
    if not text or session.exec(select(StoredFile.id).where(StoredFile.storage_key == key)).first() is not None:
        return None
    tool = session.get_one(AIToolConfig, run.tool_config_id)
    return ToAttach(f"{tool.tool_name} {run.created_at:%Y-%m-%d %H.%M}.md", text.encode(), key)


def attached(session: Session, execution_id: UUID, what: ToAttach) -> None:
    """The bytes are kept: the file belongs to the task."""
    if to_attach(session, execution_id) is None:
        return
    run = runs.locked(session, execution_id)
    task, acting = session.get_one(Task, run.task_id), runs.system(run)
    file = keep(session, acting, what.received)
    file.subject_kind, file.subject_id, file.created_by = FileSubject.TASK, task.id, run.requested_by
    run.output_data = {**(run.output_data or {}), "file_id": str(file.id)}
    session.add(file)
    session.add(run)
    task_service.record(session, acting, task, "attached", {"file_id": str(file.id), "name": file.name})


def _finish(session: Session, run: AIToolExecution, output: Output) -> None:
    tool, task = session.get_one(AIToolConfig, run.tool_config_id), session.get_one(Task, run.task_id)
    run.cost = runs.reported(run, tool, output.cost)
    if run.budget is not None and run.cost > run.budget:
        cost, most = money.shown(run.cost, run.currency), money.shown(run.budget, run.currency)
        runs.fail(session, run, f"It cost {cost}, more than the {most} that it may. Its result was not used.")
        return
    text = output.text.replace("\0", "").strip()[:LONGEST]
    if not text:
        runs.fail(session, run, "The tool answered with nothing.")
        return
    now = clock.utcnow()
    run.status, run.completed_at, run.waits_until, run.updated_at = ExecutionStatus.COMPLETED, now, None, now
    run.output_data, run.error_message = {"text": text, "note": output.note[:500]}, None
    runs.say(session, run, f"Done. {output.note}".strip())
    excerpt = f"{tool.tool_name}: {text[:_EXCERPT]}"
    data = {"name": tool.tool_name, "run": str(run.id), "note": excerpt, "cost": money.shown(run.cost, run.currency)}
    task_service.record(session, runs.system(run), task, "tool_finished", {**data, "reason": excerpt})
    queue.defer(session, ATTACH, execution_id=str(run.id))
    if run.listing_id is not None:
        _deliver(session, run, text)
    elif run.finishes and task.status in (TaskStatus.PENDING, TaskStatus.IN_PROGRESS):
        task_service.change_status(session, runs.system(run), task.id, TaskStatus.COMPLETED)
    runs.tell(session, run, task, f"{tool.tool_name} is done", f"{task.title}: {text[:200]}")


def _deliver(session: Session, run: AIToolExecution, text: str) -> None:
    """The vendor's delivery; the buyer accepts it, or it is released by itself as any other."""
    vendor = session.get_one(MarketplaceVendor, run.vendor_id)
    if run.listing_id is None or vendor.team_id is None:
        return
    try:
        with session.begin_nested():
            work.deliver(session, Principal.system(vendor.team_id), run.listing_id, text[:4_000])
    except DomainError as error:
        runs.say(session, run, f"It could not be delivered: {error.message}")


def _task_of(session: Session, buyer: Principal, listing: MarketplaceListing, vendor: MarketplaceVendor) -> Task:
    """A listing from scratch has no task: its tool's runs and results need one."""
    task = task_service.create(
        session,
        buyer,
        TaskDraft(
            listing.title, listing.requestor_id, description=listing.description, meta={"category": listing.category}
        ),
    )
    task.marketplace_vendor_id, task.marketplace_listing_id = vendor.id, listing.id
    session.add(task)
    session.flush()
    return task


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        raise Invalid("The message is no JSON.") from None
    if not isinstance(said, dict) or said.get("status") not in ("progress", "completed", "failed"):
        raise Invalid("The message needs a status: progress, completed or failed.")
    return said


def _text(output: Any) -> str:
    return (
        output
        if isinstance(output, str)
        else ""
        if output is None
        else json.dumps(output, ensure_ascii=False, indent=2)
    )


def _cost(value: Any) -> Decimal | None:
    try:
        cost = None if value is None else Decimal(str(value))
    except InvalidOperation:
        raise Invalid("The cost is an amount, as 0.40.") from None
    if cost is not None and not (cost.is_finite() and 0 <= cost <= money.MOST):
        raise Invalid("The cost is an amount, as 0.40.")
    return cost
