"""Reading messages that come as JSON lines, for people who try the extractor on their own data."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.extract import extract
from taskjuggler_app.domain.receptionist.extraction.figures import money, order_numbers
from taskjuggler_app.domain.receptionist.extraction.locations import is_unit
from taskjuggler_app.domain.receptionist.extraction.stored import to_json


def extract_lines(lines: Iterable[str], zone: str, region: str, at: datetime) -> Iterator[dict[str, Any]]:
    """One answer {id, …the extraction} a line {id, text, subject?, at?}, in order; a line's own `at` (ISO 8601, in
    `zone` if it names no offset) wins. A line that cannot be read gets {id, error}. Blank lines are skipped.

    Raises Invalid for a zone or region that does not exist, before the first line is read.
    """
    clock = read_zone(zone)
    region = read_region(region)
    received = at if at.tzinfo else at.replace(tzinfo=clock)
    return (_answer(n, line, received, clock, region) for n, line in enumerate(lines, 1) if line.strip())


def read_zone(name: str) -> ZoneInfo:
    """The IANA zone. Raises Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(f"There is no time zone called {name!r}.", "zone") from error


def read_region(code: str) -> str:
    """The ISO 3166 country code, in capitals. Raises Invalid."""
    if code.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(f"There is no region called {code!r}; use two letters, as US or GB.", "region")
    return code.upper()


def _answer(number: int, line: str, at: datetime, clock: ZoneInfo, region: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"line {number}: not JSON: {error}"}
    if not isinstance(data, dict):
        return {"id": None, "error": f"line {number}: a message is an object with id and text"}
    name = data.get("id")
    text, subject = data.get("text"), data.get("subject")
    if not isinstance(text, str) or not isinstance(subject, str | None):
        return {"id": name, "error": f"line {number}: text is missing or is not text"}
    try:
        received = _received(data.get("at"), at, clock)
    except ValueError:
        return {"id": name, "error": f"line {number}: at is no ISO 8601 time: {data.get('at')!r}"}
    try:
        found = extract(text, received_at=received, zone=clock.key, region=region, subject=subject)
        return {"id": name, **plainly(to_json(found)), **others(text)}
    except Exception as error:  # a fault of ours costs this line, and no other
        return {"id": name, "error": f"line {number}: could not be read: {type(error).__name__}"}


def plainly(found: dict[str, Any]) -> dict[str, Any]:
    """Only moments that were named stay under dates and times: a stretch with two named ends gives both, one that
    names none ("this week", "in the morning") goes under periods."""
    addresses = [one for one in found["locations"] if not is_unit(one["text"])]
    shown: dict[str, Any] = {**found, "periods": [], "addresses": addresses}
    for kind in ("dates", "times"):
        named: list[dict[str, Any]] = []
        for one in found[kind]:
            if one.get("vague"):
                shown["periods"].append({"kind": kind, **one})
                continue
            named.append(one)
            if "until" in one and one["until"] != "24:00":
                named.append({**{key: value for key, value in one.items() if key != "until"}, "value": one["until"]})
        shown[kind] = named
    return shown


def others(text: str) -> dict[str, Any]:
    """Amounts and numbers of orders in the text: {value, text, start, end, confidence} each."""
    doc = Document.read(text)
    return {
        name: [
            {"value": one.value, "text": one.span.text, "start": one.span.start, "end": one.span.end}
            | {"confidence": one.confidence}
            for one in found
        ]
        for name, found in (("money", money(doc)), ("numbers", order_numbers(doc)))
    }


def _received(raw: object, default: datetime, clock: ZoneInfo) -> datetime:
    if raw is None:
        return default
    moment = datetime.fromisoformat(str(raw))
    return moment if moment.tzinfo else moment.replace(tzinfo=clock)
