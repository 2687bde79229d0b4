"""From a routing decision to a task: what the matched rule's actions say, and what stands in where they cannot."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.domain.routing.engine import Outcome
from taskjuggler_app.domain.routing.trace import to_json
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, RoutingRule
from taskjuggler_app.models.tasks import Priority
from taskjuggler_app.models.teams import TeamMember
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

    def stored(self) -> dict[str, Any]:
        """The trace as kept with the message."""
        rule_id = str(self.rule_id) if self.rule_id else None
        return {"rule_id": rule_id, "rule": self.rule_name, "note": self.note, "rules": self.trace}


def assign(session: Session, item: InboxItem, outcome: Outcome) -> Assignment:
    """The assignment that the outcome asks for.

    No rule: a normal task for the person responsible for the channel, tagged `unrouted`. A rule whose target is gone
    falls back to that person too, and the note says so.
    """
    trace = to_json(outcome.trace) if outcome.trace else []
    stored = session.get(RoutingRule, UUID(outcome.rule.id)) if outcome.rule and outcome.rule.id else None
    owner = session.get_one(User, item.user_id).name
    if stored is None:
        note = f"No rule matched, so it went to {owner}, who is responsible for the channel."
        draft = _draft(session, item, {"tags": [UNROUTED]}, owner_id=item.user_id)
        return Assignment(draft, None, "", note, trace)
    actions = stored.actions
    if actions.get("create_task") is False:
        note = f"“{stored.name}” matched: the message stays in the inbox."
        return Assignment(None, stored.id, stored.name, note, trace)
    member_id, name = _target(session, item, actions)
    if member_id is not None:
        draft = _draft(session, item, actions, team_member_id=member_id)
        return Assignment(draft, stored.id, stored.name, f"“{stored.name}” matched, so it went to {name}.", trace)
    draft = _draft(session, item, actions, owner_id=item.user_id)
    if actions.get("assign_to", "self") in ("self", "owner"):
        note = f"“{stored.name}” matched, so it went to {owner}, who is responsible for the channel."
    else:
        note = f"“{stored.name}” matched, but who it names is not here any more, so it went to {owner}."
    return Assignment(draft, stored.id, stored.name, note, trace)


def _target(session: Session, item: InboxItem, actions: dict[str, Any]) -> tuple[UUID | None, str]:
    """The member whom the rule names, if they are still in the workspace."""
    if actions.get("assign_to") != "team_member":
        return None, ""
    try:
        member = session.get(TeamMember, UUID(str(actions.get("team_member_id"))))
    except ValueError:
        return None, ""
    if member is None or member.team_id != item.team_id:
        return None, ""
    return member.id, session.get_one(User, member.user_id).name


def _draft(
    session: Session,
    item: InboxItem,
    actions: dict[str, Any],
    *,
    owner_id: UUID | None = None,
    team_member_id: UUID | None = None,
) -> TaskDraft:
    if owner_id is not None and (own := teams.membership_id(session, item.team_id, owner_id)) is not None:
        owner_id, team_member_id = None, own
    extracted = item.extracted_data or {}
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    return TaskDraft(
        title=str(actions.get("title") or extracted.get("summary") or item.subject or item.body or "New message"),
        description=item.body,
        requestor_id=item.user_id,
        owner_id=owner_id,
        team_member_id=team_member_id,
        priority=_priority(actions.get("priority")),
        tags=[str(tag)[:50] for tag in actions.get("tags") or []][:20],
        inbox_item_id=item.id,
        source_type=item.source_type,
        source_channel_id=item.channel_id,
        source_channel=(channel.name or channel.phone_number or "")[:50] if channel else None,
        source_channel_ref=item.source_id,
        meta={"category": extracted.get("category", {}).get("value", "")},
        tells_doer=actions.get("notify") is not False,
    )


def _priority(value: object) -> Priority:
    try:
        return Priority(str(value))
    except ValueError:
        return Priority.NORMAL
