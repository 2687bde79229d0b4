"""A zone named beside a time: "4 pm PST", "15:00 (CET)", "3pm Eastern", "10 am London time", "all times are UTC".

PST and PDT both mean what the clocks of the Pacific show on that day, as people write them; only UTC and GMT never
move.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from taskjuggler_app.domain.receptionist.extraction.calendar import HOUR_WORD, MONTH, WEEKDAY, Moment
from taskjuggler_app.domain.receptionist.extraction.context import FOLLOWED
from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Found, Span

_AMERICAN = {"eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver"}
_AMERICAN |= {"pacific": "America/Los_Angeles", "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu"}
_AMERICAN |= {"atlantic": "America/Halifax", "newfoundland": "America/St_Johns"}
_CLOCKS = {
    "EST EDT ET": _AMERICAN["eastern"], "CST CDT CT": _AMERICAN["central"], "MST MDT MT": _AMERICAN["mountain"],
    "PST PDT PT": _AMERICAN["pacific"], "AKST AKDT": _AMERICAN["alaska"], "HST": _AMERICAN["hawaii"],
    "AST ADT": _AMERICAN["atlantic"], "NST NDT": _AMERICAN["newfoundland"], "BST": "Europe/London",
    "WET WEST": "Europe/Lisbon", "CET CEST MEZ MESZ": "Europe/Berlin", "EET EEST": "Europe/Athens",
    "MSK": "Europe/Moscow", "IST": "Asia/Kolkata", "SGT": "Asia/Singapore", "HKT": "Asia/Hong_Kong",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "AWST": "Australia/Perth", "ACST ACDT": "Australia/Adelaide",
    "AEST AEDT": "Australia/Sydney", "NZST NZDT": "Pacific/Auckland", "UTC GMT": "UTC",
}  # fmt: skip
_ZONES = {short: zone for names, zone in _CLOCKS.items() for short in names.split()}
_ELSEWHERE = {
    ("IST", "IE"): "Europe/Dublin", ("IST", "IL"): "Asia/Jerusalem", ("CST", "CN"): "Asia/Shanghai",
    ("CST", "TW"): "Asia/Taipei", ("EST", "AU"): "Australia/Sydney", ("EDT", "AU"): "Australia/Sydney",
}  # fmt: skip
_PLACES = {
    "uk": "Europe/London", "british": "Europe/London", "irish": "Europe/Dublin", "german": "Europe/Berlin",
    "french": "Europe/Paris", "spanish": "Europe/Madrid", "italian": "Europe/Rome", "swiss": "Europe/Zurich",
    "la": "America/Los_Angeles", "nyc": "America/New_York", "boston": "America/New_York",
    "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "texas": "America/Chicago",
    "california": "America/Los_Angeles", "arizona": "America/Phoenix", "florida": "America/New_York",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "geneva": "Europe/Zurich", "japan": "Asia/Tokyo",
    "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata",
    "beijing": "Asia/Shanghai", "central european": "Europe/Berlin", "central european summer": "Europe/Berlin",
    "british summer": "Europe/London", "greenwich mean": "UTC", "coordinated universal": "UTC", "zulu": "UTC",
}  # fmt: skip
_WORDY = "|".join(_AMERICAN)
# Short ones stand for much else ("3pm PT appointment", "3 pm ET la suite", an ADT alarm): what follows decides.
_UNSURE = frozenset({"ET", "CT", "MT", "PT", "ADT", "AST", "WEST", "MEZ", "NST", "IST"})
_LOWER = frozenset(["pst", "pdt", "est", "edt", "cst", "cdt", "mst", "mdt", "cet", "cest", "gmt", "utc", "bst"])
_AFTER = re.compile(
    rf"{FOLLOWED}|(?=\s{{1,2}}(?:{WEEKDAY}|{MONTH}|(?:on\s)?(?:the\s)?\d{{1,4}}(?!\w)|\d{{1,2}}(?:st|nd|rd|th)(?!\w)))",
    re.IGNORECASE,
)
_ZONE = (
    r"(?P<offset>(?:UTC|GMT)\s?[+\u2212-]\s?\d{1,2}(?::?[0-5]\d)?)(?![\w:])"
    r"|(?P<short>(?![ap]\.?m(?!\w))[A-Za-z]{2,4})(?!\w)"
)
_WORDS = (
    rf"(?:U\.?S\.?\s)?(?P<wide>{_WORDY})(?:\s(?:standard|daylight|summer))?(?P<said>\stime)?(?!\w)"
    r"|(?P<place>(?![ap]\.?m(?!\w))[^\W\d_]{2,14}(?:\s[^\W\d_]{3,14}){0,2})\stime(?!\w)"
)
_CLOCK_END = rf"(?:[ap]\.?\s?m\b\.?|\d[ap]|\d|o['\u2019]?clock|noon|midday|midnight|\b{HOUR_WORD})"
_BESIDE = re.compile(rf"{_CLOCK_END}[,\s]{{0,2}}\(?(?P<zone>{_ZONE}|{_WORDS})", re.IGNORECASE)
_FOR_ALL = re.compile(
    rf"(?<!\w)(?:all\s)?(?:times|hours)(?:\s(?:are|given|shown|listed)){{0,2}}(?:\sin|:)?\s(?P<zone>{_ZONE}|{_WORDS})",
    re.IGNORECASE,
)
_SAME = re.compile(r"\s?(?:,|/|;)?\s?(?:or|and|to|until|&|-|\u2013)?\s?(?:at\s|from\s)?", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s|\n\n")
_NEAR = 32
_WORD_BEFORE_TIME = frozenset({"any", "this", "that", "what", "which", "some", "good", "best", "first", "last", "each"})


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone where it is named; `for_all` says that it is of every time without one of its own."""

    span: Span
    clock: tzinfo
    for_all: bool = False


def zones(doc: Document, region: str) -> list[Zone]:
    """The zones that the document names beside times, or for all of them."""
    found: list[Zone] = []
    for pattern in (_FOR_ALL, _BESIDE):
        for match in pattern.finditer(doc.text):
            clock = _clock(match, region)
            span = doc.span(*match.span("zone"))
            if clock is not None and all(span.end <= one.span.start or one.span.end <= span.start for one in found):
                found.append(Zone(span, clock, pattern is _FOR_ALL))
            if len(found) == FOUND_LIMIT:
                return found
    return found


def on_our_clock(doc: Document, moment: Moment, days: list[Found], times: list[Found]) -> list[Found]:
    """The times, those of a named zone with it and with the moment on the reader's clock (`here`).

    `days` are the dates of the document: the nearest one said in the same breath is the day of the time, else today.
    """
    ours = moment.local.tzinfo
    named = zones(doc, moment.region)
    if not named or ours is None:
        return times
    result = []
    for one, zone in zip(times, _of_each(doc, times, named), strict=True):
        try:
            result.append(_here(doc, one, zone, _day_of(doc, days, one) or moment.today, ours) if zone else one)
        except (ValueError, OverflowError):
            result.append(one)
    return result


def _here(doc: Document, one: Found, zone: Zone, day: date, ours: tzinfo) -> Found:
    begins = datetime.combine(day, time.fromisoformat(one.value), zone.clock).astimezone(ours)
    end = zone.span.end if not zone.for_all and 0 <= zone.span.start - one.span.end <= 3 else one.span.end
    end += doc.raw[end : end + 1] == ")" and "(" in doc.raw[one.span.end : end]
    name = str(zone.clock)
    return replace(one, span=doc.span(one.span.start, end), zone=name, here=f"{begins:%Y-%m-%dT%H:%M}")


def _of_each(doc: Document, times: list[Found], named: list[Zone]) -> list[Zone | None]:
    """The zone of each time: the one right after it, of the time it is listed with ("9 or 11 am PST"), or of all."""
    general = next((zone for zone in named if zone.for_all), None)
    result: list[Zone | None] = []
    follows: tuple[Found, Zone | None] | None = None
    for one in reversed(times):
        own = next(
            (z for z in named if not z.for_all and not one.vague and 0 <= z.span.start - one.span.end <= 3), None
        )
        if own is None and follows is not None:
            gap = doc.text[one.span.end : follows[0].span.start]
            own = follows[1] if _SAME.fullmatch(gap) else None
        follows = (one, own)
        result.append(None if one.vague else own or general)
    return result[::-1]


def _day_of(doc: Document, days: list[Found], one: Found) -> date | None:
    """The nearest day said in the same breath."""
    near = []
    for day in days:
        first, second = sorted((day.span, one.span), key=lambda span: span.start)
        gap = doc.raw[first.end : second.start]
        if len(gap) <= _NEAR and not _SENTENCE.search(gap):
            near.append((len(gap), day.value))
    return date.fromisoformat(min(near)[1]) if near else None


def _clock(match: re.Match[str], region: str) -> tzinfo | None:
    """The zone that a mention stands for, or None where it is something else."""
    lets_be = _AFTER.match(match.string, match.end("zone")) is not None
    if match["offset"]:
        return _offset(match["offset"])
    short = match["short"]
    if short:
        name = _ELSEWHERE.get((short.upper(), region)) or _ZONES.get(short.upper())
        unsure = short in _UNSURE or short == "est"
        if name is None or not (short.isupper() or short in _LOWER) or (unsure and not lets_be):
            return None
        return _zone(name)
    if match["wide"]:
        return _zone(_AMERICAN[match["wide"].casefold()]) if match["said"] or lets_be else None
    place = match["place"].casefold()
    if place.split()[0] in _WORD_BEFORE_TIME:
        return None
    return _zone(_PLACES.get(place) or _cities().get(place, ""))


def _offset(written: str) -> tzinfo | None:
    digits = re.sub(r"[^\d]", "", written)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14:
        return None
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(size if "+" in written else -size)


@lru_cache(maxsize=512)
def _zone(name: str) -> tzinfo | None:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Cities of the zone database, by their names in small letters."""
    return dict(_named_cities())


def _named_cities() -> Iterator[tuple[str, str]]:
    for name in sorted(available_timezones()):
        area, _, city = name.rpartition("/")
        if area.startswith(("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Pacific", "Indian")):
            yield city.replace("_", " ").casefold(), name
