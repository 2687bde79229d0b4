"""What an extraction is made of. Offsets count code points, end exclusive, in the part of the message named."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Which text of the message a span points into."""

    BODY = "body"
    SUBJECT = "subject"


class Category(StrEnum):
    """What kind of work a message asks for; `general` when nothing in it speaks for another."""

    MAINTENANCE = "maintenance"
    SCHEDULING = "scheduling"
    BILLING = "billing"
    SALES = "sales"
    SUPPORT = "support"
    LEGAL = "legal"
    RESEARCH = "research"
    GENERAL = "general"


class Level(StrEnum):
    """How soon somebody should look, in the words of a task's priority, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Mood(StrEnum):
    """The label of a sentiment score."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Bound(StrEnum):
    """A date or time that is one end of an open stretch: "after 3", "by Friday"."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the message as written."""

    start: int
    end: int
    text: str
    part: Part = Part.BODY


@dataclass(frozen=True, slots=True)
class Found:
    """A value read out of the message, where it stands and how sure we are (0..1, never 1).

    `value` is normal form: ISO 8601 date (YYYY-MM-DD) or local time (HH:MM), E.164, otherwise the text tidied.
    `until` closes a range, inclusive for dates; `bound` marks an open one. `vague` is a stretch that names no end
    of its own: "this week", "in the morning". A time with a `zone` named beside it is as said; `here` is its moment on
    the reader's own clock (YYYY-MM-DDTHH:MM).
    """

    value: str
    span: Span
    confidence: float
    until: str | None = None
    bound: Bound | None = None
    vague: bool = False
    zone: str | None = None
    here: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The category with the words that spoke for it; without any, the confidence says how little is known."""

    value: Category
    confidence: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Urgency:
    """The level and the words that raised or lowered it."""

    level: Level
    confidence: float
    indicators: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentiment:
    """-1 (angry) to 1 (delighted), with the words that were weighed."""

    score: float
    label: Mood
    confidence: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code of the language that the message is written in."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whoever wrote, as far as the message itself says."""

    name: Found | None = None
    phone: Found | None = None
    email: Found | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read out of one message. An empty tuple or None means the message does not say."""

    summary: str
    category: Judgement
    urgency: Urgency
    sentiment: Sentiment
    contact: Contact
    keywords: tuple[Found, ...] = ()
    dates: tuple[Found, ...] = ()
    times: tuple[Found, ...] = ()
    phones: tuple[Found, ...] = ()
    emails: tuple[Found, ...] = ()
    urls: tuple[Found, ...] = ()
    locations: tuple[Found, ...] = ()
    language: Language | None = None
