"""An AI vendor's tools in the demo workspace: a run that is done, and one that waits for a yes."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import asking, configs, results, runs
from taskjuggler_app.domain.aitools.calls import Output
from taskjuggler_app.domain.aitools.configs import ToolDraft
from taskjuggler_app.domain.aitools.functions import FUNCTIONS
from taskjuggler_app.domain.aitools.template import text_of
from taskjuggler_app.domain.marketplace import vendors
from taskjuggler_app.domain.marketplace.vendors import VendorDraft
from taskjuggler_app.models.tasks import Task, TaskStatus

_TOOLS = (
    ToolDraft("Summary", function="summarise"),
    ToolDraft("Draft reply", function="draft_reply"),
    ToolDraft("Page check", function="scan_page"),
    ToolDraft(
        "Parts finder",
        tool_type="api",
        url="https://parts.example.com/v1/find",
        secret="demo-key",  # noqa: S106  # opens nothing
        template='{"need": "{{title}}", "details": "{{description}}"}',
        output_path="answer",
        cost="0.25",
        budget="1.00",
    ),
)


def load(session: Session, owner: Principal, now: datetime) -> None:
    """A helper of the workspace's own, with four tools."""
    draft = VendorDraft(
        "Workshop helper",
        "ai",
        description="Summaries, drafts and checks for our own tasks.",
        categories=["support", "maintenance"],
        pricing_model="per_task",
        base_rate="2.00",
    )
    vendor = vendors.save(session, owner, draft)
    made = [configs.save(session, owner, vendor.id, one) for one in _TOOLS]
    open_ones = session.exec(
        select(Task.id)
        .where(
            Task.team_id == owner.team_id,
            col(Task.deleted_at).is_(None),
            col(Task.status).in_([TaskStatus.PENDING, TaskStatus.IN_PROGRESS]),
        )
        .order_by(col(Task.created_at).desc())
        .limit(2)
    ).all()
    if len(open_ones) < 2:
        return
    with clock.at(now - timedelta(minutes=25)):
        run = asking.request(session, owner, open_ones[0], made[1].id)
        call = runs.begin(session, run.id)
        write = FUNCTIONS["draft_reply"].offline
        if call is not None and write is not None:
            note = "Done by rules: no language model is set up."
            results.finish(session, run.id, call.attempt, Output(write(text_of(call.given)), note=note))
    with clock.at(now - timedelta(minutes=10)):
        asking.request(session, owner, open_ones[1], made[3].id)
