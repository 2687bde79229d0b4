"""State of a message's facts: what was read, what a person says instead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import reflex as rx

from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import corrections, queries
from taskjuggler_app.domain.receptionist.corrections import CorrectionRow
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.rules.vocabulary import LANGUAGES
from taskjuggler_app.web.session import PageState

_LABELS = {
    "category": "Category",
    "urgency": "Urgency",
    "sentiment": "Mood",
    "language": "Language",
    "name": "Name",
    "dates": "Date",
    "times": "Time",
    "phones": "Phone",
    "emails": "Email",
    "urls": "Link",
    "locations": "Place",
    "money": "Amount",
    "numbers": "Number",
}
_LONGEST = 400


@dataclass
class Fact:
    """A fact: its name for corrections, what was read with its confidence in per cent, and a person's last word.

    `shown` and `correction_shown` are the values as people write them.
    """

    key: str = ""
    label: str = ""
    value: str = ""
    shown: str = ""
    confidence: int = 0
    words: str = ""
    by_ai: bool = False
    corrected: bool = False
    correction: str = ""
    correction_shown: str = ""
    person: str = ""


class FactsState(PageState, rx.State):
    """The facts of the message that the address names, and the form that corrects one."""

    rows: list[Fact] = []
    reader: str = ""
    editing: str = ""
    label: str = ""
    value: str = ""
    choices: list[Choice] = []
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the facts."""
        self.editing = self.error = ""
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            item_id = parse_uuid(self._path_arg("item_id"))
            found = await self._read(queries.item, item_id)
            said = {row.fact: row for row in await self._read(corrections.of_item, item_id)}
        except NotFound:
            self.rows = []
            return
        self.rows = facts_of(found.extraction or {}, said)
        self.reader = reader_of(found.extraction or {})

    @rx.event
    async def edit(self, key: str) -> None:
        """Open the form for a fact."""
        row = next((one for one in self.rows if one.key == str(key)), None)
        if row is None:
            return
        self.editing, self.label, self.error = row.key, row.label, ""
        self.value = row.correction if row.corrected else row.value
        self.choices = [Choice(one, as_written(row.key, one)) for one in corrections.CHOICES.get(row.key, ())]

    @rx.event
    async def close(self) -> None:
        """Leave the form."""
        self.editing = ""

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Keep what the person says."""
        await self._correct(str(dict(form).get("value", ""))[:_LONGEST])

    @rx.event
    async def deny(self) -> None:
        """There is no such fact in the message."""
        await self._correct("")

    async def _correct(self, value: str) -> None:
        try:
            await self._run(corrections.correct, parse_uuid(self._path_arg("item_id")), self.editing, value)
        except DomainError as error:
            self.error = error.message
            return
        self.editing = ""
        await self._say("success", "Thank you. What you say counts; what was read stays beside it.")
        await self._refresh()


def facts_of(extraction: dict[str, Any], said: dict[str, CorrectionRow]) -> list[Fact]:
    """Every fact of an extraction, judgements first, each with its last correction."""
    found: list[tuple[str, dict[str, Any]]] = [
        (key, extraction[key]) for key in corrections.JUDGED if extraction.get(key)
    ]
    name = (extraction.get("contact") or {}).get("name")
    found += [("name", name)] if name else []
    found += [
        (f"{kind}.{place}", one) for kind in corrections.LISTED for place, one in enumerate(extraction.get(kind, []))
    ]
    return [_fact(key, one, said.get(key)) for key, one in found]


def reader_of(extraction: dict[str, Any]) -> str:
    """Who read the message, when a language model was asked."""
    ai = extraction.get("ai") or {}
    if not ai:
        return ""
    return f"Read with {ai.get('model', 'AI')}." if ai.get("used") else f"Read without AI: {ai.get('reason', '')}"


def as_written(kind: str, value: str) -> str:
    """A fact's value as people write it: judgements with a capital, a language by its name, a day with its weekday."""
    if kind == "language":
        return dict(LANGUAGES).get(value, value)
    if kind in corrections.CHOICES:
        return value.capitalize()
    if kind == "dates":
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return f"{day:%a} {day.day} {day:%b %Y}"
    return value


def _fact(key: str, one: dict[str, Any], said: CorrectionRow | None) -> Fact:
    evidence = one.get("evidence") or one.get("indicators") or []
    words = one.get("text") or ", ".join(dict.fromkeys(span["text"] for span in evidence))
    kind = key.partition(".")[0]
    value = str(one.get("label") if key == "sentiment" else one.get("value"))
    bound = f"{one['bound']} " if one.get("bound") else ""
    zoned = f" {one['zone']}, here {one['here'].replace('T', ' ')}" if one.get("here") else ""

    def span(written: Callable[[str], str]) -> str:
        until = f" to {written(one['until'])}" if one.get("until") else ""
        return f"{bound}{written(value)}{until}{zoned}"

    return Fact(
        key=key,
        label=_LABELS[kind],
        value=span(str),
        shown=span(partial(as_written, kind)),
        confidence=round(float(one.get("confidence") or 0) * 100),
        words=words,
        by_ai=one.get("by") == "ai",
        corrected=said is not None,
        correction=said.value if said else "",
        correction_shown=as_written(kind, said.value) if said else "",
        person=said.person if said else "",
    )
