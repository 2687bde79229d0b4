"""From the domain's rows to the lines that components draw."""

from datetime import date
from uuid import UUID

from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.receptionist.queries import InboxRow
from taskjuggler_app.domain.tasks.queries import ActionRow, TaskRow
from taskjuggler_app.domain.tasks.story import StoryRow
from taskjuggler_app.domain.tasks.transitions import SAID
from taskjuggler_app.models.tasks import TaskStatus
from taskjuggler_app.web.components import EventLine, InboxLine, TaskLine

_SOURCES = {"phone": "Call", "sms": "Text message", "email": "Email", "web": "Web form", "api": "API"}


def source_of(row: TaskRow) -> str:
    """Where a task came from, in words; nothing when somebody wrote it down."""
    return " · ".join(part for part in (_SOURCES.get(row.source_type, ""), row.source_channel) if part)


def task_line(row: TaskRow) -> TaskLine:
    """A task as a list shows it."""
    source = source_of(row)
    tags = " ".join(f"#{tag}" for tag in row.tags)
    return TaskLine(
        id=row.id,
        href=f"/tasks/{row.id}",
        title=row.title,
        status=row.status,
        priority=row.priority,
        category=row.category,
        doer=row.doer,
        doer_picture=row.doer_picture,
        source="  ".join(part for part in (source, tags) if part),
        due=row.due_at[:10],
        due_at=row.due_at,
        overdue=row.overdue,
        at=row.created_at,
        when=row.created_at[:10],
        steps=f"{row.steps_done}/{row.steps}" if row.steps else "",
        repeats=bool(row.recurrence),
    )


def inbox_line(row: InboxRow) -> InboxLine:
    """A message as a list shows it."""
    return InboxLine(
        id=row.id,
        href=f"/inbox/{row.id}",
        channel=row.source_type,
        sender=row.sender,
        summary=row.summary,
        text=row.body[:200],
        category=row.category,
        state=row.processing_status,
        outcome=_became(row),
        unread=row.is_unread,
        at=row.received_at,
        when=row.received_at[:10],
        has_files=row.has_attachments,
        assignee=row.assigned_to,
        assignee_picture=row.assigned_picture,
    )


def action_line(row: ActionRow) -> EventLine:
    """A line of a task's history."""
    icon, text = _said(row)
    return EventLine(id=row.id, icon=icon, who=row.who, text=text, at=row.at, when=row.at[:10])


def story_line(row: StoryRow) -> EventLine:
    """A line of a task's story."""
    icon, text = _EVENTS.get(row.kind, ("circle-dot", row.kind.partition(".")[2].replace("_", " ")))
    if row.kind == "task.status_changed":
        to = SAID[TaskStatus(row.to)] if row.to in TaskStatus._value2member_map_ else row.to
        icon, text = _STATUS_ICONS.get(row.to, icon), f"set it to {to}"
    elif row.kind == "task.assigned":
        text = f"gave it to {row.to}" if row.to else "took it from its doer"
    elif row.kind == "listing.awarded" and row.to:
        text = f"gave the job to {row.to}"
    return EventLine(id=str(row.id), icon=icon, who=row.who, text=text, note=row.note, at=row.at, when=row.at[:10])


def event_line(row: EventRow) -> EventLine:
    """A line of a case's log."""
    icon, text = _EVENTS.get(row.kind, ("circle-dot", said(row.kind)))
    note = str(row.data.get("note") or row.data.get("rule") or row.data.get("error") or "")
    return EventLine(id=str(row.id), icon=icon, who=row.who, text=text, note=note, at=row.at, when=row.at[:10])


def said(kind: str) -> str:
    """What a kind of event says, after the name of who did it: "added the site", "changed the role of the team"."""
    if kind in _EVENTS:
        return _EVENTS[kind][1]
    spelled = kind if "." in kind else kind.replace("_", ".", 1)
    noun, _, action = spelled.replace("_", " ").partition(".")
    thing, _, deed = action.rpartition(" ")
    if thing and deed.endswith("ed") and not thing.endswith("ed"):
        return f"{deed} the {thing} of the {noun}"
    return f"{action} the {noun}"


def as_id(value: str) -> UUID:
    """The id that a row's text spells."""
    return parse_uuid(value)


def short_day(day: str) -> str:
    """A date as a chart's axis has it: the day of the month."""
    return str(date.fromisoformat(day).day)


_EVENTS = {
    "message.received": ("inbox", "received the message"),
    "message.extracted": ("sparkles", "read the facts out of it"),
    "message.routed": ("route", "decided by the rules"),
    "message.failed": ("circle-alert", "could not process it"),
    "message.retried": ("refresh-cw", "asked to process it again"),
    "message.dismissed": ("circle-x", "dismissed it"),
    "message.restored": ("undo-2", "brought it back"),
    "approval.proposed": ("shield-check", "asked for leave"),
    "approval.approved": ("check", "approved it"),
    "approval.refused": ("circle-x", "refused it"),
    "approval.executed": ("play", "did what was approved"),
    "approval.expired": ("clock", "got no answer in time"),
    "task.tool_asked": ("bot", "asked a tool to work on it"),
    "task.tool_finished": ("bot", "brought a tool's result"),
    "task.tool_failed": ("circle-alert", "could not finish a tool's run"),
    "listing.published": ("briefcase", "put it on the marketplace"),
    "listing.reopened": ("briefcase", "put it on the marketplace again"),
    "listing.awarded": ("briefcase", "gave the job to a vendor"),
    "listing.cancelled": ("circle-x", "took it off the marketplace"),
    "listing.expired": ("clock", "took it off the marketplace: its time was up"),
    "bid.placed": ("tag", "bid"),
    "bid.changed": ("tag", "changed the bid"),
    "bid.withdrawn": ("undo-2", "took the bid back"),
    "work.delivered": ("check", "delivered the work"),
    "work.accepted": ("check-check", "accepted the work"),
    "work.rated": ("star", "rated the work"),
    "work.rating_answered": ("message-circle", "answered the rating"),
    "payment.opened": ("credit-card", "opened the payment"),
    "payment.held": ("lock", "holds the money"),
    "payment.tried_again": ("refresh-cw", "tries the payment again"),
    "payment.declined": ("circle-alert", "could not take the money"),
    "payment.released": ("credit-card", "paid the vendor"),
    "payment.refund_ordered": ("undo-2", "ordered the money back"),
    "payment.returned": ("undo-2", "sent the money back"),
    "payment.cancelled": ("circle-x", "cancelled the payment"),
    "payment.recorded": ("credit-card", "noted a payment by hand"),
    "payment.confirmed": ("check", "confirmed the payment"),
    "payment.disputed": ("circle-alert", "disputed the payment"),
    "payment.dispute_answered": ("message-circle", "answered the dispute"),
    "payment.dispute_withdrawn": ("undo-2", "took the dispute back"),
    "payment.dispute_decided": ("shield-check", "decided the dispute"),
    "task.created": ("list-checks", "made the task"),
    "task.assigned": ("user", "gave the task to somebody"),
    "task.status_changed": ("circle-dot", "changed its status"),
    "task.edited": ("pencil", "changed what the task says"),
    "task.commented": ("message-circle", "commented on the task"),
    "task.checklist_changed": ("list-checks", "worked on the checklist"),
    "task.declined": ("undo-2", "gave the task back"),
    "task.deleted": ("trash-2", "put the task into the bin"),
    "task.restored": ("rotate-ccw", "took the task out of the bin"),
    "task.attached": ("paperclip", "attached a file"),
    "task.detached": ("paperclip", "took a file off"),
    "task.answered": ("message-circle", "wrote again"),
    "task.invited": ("user-plus", "invited somebody to help"),
    "task.invitation_accepted": ("user-check", "accepted the invitation"),
    "task.invitation_declined": ("circle-x", "declined the invitation"),
    "task.invitation_revoked": ("x", "took an invitation back"),
    "task.invitation_kept": ("user-check", "kept the task in an account"),
}


_STATUS_ICONS = {"in_progress": "play", "completed": "circle-check", "cancelled": "circle-x", "pending": "undo-2"}


_ACTIONS = {
    "edited": ("pencil", "changed what it says"),
    "commented": ("message-circle", "commented"),
    "checklist_changed": ("list-checks", "worked on the checklist"),
    "declined": ("undo-2", "gave it back"),
    "deleted": ("trash-2", "put it into the bin"),
    "restored": ("rotate-ccw", "took it out of the bin"),
    "attached": ("paperclip", "attached a file"),
    "detached": ("paperclip", "took a file off"),
    "invited": ("user-plus", "invited somebody to help"),
    "invitation_accepted": ("user-check", "accepted the invitation"),
    "invitation_declined": ("circle-x", "declined the invitation"),
    "invitation_revoked": ("x", "took an invitation back"),
    "invitation_kept": ("user-check", "kept the task in an account"),
}


def _became(row: InboxRow) -> str:
    if row.folder in ("spam", "snoozed"):
        return row.folder.title()
    if row.processing_status == "failed":
        return "Failed"
    if row.processing_status in ("pending", "processing"):
        return "Reading…"
    return {"created_task": "Task made", "dismissed": "Dismissed", "processed": "Kept"}.get(row.status, "")


def _said(row: ActionRow) -> tuple[str, str]:
    if row.action == "status_changed":
        to = SAID[TaskStatus(row.data["to"])] if row.data.get("to") in SAID else row.data.get("to", "")
        return "circle-dot", f"set it to {to}"
    if row.action == "assigned":
        return "user", f"gave it to {row.data['to']}" if row.data.get("to") else "took it from its doer"
    if row.action in _ACTIONS:
        return _ACTIONS[row.action]
    if row.action == "created":
        source = _SOURCES.get(row.data.get("source", ""), "")
        return "plus", f"made this task from a {source.lower()}" if source else "made this task"
    return "circle-dot", row.action.replace("_", " ")
