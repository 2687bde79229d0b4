"""What was read out of a message, as its page shows it: the text in pieces, and a line for each fact."""

from dataclasses import dataclass
from typing import Any

_KINDS = {
    "dates": "date",
    "times": "time",
    "phones": "phone",
    "emails": "email",
    "urls": "link",
    "locations": "place",
}
_LABELS = {
    "dates": "Date",
    "times": "Time",
    "phones": "Phone",
    "emails": "Email",
    "urls": "Link",
    "locations": "Place",
}


@dataclass
class Piece:
    """A stretch of the message; `kind` names the fact it states, empty for plain text."""

    text: str = ""
    kind: str = ""
    title: str = ""


@dataclass
class FactLine:
    """A fact with how sure the reading is, in per cent, and the words it came from."""

    label: str = ""
    value: str = ""
    confidence: int = 0
    words: str = ""


def pieces(body: str, extraction: dict[str, Any] | None) -> list[Piece]:
    """The body cut at the places that facts came from; overlapping ones keep the first."""
    spans: list[tuple[int, int, str, str]] = []
    for name, found in _found(extraction):
        if found.get("part", "body") == "body":
            spans.append((found["start"], found["end"], _KINDS.get(name, "name"), f"{_label(name)}: {found['value']}"))
    spans += [
        (evidence["start"], evidence["end"], "category", "Speaks for the category")
        for evidence in (extraction or {}).get("category", {}).get("evidence", [])
        if evidence.get("part", "body") == "body"
    ]
    cut: list[Piece] = []
    at = 0
    for start, end, kind, title in sorted(spans):
        if start < at:
            continue
        if start > at:
            cut.append(Piece(body[at:start]))
        cut.append(Piece(body[start:end], kind, title))
        at = end
    return [*cut, Piece(body[at:])] if at < len(body) else cut


def fact_lines(extraction: dict[str, Any] | None) -> list[FactLine]:
    """Every fact found, judgements first. Nothing found is nothing shown."""
    if not extraction:
        return []
    category, urgency, sentiment = (extraction.get(key) or {} for key in ("category", "urgency", "sentiment"))
    lines = [
        _judgement("Category", category.get("value", ""), category, "evidence"),
        _judgement("Urgency", urgency.get("value", ""), urgency, "indicators"),
        _judgement("Mood", sentiment.get("label", ""), sentiment, "evidence"),
    ]
    for name, found in _found(extraction):
        until = f" to {found['until']}" if found.get("until") else ""
        bound = f"{found['bound']} " if found.get("bound") else ""
        lines.append(FactLine(_label(name), f"{bound}{found['value']}{until}", _percent(found), found["text"]))
    return lines


def _found(extraction: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    """(kind, value) of everything with a place: the contact's name, then the lists."""
    known = extraction or {}
    name = (known.get("contact") or {}).get("name")
    listed = [(kind, found) for kind in _KINDS for found in known.get(kind, [])]
    return [*([("name", name)] if name else []), *listed]


def _judgement(label: str, value: str, judged: dict[str, Any], evidence: str) -> FactLine:
    words = ", ".join(dict.fromkeys(one["text"] for one in judged.get(evidence, [])))
    return FactLine(label, value, _percent(judged), words)


def _percent(value: dict[str, Any]) -> int:
    return round(float(value.get("confidence") or 0) * 100)


def _label(name: str) -> str:
    return _LABELS.get(name, "Name")
