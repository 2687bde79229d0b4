"""The extraction as stored and shown: plain JSON values, and back again."""

from collections.abc import Mapping
from typing import Any

from taskjuggler_app.domain.receptionist.extraction.values import (
    Bound,
    Category,
    Contact,
    Extraction,
    Found,
    Judgement,
    Language,
    Level,
    Mood,
    Part,
    Sentiment,
    Span,
    Urgency,
)

VERSION = 1
_LISTS = ("keywords", "dates", "times", "phones", "emails", "urls", "locations")

Json = dict[str, Any]


def to_json(extraction: Extraction) -> Json:
    """The stable form: summary, category {value, confidence, evidence}, urgency {value, confidence, indicators},
    sentiment {value, label, confidence, evidence}, contact {name, phone, email} and the lists of values.

    Each value is {value, text, start, end, part, confidence, until?, bound?, zone?, here?}; evidence is a list of
    {text, start, end, part}.
    """
    e = extraction
    return {
        "version": VERSION,
        "summary": e.summary,
        "category": {
            "value": e.category.value.value,
            "confidence": e.category.confidence,
            "evidence": [_span(s) for s in e.category.evidence],
        },
        "urgency": {
            "value": e.urgency.level.value,
            "confidence": e.urgency.confidence,
            "indicators": [_span(s) for s in e.urgency.indicators],
        },
        "sentiment": {
            "value": e.sentiment.score,
            "label": e.sentiment.label.value,
            "confidence": e.sentiment.confidence,
            "evidence": [_span(s) for s in e.sentiment.evidence],
        },
        "contact": {name: _found(getattr(e.contact, name)) for name in ("name", "phone", "email")},
        "language": {"value": e.language.code, "confidence": e.language.confidence} if e.language else None,
        **{kind: [_found(f) for f in getattr(e, kind)] for kind in _LISTS},
    }


def from_json(data: Mapping[str, Any]) -> Extraction:
    """The extraction that `to_json` wrote. KeyError or ValueError for anything else."""
    category, urgency, sentiment, contact = (data[k] for k in ("category", "urgency", "sentiment", "contact"))
    tongue = data.get("language")
    return Extraction(
        language=Language(tongue["value"], tongue["confidence"]) if tongue else None,
        summary=data["summary"],
        category=Judgement(Category(category["value"]), category["confidence"], _spans(category["evidence"])),
        urgency=Urgency(Level(urgency["value"]), urgency["confidence"], _spans(urgency["indicators"])),
        sentiment=Sentiment(
            sentiment["value"],
            Mood(sentiment["label"]),
            sentiment["confidence"],
            _spans(sentiment["evidence"]),
        ),
        contact=Contact(**{name: _one(contact[name]) for name in ("name", "phone", "email")}),
        **{kind: tuple(_read(f) for f in data[kind]) for kind in _LISTS},
    )


def _span(span: Span) -> Json:
    return {"text": span.text, "start": span.start, "end": span.end, "part": span.part.value}


def _found(found: Found | None) -> Json | None:
    if found is None:
        return None
    data = {"value": found.value, **_span(found.span), "confidence": found.confidence}
    if found.until is not None:
        data["until"] = found.until
    if found.bound is not None:
        data["bound"] = found.bound.value
    if found.vague:
        data["vague"] = True
    if found.zone is not None:
        data |= {"zone": found.zone, "here": found.here}
    return data


def _spans(data: list[Json]) -> tuple[Span, ...]:
    return tuple(_read_span(s) for s in data)


def _read_span(data: Json) -> Span:
    return Span(data["start"], data["end"], data["text"], Part(data["part"]))


def _one(data: Json | None) -> Found | None:
    return None if data is None else _read(data)


def _read(data: Json) -> Found:
    bound = Bound(data["bound"]) if "bound" in data else None
    more = {name: data.get(name) for name in ("until", "zone", "here")}
    return Found(
        data["value"], _read_span(data), data["confidence"], bound=bound, vague=data.get("vague", False), **more
    )
