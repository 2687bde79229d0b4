"""Rules in words: "When category is maintenance and (urgency is high or text contains “leak”)"."""

from collections.abc import Mapping
from typing import Any

from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType
from taskjuggler_app.domain.routing.fields import CUSTOM_PREFIX, MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.operators import Operator

FIELDS: dict[str, str] = {
    "from": "sender",
    "from_name": "sender's name",
    "body": "text",
    "category_confidence": "category confidence",
    "received": "arrival",
    "received_hour": "hour of arrival",
    "received_weekday": "day of arrival",
    "received_date": "date of arrival",
    "received_time": "time of arrival",
    "source_type": "kind of channel",
    "business_hours": "within business hours",
    "has_attachments": "has attachments",
    "is_first_message": "first message of this sender",
    "has_open_task": "sender has an open task",
    "earlier_messages": "number of earlier messages",
    "attachment_count": "number of attachments",
    "contact_lists": "sender's contact lists",
    "urls": "links",
}
"""What a person calls a field, where it is not just its name."""

OPERATORS: dict[Operator, str] = {
    Operator.EQUALS: "is",
    Operator.NOT_EQUALS: "is not",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.CONTAINS: "contains",
    Operator.NOT_CONTAINS: "does not contain",
    Operator.CONTAINS_ANY: "contains one of",
    Operator.CONTAINS_ALL: "contains all of",
    Operator.STARTS_WITH: "starts with",
    Operator.MATCHES: "matches the pattern",
    Operator.GREATER_THAN: "is more than",
    Operator.LESS_THAN: "is less than",
    Operator.BETWEEN: "is between",
    Operator.IS_EMPTY: "is empty",
    Operator.TIME_BETWEEN: "is between",
    Operator.DAY_IN: "is on",
    Operator.CALLER_IN_LIST: "is in the list",
    Operator.CALLER_NOT_IN_LIST: "is not in the list",
}
_PLAIN = frozenset({Kind.NUMBER, Kind.LEVEL, Kind.FLAG, Kind.DAY, Kind.DATES, Kind.TIMES, Kind.MOMENT})
_SPANS = frozenset({Operator.BETWEEN, Operator.TIME_BETWEEN, Operator.CONTAINS_ALL})
_LONGEST = 60
TARGETS = {
    "team_rotation": "whoever is next in turn",
    "team_load": "whoever has least to do",
    "human_vendor": "a vendor",
    "ai_vendor": "an AI vendor",
    "marketplace": "a marketplace listing",
}


def field(name: str) -> str:
    """What a person calls the field."""
    return FIELDS.get(name, name.removeprefix(CUSTOM_PREFIX).replace("_", " "))


def conditions(asked: Conditions) -> str:
    """When the rule matches, as one sentence."""
    return f"When {_together(asked)}" if asked.rules else "Never: it has no conditions"


def condition(one: Condition) -> str:
    """One condition: "category is maintenance"."""
    kind = MESSAGE_FIELDS.get(one.field)
    if kind is Kind.FLAG and one.operator in (Operator.EQUALS, Operator.NOT_EQUALS):
        yes = (str(one.value).lower() == "true") is (one.operator is Operator.EQUALS)
        return f"{field(one.field)} is {'yes' if yes else 'no'}"
    if one.operator is Operator.IS_EMPTY:
        return f"{field(one.field)} {'is not empty' if one.value is False else 'is empty'}"
    return f"{field(one.field)} {OPERATORS[one.operator]} {value(one)}"


def value(one: Condition) -> str:
    """What the condition asks for: text in quotes where it is a piece of a message."""
    quoted = MESSAGE_FIELDS.get(one.field) not in _PLAIN and one.field in ("body", "subject", "summary")
    items = one.value if isinstance(one.value, list) else [one.value]
    is_day = one.operator is Operator.DAY_IN or MESSAGE_FIELDS.get(one.field) is Kind.DAY
    said = [str(item).capitalize() if is_day else _short(item, quoted) for item in items]
    return listed(said, "and" if one.operator in _SPANS else "or")


def actions(does: Mapping[str, Any], member: str = "", list_name: str = "") -> str:
    """What the rule does, as one sentence."""
    beside = []
    if does.get("auto_response"):
        beside.append("reply")
    if does.get("add_to_list"):
        beside.append(f"put the sender on {list_name or 'a contact list'}")
    if does.get("dismiss") is True:
        beside.insert(0, "put the message away")
    elif does.get("create_task") is False:
        beside.insert(0, "keep it in the inbox")
    elif does.get("continue") is not True or not _is_usual(does):
        beside.insert(0, _task(does, member))
    if does.get("tags"):
        beside.append("tag it " + " ".join(f"#{tag}" for tag in does["tags"]))
    said = listed(beside, "and")
    return f"{said[:1].upper()}{said[1:]}{', then go on' if does.get('continue') is True else ''}"


def listed(parts: list[str], word: str) -> str:
    """The parts as people list them: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else "nothing"


def _task(does: Mapping[str, Any], member: str) -> str:
    target = str(does.get("assign_to") or "self")
    to = member or TARGETS.get(target, "the channel's owner")
    priority = str(does.get("priority") or "normal")
    level = {"normal": "", "urgent": "urgent "}.get(priority, f"{priority}-priority ")
    article = "an" if level.startswith("u") else "a"
    due = f", due in {does['due_in_hours']} h" if does.get("due_in_hours") else ""
    return f"make {article} {level}task for {to}{due}"


def _is_usual(does: Mapping[str, Any]) -> bool:
    """Whether it says nothing about the task that would not be so anyway."""
    says_who = does.get("assign_to") not in (None, "self", "owner")
    return not (says_who or does.get("due_in_hours") or does.get("title") or does.get("priority", "normal") != "normal")


def _together(group: Conditions | Group) -> str:
    parts = [condition(one) if isinstance(one, Condition) else _inner(one) for one in group.rules]
    return (" or " if group.match_type is MatchType.ANY else " and ").join(parts)


def _inner(group: Group) -> str:
    return f"{'not ' if group.match_type is MatchType.NOT else ''}({_together(group)})"


def _short(item: Any, quoted: bool) -> str:
    if isinstance(item, bool):
        return "yes" if item else "no"
    said = " ".join(str(item).split())
    said = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
    return f"“{said}”" if quoted or " " in said or not said else said
