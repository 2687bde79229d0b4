"""The one table of what a message does to an exchanged task, and what the states mean for our own tasks.

DRAFT -> PENDING -> ACCEPTED -> IN_PROGRESS <-> BLOCKED -> COMPLETED | CANCELLED; both ends may be reopened.
"""

from taskjuggler_app.models.exchange import BlockedOn, ExchangeState, Kind, Side
from taskjuggler_app.models.tasks import TaskStatus

_OPEN = (ExchangeState.PENDING, ExchangeState.ACCEPTED, ExchangeState.IN_PROGRESS, ExchangeState.BLOCKED)
_UNDER_WAY = _OPEN[1:]
_ENDED = (ExchangeState.COMPLETED, ExchangeState.CANCELLED)

# Kind -> who may say it, in which states, and where it leads (None: the state stays).
RULES: dict[Kind, tuple[Side | None, tuple[ExchangeState, ...], ExchangeState | None]] = {
    Kind.ACCEPT: (Side.DOER, (ExchangeState.PENDING,), ExchangeState.ACCEPTED),
    Kind.REJECT: (Side.DOER, (ExchangeState.PENDING,), ExchangeState.CANCELLED),
    Kind.DELEGATE: (Side.DOER, (ExchangeState.PENDING, ExchangeState.ACCEPTED), None),
    Kind.STATUS_UPDATE: (Side.DOER, _UNDER_WAY, None),
    Kind.COMPLETE: (Side.DOER, _UNDER_WAY, ExchangeState.COMPLETED),
    Kind.CANCEL: (None, _OPEN, ExchangeState.CANCELLED),
    Kind.REOPEN: (Side.REQUESTOR, _ENDED, ExchangeState.PENDING),
    Kind.CLARIFICATION_REQUEST: (Side.DOER, _UNDER_WAY, ExchangeState.BLOCKED),
    Kind.CLARIFICATION_RESPONSE: (Side.REQUESTOR, _UNDER_WAY, ExchangeState.IN_PROGRESS),
    Kind.PROGRESS_REPORT: (Side.DOER, _UNDER_WAY, None),
    Kind.TIMELINE_UPDATE: (None, _OPEN, None),
    Kind.ATTACHMENT_ADD: (None, (*_OPEN, ExchangeState.COMPLETED), None),
    Kind.MESSAGE: (None, tuple(ExchangeState), None),
    Kind.DISPUTE: (Side.REQUESTOR, (ExchangeState.COMPLETED,), None),
    Kind.RESOLUTION: (None, (ExchangeState.COMPLETED,), None),
}

TASK_STATUS = {
    ExchangeState.DRAFT: TaskStatus.PENDING,
    ExchangeState.PENDING: TaskStatus.PENDING,
    ExchangeState.ACCEPTED: TaskStatus.IN_PROGRESS,
    ExchangeState.IN_PROGRESS: TaskStatus.IN_PROGRESS,
    ExchangeState.BLOCKED: TaskStatus.IN_PROGRESS,
    ExchangeState.COMPLETED: TaskStatus.COMPLETED,
    ExchangeState.CANCELLED: TaskStatus.CANCELLED,
}


def refusal(kind: Kind, side: Side, state: ExchangeState) -> str | None:
    """Why the message cannot be said now, or None when it can."""
    who, states, _ = RULES[kind]
    if who is not None and who is not side:
        return f"{kind} is for the {who} to say."
    if state not in states:
        return f"{kind} does not fit a task that is {state}."
    return None


def after(kind: Kind, state: ExchangeState, wanted: ExchangeState | None = None) -> ExchangeState:
    """The state that follows a message which is not refused; `wanted` is what a STATUS_UPDATE asks for."""
    return RULES[kind][2] or (wanted if kind is Kind.STATUS_UPDATE and wanted else state)


def blocked_on(kind: Kind, said: BlockedOn | None) -> BlockedOn | None:
    """What a task that is now BLOCKED waits for."""
    return BlockedOn.INPUT if kind is Kind.CLARIFICATION_REQUEST else (said or BlockedOn.INPUT)
