"""What the rule editor offers: the fields by topic, the comparisons of each kind of field, the input of each."""

from taskjuggler_app.domain.routing import saying
from taskjuggler_app.domain.routing.fields import CUSTOM_PREFIX, LEVELS, MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.operators import Operator
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.components.chips import CATEGORIES

O = Operator  # noqa: E741  # the tables read better with a short name
NOT_EMPTY = "is_not_empty"
"""In the editor only: is_empty with the value false."""
CUSTOM = "custom"
SENDER = "sender"
"""The editor's own kind for the field `from`, which can also be asked about lists."""

TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What it is about", ("category", "urgency", "sentiment", "keywords", "summary", "language")),
    ("What it says", ("subject", "body", "location", "dates", "times", "phones", "emails", "urls")),
    ("Who sent it", ("from", "from_name", "contact_lists", "is_first_message", "earlier_messages", "has_open_task")),
    ("When it came", ("business_hours", "received", "received_weekday", "received_date", "received_hour")),
    ("How it came", ("channel", "source_type", "has_attachments", "attachment_count", "attachment_names")),
    (
        "More",
        (
            *("attachment_types", "contact_name", "contact_phone", "contact_email", "locations", "priority"),
            *("category_confidence", "sentiment_score", "received_time"),
        ),
    ),
)
_EMPTY: tuple[str, ...] = (O.IS_EMPTY, NOT_EMPTY)
_TEXT: tuple[str, ...] = (
    *(O.CONTAINS, O.NOT_CONTAINS, O.CONTAINS_ANY, O.CONTAINS_ALL, O.EQUALS, O.NOT_EQUALS, O.IN, O.NOT_IN),
    *(O.STARTS_WITH, O.MATCHES, *_EMPTY),
)
_COMPARED: tuple[str, ...] = (O.GREATER_THAN, O.LESS_THAN, O.BETWEEN)
_OPERATORS: dict[str, tuple[str, ...]] = {
    Kind.TEXT: (O.EQUALS, O.NOT_EQUALS, O.IN, O.NOT_IN, *_TEXT[:4], O.STARTS_WITH, O.MATCHES, *_EMPTY),
    "words": _TEXT,
    SENDER: (O.EQUALS, O.NOT_EQUALS, O.CALLER_IN_LIST, O.CALLER_NOT_IN_LIST, O.IN, O.NOT_IN, O.CONTAINS, O.STARTS_WITH),
    Kind.NUMBER: (O.EQUALS, O.NOT_EQUALS, *_COMPARED, *_EMPTY),
    Kind.LEVEL: (O.EQUALS, O.NOT_EQUALS, O.IN, O.NOT_IN, *_COMPARED, *_EMPTY),
    Kind.FLAG: (O.EQUALS,),
    Kind.LIST: (O.CONTAINS, O.NOT_CONTAINS, O.CONTAINS_ANY, O.CONTAINS_ALL, *_EMPTY),
    Kind.DATES: (O.EQUALS, O.DAY_IN, *_COMPARED, *_EMPTY),
    Kind.TIMES: (O.TIME_BETWEEN, O.LESS_THAN, O.GREATER_THAN, *_EMPTY),
    Kind.MOMENT: (O.TIME_BETWEEN, O.DAY_IN, O.LESS_THAN, O.GREATER_THAN),
    Kind.DAY: (O.IN, O.EQUALS, O.NOT_EQUALS),
    CUSTOM: tuple(O),
}
_SAID: dict[str, dict[str, str]] = {
    Kind.LEVEL: {O.GREATER_THAN: "is above", O.LESS_THAN: "is below"},
    Kind.DATES: {O.GREATER_THAN: "is after", O.LESS_THAN: "is before", O.DAY_IN: "falls on"},
    Kind.TIMES: {O.GREATER_THAN: "is after", O.LESS_THAN: "is before"},
    Kind.MOMENT: {
        O.TIME_BETWEEN: "is between the times",
        O.DAY_IN: "falls on",
        O.GREATER_THAN: "is after the day",
        O.LESS_THAN: "is before the day",
    },
    Kind.LIST: {
        O.CONTAINS: "has",
        O.NOT_CONTAINS: "does not have",
        O.CONTAINS_ANY: "has one of",
        O.CONTAINS_ALL: "has",
    },
}
_WORDS = frozenset({"body", "subject", "summary", "from_name", "contact_name", "location"})
_PICKED: dict[str, str] = {
    "category": "category",
    "sentiment": "sentiment",
    "language": "language",
    "channel": "channel",
    "source_type": "source_type",
    "contact_lists": "contact_lists",
    "urgency": "levels",
    "priority": "levels",
    "received_weekday": "days",
}
_MANY = frozenset({O.IN, O.NOT_IN, O.CONTAINS_ANY, O.CONTAINS_ALL})
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LANGUAGES = (("en", "English"), ("es", "Spanish"), ("fr", "French"), ("de", "German"), ("pt", "Portuguese"))
_SOURCES = (("phone", "Phone call"), ("sms", "Text message"), ("email", "Email"), ("web", "Web form"), ("api", "API"))

CHOICES: dict[str, tuple[Choice, ...]] = {
    "none": (),
    "category": tuple(Choice(value, label) for value, label in CATEGORIES.items()),
    "sentiment": tuple(Choice(one, one.capitalize()) for one in ("negative", "neutral", "positive")),
    "language": tuple(Choice(value, label) for value, label in LANGUAGES),
    "source_type": tuple(Choice(value, label) for value, label in _SOURCES),
    "levels": tuple(Choice(one, one.capitalize()) for one in LEVELS),
    "days": tuple(Choice(one, one[:3].capitalize()) for one in _DAYS),
    "flags": (Choice("true", "yes"), Choice("false", "no")),
}
"""What may be picked, by the name of the list; channels and contact lists come from the workspace."""


def kind_of(field: str) -> str:
    """The kind that settles the comparisons on offer."""
    if field.startswith(CUSTOM_PREFIX) or field not in MESSAGE_FIELDS:
        return CUSTOM
    if field == "from":
        return SENDER
    return "words" if field in _WORDS else MESSAGE_FIELDS[field]


def comparisons() -> dict[str, list[Choice]]:
    """The comparisons by kind of field."""
    return {str(kind): [Choice(str(one), said(kind, str(one))) for one in some] for kind, some in _OPERATORS.items()}


def offered(field: str, operator: str) -> str:
    """The operator if the field's kind offers it, else the first that it does."""
    some = _OPERATORS[kind_of(field)]
    return operator if operator in some else str(some[0])


def is_offered(field: str, operator: str) -> bool:
    """Whether the editor has the comparison for this kind of field."""
    return operator in _OPERATORS[kind_of(field)]


def said(kind: str, operator: str) -> str:
    """The comparison in words."""
    if operator == NOT_EMPTY:
        return "is not empty"
    return _SAID.get(kind, {}).get(operator) or saying.OPERATORS[O(operator)]


def pick_of(field: str, operator: str) -> str:
    """The name of the list to pick from; "none" for a value that is typed."""
    if operator in (O.CALLER_IN_LIST, O.CALLER_NOT_IN_LIST):
        return "contact_lists"
    if operator == O.DAY_IN:
        return "days"
    if MESSAGE_FIELDS.get(field) is Kind.FLAG:
        return "flags"
    typed = operator in (O.CONTAINS, O.NOT_CONTAINS, O.STARTS_WITH, O.MATCHES) and field != "contact_lists"
    return "none" if typed else _PICKED.get(field, "none")


def input_of(field: str, operator: str) -> str:
    """How the value is entered: nothing, one (picked), some (picked), text, number, date, time, lines, or two of
    number, date, time, level: numbers, dates, times, picks."""
    if operator in (O.IS_EMPTY, NOT_EMPTY):
        return "nothing"
    picked = pick_of(field, operator) != "none"
    several = operator in _MANY or operator in (O.DAY_IN, O.CALLER_IN_LIST, O.CALLER_NOT_IN_LIST)
    if operator == O.TIME_BETWEEN:
        return "times"
    kind = MESSAGE_FIELDS.get(field)
    single = _single(kind)
    if operator == O.BETWEEN:
        return "picks" if picked else "texts" if single == "text" else f"{single}s"
    if picked:
        return "some" if several else "one"
    return "lines" if several else "text" if operator in (O.MATCHES, O.STARTS_WITH, O.CONTAINS) else single


def _single(kind: Kind | None) -> str:
    names = {Kind.NUMBER: "number", Kind.DATES: "date", Kind.MOMENT: "date", Kind.TIMES: "time"}
    return names.get(kind, "text") if kind is not None else "text"
