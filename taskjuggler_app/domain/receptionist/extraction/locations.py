"""Where the work is: street addresses and unit numbers, as written."""

import re

from taskjuggler_app.domain.receptionist.extraction.abroad import STREETS
from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Found
from taskjuggler_app.domain.receptionist.extraction.words import word_set

_SUFFIX = (
    r"street|avenue|road|lane|boulevard|drive|court|place|square|terrace|parkway|highway|circle|close|crescent|way|"
    r"row|gardens|mews|trail|plaza|st|ave|av|rd|ln|blvd|dr|ct|pl|sq|ter|pkwy|hwy|cres"
)
_SURE_SUFFIX = r"street|avenue|road|lane|boulevard|drive|st|ave|rd|ln|blvd|dr"
_UNIT = r"(?i:apartment|apt|unit|suite|ste|flat|room|rm)\.?\s?#?\s?(?:\d{1,5}[A-Za-z]?|[A-Za-z]-?\d{1,4}|[A-Z])(?!\w)"
_POSTCODE = r"(?:[A-Z]{2}\s)?\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}|[A-Z]{2,3}\s\d{4}"
_STATE = (
    r"(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|"
    r"V[TA]|W[AVIY])"
)
_NAME = r"(?:[A-ZÀ-Þ][\w'\u2019.-]{0,24}|\d{1,3}(?:st|nd|rd|th))"
_TAIL = (
    rf"(?:,?\s{{1,2}}(?:{_UNIT}|#\s?\w{{1,6}}(?!\w)))?"
    rf"(?:(?:,\s{{0,2}}|\s)(?:{_NAME}\s?){{0,3}},?\s{{0,2}}(?:{_POSTCODE})(?!\w)"
    rf"|,\s{{0,2}}(?:{_NAME}\s?){{1,3}},\s{{0,2}}{_STATE}(?!\w)|,\s{{0,2}}(?:{_NAME}\s){{1,3}}{_STATE}(?!\w))?"
)
_NUMBER = r"(?<![\w$£€#.,:/+-])\d{1,6}(?:-\d{1,4})?[A-Za-z]?"
_STREET = re.compile(
    rf"(?:{_UNIT},?\s)?{_NUMBER}\s{{1,2}}(?:{_NAME}\s{{1,2}}){{1,4}}(?i:{_SUFFIX})(?!\w)\.?(?:\s[NS]?[EW]?(?!\w))?{_TAIL}"
)
_STREET_LOWER = re.compile(rf"{_NUMBER}\s{{1,2}}((?:[^\W\d_]{{2,20}}\s){{1,2}})(?i:{_SURE_SUFFIX})(?!\w){_TAIL}")
_UNIT_ALONE = re.compile(rf"(?<!\w){_UNIT}")
_NAMED_STREET = re.compile(
    rf"{_NUMBER}\s(?:[NSEW]\.?\s)?(?:Broadway|Unter den Linden|Piccadilly|Strand|Cheapside)(?!\w)\.?{_TAIL}"
)
_BOX = re.compile(
    rf"(?<!\w)P\.?\s?O\.?\s[Bb](?:ox|OX)\s\d{{1,6}}(?!\w)(?:,\s{{0,2}}(?:{_NAME}\s?){{1,3}},?\s{{0,2}}(?:{_POSTCODE})(?!\w))?"
)
_UNIT_ONLY = re.compile(_UNIT)
_NOT_A_STREET = word_set(
    "am pm a an the on of in at to from for and or by my our your days day hours hour hrs minutes mins "
    "min weeks week months month years year people persons guests kids miles mile feet foot ft times "
    "dollars bucks percent more new old big small cars doctors steps blocks block different that this is "
    "was with down up across"
)


def is_unit(text: str) -> bool:
    """Whether a place is only a flat, room or unit, and no address."""
    return _UNIT_ONLY.fullmatch(text) is not None


def locations(doc: Document) -> list[Found]:
    """Addresses first, then units that stand alone; lower-case street names are read, with less confidence."""
    found: list[Found] = []
    rest = doc
    for pattern, confidence in (
        (_STREET, 0.93),
        *STREETS,
        (_NAMED_STREET, 0.85),
        (_BOX, 0.9),
        (_STREET_LOWER, 0.75),
        (_UNIT_ALONE, 0.85),
    ):
        new = [
            doc.found(
                " ".join(m.group().rstrip(" ,.").split()),
                m.start(),
                m.start() + len(m.group().rstrip(" ,.")),
                confidence,
            )
            for m in pattern.finditer(rest.text)
            if pattern is not _STREET_LOWER or not _NOT_A_STREET.intersection(m.group(1).casefold().split())
        ]
        found += new
        rest = rest.without(f.span for f in new)
    return sorted(found, key=lambda f: f.span.start)[:FOUND_LIMIT]
