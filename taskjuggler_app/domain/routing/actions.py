"""What a rule may do with a message: the registry of actions, how each is checked, and how several rules combine."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.models.tasks import Priority

MOST_TAGS, TAG_LENGTH, TITLE_LENGTH, REPLY_LENGTH = 20, 50, 500, 1_600
LONGEST_DUE_HOURS = 24 * 366
OWN = ("self", "owner")
TARGETS = (
    *OWN,
    "team_member",
    "team_rotation",
    "team_load",
    "human_vendor",
    "ai_vendor",
    "marketplace",
)
"""Whom a task may go to; the owner stands in where the one named is gone, and the task says so."""
VENDORS = ("human_vendor", "ai_vendor")
LISTED = frozenset({"category", "budget_type", "budget_min", "budget_max", "publish"})
"""What a rule may say of the listing it opens; all else comes from the task."""
Checks = Callable[[Any], bool]


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text(longest: int) -> Checks:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _tags(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_TAGS
        and all(isinstance(tag, str) and 0 < len(tag.strip()) <= TAG_LENGTH for tag in value)
    )


def _hours(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int) and 0 < value <= LONGEST_DUE_HOURS


def _id(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _listing(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= LISTED or not _flag(value.get("publish", False)):
        return False
    return all(isinstance(said, str) and len(said) <= 50 for name, said in value.items() if name != "publish")


ACTIONS: dict[str, tuple[Checks, str]] = {
    "create_task": (_flag, "create_task is true or false"),
    "title": (_text(TITLE_LENGTH), f"The title is a text of at most {TITLE_LENGTH} characters"),
    "priority": (lambda value: value in [p.value for p in Priority], "The priority is low, normal, high or urgent"),
    "due_in_hours": (_hours, f"A task is due in 1 to {LONGEST_DUE_HOURS} hours"),
    "tags": (_tags, f"Tags are at most {MOST_TAGS} words of at most {TAG_LENGTH} characters"),
    "assign_to": (lambda value: value in TARGETS, f"A task goes to one of {', '.join(TARGETS)}"),
    "team_member_id": (_text(36), "Choose who in the workspace gets the task"),
    "vendor_id": (_id, "Choose a vendor"),
    "listing": (_listing, f"A listing is an object of texts: {', '.join(sorted(LISTED))} (true or false)"),
    "notify": (_flag, "notify is true or false"),
    "auto_response": (_text(REPLY_LENGTH), f"A reply is a text of at most {REPLY_LENGTH} characters"),
    "add_to_list": (_id, "Choose a contact list"),
    "dismiss": (_flag, "dismiss is true or false"),
    "continue": (_flag, "continue is true or false"),
}
"""Every action with its check and what is said when it fails."""


def checked(actions: object) -> dict[str, Any]:
    """The actions, complete. Invalid, with the place, for one that is unknown or could not be carried out."""
    if not isinstance(actions, dict):
        raise Invalid("Actions are an object.", "actions")
    for name, value in actions.items():
        if name not in ACTIONS:
            raise Invalid(f"There is no action called {name!r}.", f"actions.{name}")
        check, problem = ACTIONS[name]
        if not check(value):
            raise Invalid(f"{problem}.", f"actions.{name}")
    return {"create_task": True, "notify": True, "assign_to": "self", **actions}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules that matched ask for together, before anybody is looked up."""

    routed: bool = False
    keeps: bool = False
    dismisses: bool = False
    assign_to: str = "self"
    assignee_id: str = ""
    priority: str = "normal"
    reply: str = ""

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)


def combined(sets: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The actions of the rules that decide, in order: the first to say something has the word; tags add up.

    A rule that continues without naming a doer leaves that to the next.
    """
    found: dict[str, Any] = {}
    for place, actions in enumerate(sets):
        last = place == len(sets) - 1
        said = (
            actions if last or not actions.get("continue") else {k: v for k, v in actions.items() if not _usual(k, v)}
        )
        for name, value in said.items():
            if name == "tags":
                found["tags"] = list(dict.fromkeys([*found.get("tags", []), *value]))[:MOST_TAGS]
            else:
                found.setdefault(name, value)
    return found


def plan(sets: Sequence[dict[str, Any]]) -> Plan:
    """What comes of it; an unrouted message becomes a normal task for the owner."""
    actions = combined(sets)
    target = str(actions.get("assign_to") or "self")
    return Plan(
        routed=bool(sets),
        keeps=actions.get("create_task") is False,
        dismisses=actions.get("dismiss") is True,
        assign_to="self" if target in OWN else target,
        assignee_id=str(actions.get("team_member_id") or actions.get("vendor_id") or "") if target not in OWN else "",
        priority=str(actions.get("priority") or "normal"),
        reply=str(actions.get("auto_response") or ""),
    )


def _usual(name: str, value: Any) -> bool:
    """Whether the action only says what happens anyway."""
    return (name, value) in (("create_task", True), ("notify", True), ("assign_to", "self"), ("priority", "normal"))
