"""The text of a message as its page shows it: in pieces, those that state a fact marked."""

from dataclasses import dataclass
from typing import Any

_KINDS = {
    "dates": "date",
    "times": "time",
    "phones": "phone",
    "emails": "email",
    "urls": "link",
    "locations": "place",
    "money": "amount",
    "numbers": "number",
}
_LABELS = {
    "dates": "Date",
    "times": "Time",
    "phones": "Phone",
    "emails": "Email",
    "urls": "Link",
    "locations": "Place",
    "money": "Amount",
    "numbers": "Number",
}


@dataclass
class Piece:
    """A stretch of the message; `kind` names the fact it states, empty for plain text."""

    text: str = ""
    kind: str = ""
    title: str = ""


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


def _found(extraction: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    """(kind, value) of everything with a place: the contact's name, then the lists."""
    known = extraction or {}
    name = (known.get("contact") or {}).get("name")
    listed = [(kind, found) for kind in _KINDS for found in known.get(kind, [])]
    return [*([("name", name)] if name else []), *listed]


def _label(name: str) -> str:
    return _LABELS.get(name, "Name")
