"""What each kind of message says: one model a kind, from which the published JSON Schemas come."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl

from taskjuggler_app.models.exchange import BlockedOn, Kind
from taskjuggler_app.models.tasks import Priority

Text = Annotated[str, Field(max_length=20_000)]
Line = Annotated[str, Field(min_length=1, max_length=500)]


class Payload(BaseModel):
    """Root of all: unknown members are kept out of our tables but are no error, so that later versions may add some."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Budget(Payload):
    """At most this much."""

    amount: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    currency: str = Field(pattern="^[A-Z]{3}$")


class TaskCreate(Payload):
    """A task for the target to do."""

    title: Line
    description: Text = ""
    priority: Priority = Priority.NORMAL
    due_date: AwareDatetime | None = None
    tags: list[Annotated[str, Field(max_length=50)]] = Field(default_factory=list, max_length=20)
    scopes: list[Annotated[str, Field(max_length=80)]] = Field(
        default_factory=list,
        max_length=20,
        description="Capability types the task needs, each with an optional @version.",
    )
    budget: Budget | None = None
    depth: int = Field(default=0, ge=0, le=20, description="How often the task was handed on before.")
    path: list[UUID] = Field(
        default_factory=list, max_length=20, description="The actors it went through, oldest first."
    )


class Accept(Payload):
    """The target does it."""

    note: Text = ""
    estimated_completion: AwareDatetime | None = None


class Reason(Payload):
    """Why: of REJECT, CANCEL, REOPEN and DISPUTE."""

    reason: Text = ""


class Delegate(Payload):
    """The target hands the task on."""

    to_actor: UUID
    reason: Text = ""


class StatusUpdate(Payload):
    """Where the work stands; a blocked task says what it waits for."""

    status: Literal["IN_PROGRESS", "BLOCKED"]
    blocked_on: BlockedOn | None = None
    note: Text = ""


class Complete(Payload):
    """The work is done; `result` is what came of it."""

    result: Text = ""


class Said(Payload):
    """A message in the conversation of the two, about the task if the envelope names one."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class Question(Payload):
    """The doer cannot go on without an answer."""

    question: Annotated[str, Field(min_length=1, max_length=20_000)]


class AnswerTo(Payload):
    """The answer; the work goes on."""

    answer: Annotated[str, Field(min_length=1, max_length=20_000)]


class Attachment(Payload):
    """A file by its address; it is shown as a link, and fetched by whoever opens it."""

    name: Line
    url: HttpUrl
    media_type: str = Field(default="application/octet-stream", max_length=100)


class Progress(Payload):
    """How far the work is, in percent."""

    percent: int = Field(ge=0, le=100)
    note: Text = ""


class Timeline(Payload):
    """Another due date."""

    due_date: AwareDatetime | None
    reason: Text = ""


class Resolution(Payload):
    """How a dispute ended."""

    outcome: Literal["upheld", "withdrawn", "settled"]
    note: Text = ""


PAYLOADS: dict[Kind, type[Payload]] = {
    Kind.TASK_CREATE: TaskCreate,
    Kind.ACCEPT: Accept,
    Kind.REJECT: Reason,
    Kind.DELEGATE: Delegate,
    Kind.STATUS_UPDATE: StatusUpdate,
    Kind.COMPLETE: Complete,
    Kind.CANCEL: Reason,
    Kind.REOPEN: Reason,
    Kind.MESSAGE: Said,
    Kind.CLARIFICATION_REQUEST: Question,
    Kind.CLARIFICATION_RESPONSE: AnswerTo,
    Kind.ATTACHMENT_ADD: Attachment,
    Kind.PROGRESS_REPORT: Progress,
    Kind.TIMELINE_UPDATE: Timeline,
    Kind.DISPUTE: Reason,
    Kind.RESOLUTION: Resolution,
}
