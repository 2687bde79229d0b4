"""From a routing decision to a task: what the matched rule's actions say, and what stands in where they cannot."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import doers
from taskjuggler_app.domain.routing.actions import combined
from taskjuggler_app.domain.routing.service import Decided
from taskjuggler_app.domain.routing.trace import to_json
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem
from taskjuggler_app.models.tasks import Priority
from taskjuggler_app.models.users import User

UNROUTED = "unrouted"


@dataclass(frozen=True)
class Assignment:
    """What to do with a message: the task to make, or None to keep it in the inbox; and the story of why."""

    draft: TaskDraft | None
    rule_id: UUID | None
    rule_name: str
    note: str
    trace: list[dict[str, Any]]
    reply: str = ""
    list_id: UUID | None = None
    dismisses: bool = False
    listing: dict[str, Any] | None = None

    def stored(self) -> dict[str, Any]:
        """The trace as kept with the message."""
        rule_id = str(self.rule_id) if self.rule_id else None
        return {"rule_id": rule_id, "rule": self.rule_name, "note": self.note, "rules": self.trace}


def assign(session: Session, item: InboxItem, decided: Decided) -> Assignment:
    """The assignment that the decision asks for.

    No rule: a normal task for the person responsible for the channel, tagged `unrouted`. A rule whose target is gone
    falls back to that person too, and the note says so.
    """
    outcome = decided.outcome
    trace = to_json(outcome.trace) if outcome.trace else []
    owner = session.get_one(User, item.user_id).name
    if not outcome.matched:
        note = f"No rule matched, so it went to {owner}, who is responsible for the channel."
        draft = _draft(session, item, {"tags": [UNROUTED]}, owner_id=item.user_id)
        return Assignment(draft, None, "", note, trace)
    last = outcome.matched[-1]
    rule_id, named = UUID(str(last.id)), " and ".join(f"“{rule.name}”" for rule in outcome.matched)
    actions = combined(decided.actions)
    beside: dict[str, Any] = {
        "reply": str(actions.get("auto_response") or "").strip(),
        "list_id": _uuid(actions.get("add_to_list")),
    }
    if actions.get("dismiss") is True:
        return Assignment(
            None, rule_id, last.name, f"{named} matched: the message is put away.", trace, dismisses=True, **beside
        )
    if actions.get("create_task") is False:
        note = f"{named} matched: the message stays in the inbox."
        return Assignment(None, rule_id, last.name, note, trace, **beside)
    doer = doers.choose(session, item.team_id, actions, rule_id)
    lists = actions.get("assign_to") == "marketplace"
    mine = item.user_id if doer.member_id is None and doer.vendor_id is None else None
    draft = _draft(
        session, item, actions, owner_id=mine, team_member_id=doer.member_id, marketplace_vendor_id=doer.vendor_id
    )
    if doer.missing:
        note = f"{named} matched, but {doer.missing}, so it went to {owner}."
    elif lists:
        note = f"{named} matched and asks for a marketplace listing; until a vendor is chosen, {owner} has the task."
    else:
        to = doer.name or f"{owner}, who is responsible for the channel"
        note = f"{named} matched, so it went to {to}."
    if lists:
        beside["listing"] = dict(actions.get("listing") or {})
    return Assignment(draft, rule_id, last.name, note, trace, **beside)


def by_hand(session: Session, item: InboxItem, principal: Principal) -> TaskDraft:
    """The draft of a task that a person makes of a message, for themselves."""
    return _draft(session, item, {}, owner_id=principal.user_id or item.user_id)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _draft(
    session: Session,
    item: InboxItem,
    actions: dict[str, Any],
    *,
    owner_id: UUID | None = None,
    team_member_id: UUID | None = None,
    marketplace_vendor_id: UUID | None = None,
) -> TaskDraft:
    if owner_id is not None and (own := teams.membership_id(session, item.team_id, owner_id)) is not None:
        owner_id, team_member_id = None, own
    extracted = item.extracted_data or {}
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    due = actions.get("due_in_hours")
    return TaskDraft(
        title=str(actions.get("title") or extracted.get("summary") or item.subject or item.body or "New message"),
        description=item.body,
        requestor_id=item.user_id,
        owner_id=owner_id,
        team_member_id=team_member_id,
        marketplace_vendor_id=marketplace_vendor_id,
        priority=_priority(actions.get("priority")),
        due_date=clock.utcnow() + timedelta(hours=due) if isinstance(due, int) and due > 0 else None,
        tags=[str(tag)[:50] for tag in actions.get("tags") or []][:20],
        inbox_item_id=item.id,
        source_type=item.source_type,
        source_channel_id=item.channel_id,
        source_channel=(channel.name or channel.phone_number or "")[:50] if channel else None,
        source_channel_ref=item.source_id,
        meta={
            "category": extracted.get("category", {}).get("value", ""),
            **({"listing": dict(actions.get("listing") or {})} if actions.get("assign_to") == "marketplace" else {}),
        },
        tells_doer=actions.get("notify") is not False,
    )


def _priority(value: object) -> Priority:
    try:
        return Priority(str(value))
    except ValueError:
        return Priority.NORMAL
