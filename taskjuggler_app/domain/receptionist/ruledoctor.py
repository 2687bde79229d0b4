"""The doctor's visit to a workspace: its rules, its last messages, and how an answer to it would be read."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist.extraction import extract, facts
from taskjuggler_app.domain.routing import doctor, recent, saying, service, versions
from taskjuggler_app.domain.routing import queries as rules
from taskjuggler_app.domain.routing.compiling import Facts
from taskjuggler_app.domain.routing.conditions import flat
from taskjuggler_app.domain.routing.doctor import Finding, Fix
from taskjuggler_app.models.users import User

YOUNG = timedelta(days=14)
DEFAULT_REGION = "US"
_SHOWN = 200
_UNREADABLE = "unreadable"
_FIXES = {
    Fix.SWITCH_OFF: "Switch it off",
    Fix.PUT_BEFORE: "Try it before the other",
    Fix.EITHER: "Accept either of them",
    Fix.STOP_REPLYING: "Take its reply out",
}


@dataclass
class Said:
    """A field of a witness message as a person reads it."""

    name: str = ""
    value: str = ""


@dataclass
class FindingRow:
    """A finding as the page shows it; `fix` is what `mend` takes, `fix_label` the words on its button."""

    id: str = ""
    kind: str = ""
    rule_id: str = ""
    rule: str = ""
    other_id: str = ""
    other: str = ""
    sentence: str = ""
    shown: str = ""
    fix: str = ""
    fix_label: str = ""
    witness: list[Said] = field(default_factory=list)


def examine(session: Session, principal: Principal) -> list[FindingRow]:
    """What is wrong with the workspace's active rules, first rule first."""
    version = versions.current(session, principal.team_id)
    seen = recent.recent(session, principal.team_id)
    listed = [row for row in rules.rules(session, principal) if row.is_active]
    since = clock.utcnow() - YOUNG
    user = session.get_one(User, principal.user_id) if principal.user_id else None
    zone = (user.timezone if user else None) or "UTC"
    patient = doctor.Patient(
        version.rules,
        version.actions,
        seen.frame,
        seen.facts,
        frozenset(str(rule.id) for rule in rules.active(session, principal.team_id) if rule.created_at > since),
        lambda message, reply: answered(message, reply, zone, clock.utcnow()),
    )
    unreadable = [
        FindingRow(f"x{row.id}", _UNREADABLE, row.id, row.name, sentence=f"It is passed over: {row.problem}")
        for row in listed
        if row.problem
    ]
    return [*unreadable, *(_row(finding) for finding in doctor.examine(patient))]


def mend(session: Session, principal: Principal, rule_id: UUID, fix: str, other_id: UUID | None = None) -> None:
    """What one click does about a finding."""
    if fix == Fix.PUT_BEFORE and other_id is not None:
        service.put_before(session, principal, rule_id, other_id)
    elif fix == Fix.EITHER:
        service.accept_either(session, principal, rule_id)
    elif fix == Fix.STOP_REPLYING:
        service.stop_replying(session, principal, rule_id)
    elif fix == Fix.SWITCH_OFF:
        service.set_active(session, principal, rule_id, False)
    else:
        raise Invalid("There is no such remedy.", "fix")


def answered(message: Facts, reply: str, zone: str, now: datetime) -> Facts:
    """The message that comes when the sender's mailbox answers by itself and quotes the reply that it got."""
    read = extract(reply, received_at=now, zone=zone, region=DEFAULT_REGION)
    said = facts(
        read,
        body=reply,
        sender=str(message.get("from") or ""),
        received_at=now,
        zone=zone,
        subject=str(message["subject"]) if message.get("subject") else None,
        sender_name=message.get("from_name"),
        channel=message.get("channel"),
        source_type=message.get("source_type"),
    )
    when = {name: value for name, value in message.items() if name.startswith("received") or name == "business_hours"}
    kept = {name: message[name] for name in ("contact_lists", "language") if name in message}
    before = message.get("earlier_messages")
    more = {"is_first_message": False, "earlier_messages": (before if isinstance(before, int) else 0) + 1}
    return {**said, **when, **kept, **more, "has_open_task": True, "attachment_count": 0}


def _row(finding: Finding) -> FindingRow:
    rule_id, other = finding.rule.id or "", finding.other
    return FindingRow(
        id=f"{finding.kind}-{rule_id}",
        kind=finding.kind.value,
        rule_id=rule_id,
        rule=finding.rule.name,
        other_id=(other.id or "") if other else "",
        other=other.name if other else "",
        sentence=finding.sentence,
        shown=finding.shown,
        fix=finding.fix.value,
        fix_label=_FIXES[finding.fix],
        witness=_message(finding),
    )


def _message(finding: Finding) -> list[Said]:
    """The fields of the witness that the rules involved ask about."""
    asked = [rule for rule in (finding.rule, finding.other) if rule is not None]
    names = dict.fromkeys(one.field for rule in asked for one in flat(rule.conditions))
    if any(name == "from" for name in names):
        names["contact_lists"] = None
    return [
        Said(saying.field(name), _text(finding.witness[name])) for name in names if _text(finding.witness.get(name))
    ]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
