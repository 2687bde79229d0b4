"""A case as one timeline: its messages, the answers with what became of them, and everything that happened between."""

from dataclasses import dataclass

from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.receptionist.conversations import Letter
from taskjuggler_app.web.pages import lines

_STATES = {
    "queued": "On its way",
    "sent": "Sent",
    "delivered": "Delivered",
    "failed": "Not delivered",
    "withheld": "Not sent",
    "cancelled": "Taken back",
}
_KINDS = {"auto_reply": "Automatic reply", "answer": "Automatic answer", "reply": ""}
_SAID = {
    "message.snoozed": ("clock", "snoozed it"),
    "message.unsnoozed": ("clock", "ended its snooze"),
    "message.woke": ("clock", "brought it back after its snooze"),
    "message.assigned": ("user", "assigned it"),
    "message.spam": ("shield", "moved it to spam"),
    "message.not_spam": ("shield-check", "took it out of spam"),
    "message.blocked": ("hand", "put it with the spam: its sender is blocked"),
    "message.reread": ("sparkles", "read its new words"),
    "message.joined": ("link", "joined it to the case"),
    "message.task_made": ("list-checks", "made a task of it"),
    "message.split": ("split", "made it a case of its own"),
    "sender.blocked": ("hand", "blocked its sender"),
    "call.missed_text": ("message-square", "texted the caller back"),
    "task.answered": ("message-circle", "took it to the task"),
    "reply.sent": ("send", "handed the reply over"),
    "reply.delivered": ("check-check", "heard that the reply arrived"),
    "reply.failed": ("triangle-alert", "could not deliver the reply"),
    "reply.cancelled": ("undo-2", "took the reply back"),
}
# What the letters themselves show.
_HIDDEN = frozenset({"reply.queued", "reply.withheld", "message.received"})


@dataclass
class StreamLine:
    """A line of the timeline: a letter of theirs (`in`), one of ours (`out`), or an event (`event`)."""

    id: str = ""
    kind: str = "event"
    icon: str = "circle-dot"
    who: str = ""
    text: str = ""
    note: str = ""
    label: str = ""
    via: str = ""
    href: str = ""
    at: str = ""
    when: str = ""
    state: str = ""
    state_said: str = ""
    waits: bool = False


def stream(
    letters: list[Letter], events: list[EventRow], received_at: str
) -> tuple[list[StreamLine], list[StreamLine]]:
    """What came before the message that is open, and what after it, each oldest first."""
    all_of_it = [
        *(_letter(one) for one in letters),
        *(_event(one) for one in events if one.kind not in _HIDDEN),
    ]
    all_of_it.sort(key=lambda line: line.at)
    return [one for one in all_of_it if one.at < received_at], [one for one in all_of_it if one.at >= received_at]


def _letter(one: Letter) -> StreamLine:
    files = "" if not one.files else "1 file" if one.files == 1 else f"{one.files} files"
    return StreamLine(
        id=one.id,
        kind="in" if one.kind == "message" else "out",
        who=one.who,
        text=one.text,
        note=one.reason or files,
        label=_KINDS.get(one.kind, ""),
        via=one.via,
        href=one.href,
        at=one.at,
        when=one.at[:10],
        state=one.state,
        state_said=_STATES.get(one.state, ""),
        waits=one.waits,
    )


def _event(row: EventRow) -> StreamLine:
    line = lines.event_line(row)
    icon, text = _SAID.get(row.kind, (line.icon, line.text))
    note = line.note if not row.kind.startswith("reply.") or row.kind == "reply.failed" else ""
    return StreamLine(id=line.id, icon=icon, who=line.who, text=text, note=note, at=row.at, when=line.when)
