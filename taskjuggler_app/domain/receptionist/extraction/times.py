"""Times of day a message names, as local HH:MM; a stretch has `until`.

A bare hour is read as the business hour it most likely is (1 to 6 in the afternoon, 7 to 12 as said) with less
confidence, unless the words around it say morning or evening.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from taskjuggler_app.domain.receptionist.extraction.calendar import COUNT, HOUR_WORD, Moment, count_of
from taskjuggler_app.domain.receptionist.extraction.context import FOLLOWED, bound
from taskjuggler_app.domain.receptionist.extraction.document import (
    MASK,
    Document,
    Reading,
    Rule,
    first_claims,
)
from taskjuggler_app.domain.receptionist.extraction.values import Found

Match = re.Match[str]

_AP = r"[ap]\.?\s?m\b\.?"
_LEAD = r"(?<![\w$£€#:/+-])(?<!\d[.,])"
_TO = r"\s{0,2}(?:-|\u2013|\u2014|to|until|till|and)\s{0,2}"
_H1 = r"(?P<h>2[0-3]|[01]?\d)(?:[:.](?P<m>[0-5]\d))?"
_H2 = r"(?P<h2>2[0-4]|[01]?\d)(?:[:.](?P<m2>[0-5]\d))?"
_EVENING = re.compile(r"(?<!\w)(?:evening|tonight|tonite|night|afternoon|arvo|dinner)(?!\w)")
_MORNING = re.compile(r"(?<!\w)(?:morning|breakfast)(?!\w)")
_PARTED = re.compile(r"[.!?;]\s")
_FAR = 99
_PARTS = {"morning": ("08:00", "12:00"), "afternoon": ("12:00", "17:00"), "arvo": ("12:00", "17:00")}
_EVENING_HOURS = ("17:00", "21:00")


@dataclass(frozen=True, slots=True)
class _Message:
    """The moment of receipt, and the text with its dates still readable: "tonight" settles what "at 8" means."""

    moment: Moment
    text: str


def times(doc: Document, moment: Moment, days: list[Found]) -> list[Found]:
    """The times named in the document; `days` are the dates already read there, whose digits are no times."""
    message = _Message(moment, doc.text)
    found = first_claims(doc, _DISTANCE_RULES, message)
    unread = [f.span for f in (*days, *found)]
    found += first_claims(doc.without(unread), _CLOCK_RULES, message)
    words = doc.without(f.span for f in found)
    parts = first_claims(words, _PART_RULES, message)
    after_day = first_claims(words.without(d.span for d in days), _PART_AFTER_DAY, message)
    claimed = {i for f in parts for i in range(f.span.start, f.span.end)}
    parts += [f for f in after_day if f.span.start not in claimed]
    return sorted(found + (parts if not found else _unspoken(parts, found)), key=lambda f: f.span.start)


def _unspoken(parts: list[Found], clocks: list[Found]) -> list[Found]:
    """Parts of the day that no clock time beside them already says more exactly ("9 this morning")."""
    return [p for p in parts if all(abs(p.span.start - c.span.start) > 30 for c in clocks)]


def _hhmm(hour: int, minute: int) -> str:
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise ValueError(hour)
    return f"{hour:02d}:{minute:02d}"


def _half(hour: int, mark: str | None) -> int:
    """The hour of the day for 12-hour writing; a mark on an hour above 12 changes nothing."""
    if not mark or hour > 12:
        return hour
    return hour % 12 + (12 if mark.casefold().startswith("p") else 0)


def _reading(match: Match, hour: int, minute: int, confidence: float, until: str | None = None) -> Reading:
    place = (match.start("h"), match.end())
    return Reading(
        _hhmm(hour, minute), confidence, until, place, None if until else bound(match.string, match.start("h"))
    )


def _likely(match: Match, message: _Message, hour: int) -> int:
    """The hour of the day that a 12-hour number without am or pm most likely means."""
    if hour > 12 or hour == 0:
        return hour
    morning, evening = (_distance_to(word, message.text, *match.span()) for word in (_MORNING, _EVENING))
    if morning <= evening and morning < _FAR:
        return hour
    if evening < _FAR and hour < 12:
        return hour + 12
    return hour + 12 if hour <= 6 else hour


def _distance_to(word: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Characters between the place and the nearest such word beside it, or _FAR. Another sentence is far away."""
    before, after = text[max(0, start - 28) : start].casefold(), text[end : end + 28].casefold()
    gaps = [len(before) - m.end() for m in word.finditer(before) if not _PARTED.search(before, m.end())]
    gaps += [m.start() + 2 for m in word.finditer(after) if not _PARTED.search(after[: m.start()])]
    return min(gaps, default=_FAR)


def _marked(match: Match, _: _Message) -> Reading:
    return _reading(match, _half(int(match["h"]), match["ap"]), int(match["m"] or 0), 0.96)


def _range(match: Match, message: _Message) -> Reading | None:
    """9-11am, 11am-1pm, 9 to 5, between 2 and 4: the start takes the end's half of the day if that keeps order."""
    mark1, mark2 = match["ap"], match["ap2"]
    start, end, minute, minute2 = (
        int(match["h"]),
        int(match["h2"]),
        int(match["m"] or 0),
        int(match["m2"] or 0),
    )
    sure = bool(mark1 or mark2)
    if mark2:
        end = _half(end, mark2)
        start = _half(start, mark1 or mark2)
        if start > end and not mark1:
            start -= 12
    else:
        start = _half(start, mark1) if mark1 else _likely(match, message, start)
        if end <= start and end <= 12:
            end += 12
    if (start, minute) >= (end, minute2) or start < 0:
        return None
    return _reading(match, start, minute, 0.95 if sure else 0.7, "24:00" if end == 24 else _hhmm(end, minute2))


def _colon(match: Match, message: _Message) -> Reading:
    written, minute = match["h"], int(match["m"])
    hour = int(written)
    if len(written) == 2 or hour == 0:
        confidence = 0.93 if hour > 12 or written.startswith("0") else 0.8
        return _reading(match, hour, minute, confidence)
    return _reading(match, _likely(match, message, hour), minute, 0.7)


def _whole(match: Match, _: _Message) -> Reading:
    """At 15h."""
    return _reading(match, int(match["h"]), 0, 0.85)


def _oclock(match: Match, message: _Message) -> Reading:
    return _reading(match, _likely(match, message, _hour(match["h"])), 0, 0.75)


def _bare(match: Match, message: _Message) -> Reading | None:
    hour = _hour(match["h"])
    return _reading(match, _likely(match, message, hour), 0, 0.65) if 1 <= hour <= 12 else None


def _minutes(match: Match, message: _Message) -> Reading:
    """Twenty past six, ten to five, 5 past 4."""
    hour, minute = _hour(match["hour"]), _minute_of(match["n"] or match["n2"])
    way = (match["way"] or match["way2"] or match["way3"]).casefold()
    if way not in ("past", "after"):
        hour, minute = (hour - 1) or 12, 60 - minute
    return _on_clock(match, message, hour, minute)


def _on_clock(match: Match, message: _Message, hour: int, minute: int) -> Reading:
    hour = _half(hour, match["ap"]) if match["ap"] else _likely(match, message, hour)
    return _reading(match, hour, minute, 0.85)


def _worded(match: Match, message: _Message) -> Reading:
    """Five thirty, three forty-five pm."""
    hour, minute = _hour(match["h"]), _minute_of(match["n"])
    if match["ap"]:
        return _reading(match, _half(hour, match["ap"]), minute, 0.9)
    return _reading(match, _likely(match, message, hour), minute, 0.7)


def _word_marked(match: Match, _: _Message) -> Reading:
    """Seven pm."""
    return _reading(match, _half(_hour(match["h"]), match["ap"]), 0, 0.92)


def _minute_of(word: str) -> int:
    parts = re.split(r"[\s-]", word.casefold())
    return int(word) if word.isdecimal() else sum(_MINUTE_WORDS[part] for part in parts)


def _spoken(match: Match, message: _Message) -> Reading:
    """Half past three, quarter to five."""
    noon = match["hour"].casefold() in ("noon", "midday")
    hour, how = 12 if noon else _hour(match["hour"]), match["h"].casefold()
    minute = 30 if "half" in how else 15
    if how.endswith((" to", " of", " til", " till")):
        hour, minute = (hour - 1) or 12, 60 - minute
    if noon:
        return _reading(match, hour, minute, 0.85)
    return _on_clock(match, message, hour, minute)


def _hour(word: str) -> int:
    return int(count_of(word))


def _noon(match: Match, _: _Message) -> Reading:
    return _reading(match, 0 if match["h"].casefold().startswith("midnight") else 12, 0, 0.9)


def _distance(match: Match, message: _Message) -> Reading | None:
    """In two hours, 30 minutes ago: the clock of the zone then."""
    ago = match.groupdict().get("ago")
    minutes = count_of(match["h"]) * (1 if match["unit"].casefold().startswith("min") else 60)
    if minutes >= 24 * 60:
        return None
    then = message.moment.local + timedelta(minutes=-minutes if ago else minutes)
    return _reading(match, then.hour, then.minute, 0.75)


def _part(match: Match, _: _Message) -> Reading:
    start, end = _PARTS.get(match["h"].casefold(), _EVENING_HOURS)
    return Reading(start, 0.6, end, match.span("h"), vague=True)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_AT = r"(?<!\w)(?:at|after|before|by|until|till|til|around|from|between|@|@\s)\s{0,2}(?:about\s|around\s)?"
# Before three or four digits without a colon, which may be a flat or a house: "come at 230", "tomorrow at 1030".
_DIGITS_AT = (
    rf"(?:(?<={MASK})\s|(?<!\w)(?:meet|come|there|you|appointment|over|starts?|begins?|opens?|closes?|us)\s)"
    r"(?:at|around|about|by|@)\s{0,2}(?:about\s|around\s)?"
)
_MINUTE_WORDS = {"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_WORDED_MINUTES = r"(?P<n>fifteen|(?:twenty|thirty|forty|fifty)(?:[\s-]five)?)"
_MINUTES = r"(?P<n>five|ten|fifteen|(?:twenty|thirty|forty|fifty)(?:[\s-]five)?|[1-5]?\d)"
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?)(?!\w)"
_CLOCK_RULES: tuple[Rule[_Message], ...] = (
    (_compile(rf"(?<={MASK})T(?P<h>[0-2]\d):(?P<m>[0-5]\d)(?::[0-5]\d)?"), _colon),
    (
        _compile(
            rf"(?<!\w)(?P<h>(?:half\spast|(?:a\s)?quarter\s(?:past|after|to|of|til|till)))\s(?P<hour>1?\d|{HOUR_WORD}|noon|midday)"
            rf"(?:\s?(?P<ap>{_AP}))?(?!\w)"
        ),
        _spoken,
    ),
    (
        _compile(
            rf"(?<![\w:.])(?P<h>(?:{_MINUTES}(?<!\d)\s(?P<way>past|after|to|til|till)"
            rf"|(?P<n2>[1-5]?\d)\s(?:(?:minutes|mins)\s(?P<way2>past|after|to|til|till)|(?P<way3>past)))\s"
            rf"(?P<hour>1[0-2]|[1-9]|{HOUR_WORD}))(?:\s?(?P<ap>{_AP})|(?![\w:]){FOLLOWED})"
        ),
        _minutes,
    ),
    (_compile(rf"{_LEAD}{_H1}\s?(?P<ap>{_AP})?{_TO}{_H2}\s?(?P<ap2>{_AP})(?!\w)"), _range),
    (_compile(rf"{_LEAD}{_H1}\s?(?P<ap>{_AP}){_TO}{_H2}(?P<ap2>(?!))?(?![\w:]){FOLLOWED}"), _range),
    (_compile(rf"{_AT}{_H1}(?P<ap>(?!))?{_TO}{_H2}(?P<ap2>(?!))?(?![\w:]){FOLLOWED}"), _range),
    (_compile(rf"{_LEAD}{_H1}(?P<ap>[ap]){_TO}{_H2}(?P<ap2>[ap])(?!\w)"), _range),
    (_compile(rf"(?<={MASK})(?:,?\s|\s\(){_H1}(?P<ap>(?!))?{_TO}{_H2}(?P<ap2>(?!))?(?![\w:]){FOLLOWED}"), _range),
    (_compile(rf"{_LEAD}{_H1}\s?(?P<ap>{_AP})(?!\w)"), _marked),
    (_compile(rf"{_LEAD}(?P<h>2[0-3]|[01]?\d):(?P<m>[0-5]\d)(?![\w:]|\.\d)"), _colon),
    (_compile(r"(?<=at\s)(?P<h>2[0-3]|[01]\d)(?P<m>[0-5]\d)\s?(?:hours|hrs|h)(?!\w)"), _colon),
    (_compile(rf"(?<!\w)(?P<h>{HOUR_WORD})[\s-]{_WORDED_MINUTES}\s?(?P<ap>{_AP})(?!\w)"), _worded),
    (_compile(rf"{_AT}(?P<h>{HOUR_WORD})[\s-]{_WORDED_MINUTES}(?P<ap>(?!))?(?!\w)"), _worded),
    (_compile(rf"(?<!\w)(?P<h>{HOUR_WORD})\s?(?P<ap>{_AP})(?!\w)"), _word_marked),
    (_compile(rf"{_AT}(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))?(?P<ap>[ap])(?!\w)"), _marked),
    (_compile(rf"{_LEAD}(?P<h>1[0-2]|0?[1-9]):(?P<m>[0-5]\d)(?P<ap>[ap])(?!\w)"), _marked),
    (_compile(rf"{_LEAD}(?P<h>1[0-2]|[1-9])(?P<m>[0-5]\d)\s?(?P<ap>{_AP})(?!\w)"), _marked),
    (_compile(r"(?<=at\s)(?P<h>2[0-3]|1\d)(?P<m>)h(?!\w)"), _whole),
    (
        _compile(
            rf"{_LEAD}(?P<h>1[0-2]|[1-9]|{HOUR_WORD})(?=\s(?:in\sthe|this|tomorrow|at)\s(?:morning|afternoon|evening|night)(?!\w))"
        ),
        _bare,
    ),
    (_compile(r"(?<![\w:.,])(?P<h>2[0-3]|[01]?\d)[hH](?P<m>[0-5]\d)(?!\w)"), _colon),
    (_compile(rf"{_AT}(?P<h>2[0-3]|[01]?\d)\.(?P<m>[0-5]\d)(?![\w.%]){FOLLOWED}"), _colon),
    (
        _compile(r"(?<![\w:.,])(?P<h>2[0-3]|[01]?\d)\.(?P<m>[0-5]\d)(?=\s(?:on|today|tomorrow|tonight|sharp)(?!\w))"),
        _colon,
    ),
    (_compile(rf"{_AT}(?P<h>1[0-2]|[1-9]|{HOUR_WORD})[\s-]?ish(?!\w)"), _bare),
    (_compile(rf"(?<!\w)(?P<h>1?\d|{HOUR_WORD})\s?o['\u2019]?clock(?!\w)"), _oclock),
    (_compile(r"(?<!\w)(?P<h>noon|mid-?\s?day|midnight)(?:[\s-]?ish)?(?!\w)"), _noon),
    (_compile(rf"{_DIGITS_AT}(?P<h>1[0-2](?=[0-5])|[1-9](?=[134]))(?P<m>[0-5][05])(?![\w:]){FOLLOWED}"), _colon),
    (_compile(rf"{_AT}(?P<h>1[0-2]|[1-9]|{HOUR_WORD})(?![\w:]){FOLLOWED}"), _bare),
)
_DISTANCE_RULES: tuple[Rule[_Message], ...] = (
    (_compile(rf"(?<!\w)(?:in|within)\s(?P<h>{COUNT})\s{_UNIT}"), _distance),
    (_compile(rf"(?<!\w)(?P<h>{COUNT})\s{_UNIT}\s(?P<ago>ago)(?!\w)"), _distance),
)
_PART_RULES: tuple[Rule[_Message], ...] = (
    (
        _compile(r"(?<!\w)(?:this|in\sthe|(?:late|early)\sin\sthe)\s(?P<h>morning|afternoon|evening|arvo)(?!\w)"),
        _part,
    ),
    (_compile(r"(?<!\w)(?P<h>tonight|tonite)(?!\w)"), _part),
)
_PART_AFTER_DAY: tuple[Rule[_Message], ...] = (
    (_compile(rf"(?<={MASK})\s(?P<h>morning|afternoon|evening|night|arvo)(?!\w)"), _part),
)
