"""What a new task says."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from taskjuggler_app.models.receptionist import SourceType
from taskjuggler_app.models.tasks import Priority

TITLE_LENGTH = 500


@dataclass(frozen=True)
class TaskDraft:
    """What a new task says. At most one of `owner_id`, `team_member_id` and `marketplace_vendor_id` names its doer;
    none: unclaimed.

    `tells_doer` is whether they get a notification.
    """

    title: str
    requestor_id: UUID
    description: str | None = None
    priority: Priority = Priority.NORMAL
    owner_id: UUID | None = None
    team_member_id: UUID | None = None
    marketplace_vendor_id: UUID | None = None
    due_date: datetime | None = None
    due_zone: str | None = None
    tags: list[str] = field(default_factory=list)
    checklist: list[dict[str, Any]] = field(default_factory=list)
    recurrence: str | None = None
    recurs_from: UUID | None = None
    project_id: UUID | None = None
    process_id: UUID | None = None
    process_step_id: str | None = None
    inbox_item_id: UUID | None = None
    source_type: SourceType | None = None
    source_channel_id: UUID | None = None
    source_channel: str | None = None
    source_channel_ref: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    tells_doer: bool = True
