"""Phone numbers, read in the region of the channel and written in E.164.

Candidates come from one bounded pattern and are judged by libphonenumber's numbering plans; its own free search
is not used, because it takes order numbers and dates for numbers and looks far back on long runs of digits.
"""

import re
from collections.abc import Iterator

import phonenumbers

from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Found

_GAP = r"[ \u00a0.\-\u2010-\u2013()/]"
_CANDIDATE = re.compile(rf"(?<![\w$£€#.,:/+-])(?:\+\s?|\(\+?)?\d(?:{_GAP}{{0,3}}\d){{6,30}}(?![\w%€])")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)")
_NO_PHONE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\d{4}(?:[ -]\d{4}){3}")  # an IP address, a payment card
_OTHER_NUMBER = re.compile(
    r"(?:order|invoice|inv|account|acct|ref|reference|ticket|case|policy|claim|tracking|serial|sku|item|po|id|vin|"
    r"confirmation|booking|iban|card|member|receipt|part|model|zip)"
    r"(?:\s(?:number|num|no|nr|id|code))?\.?(?:\s?is)?\s?[:#-]?\s?$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:call|phone|tel|cell|mobile|text|reach|ring|dial|fax|whatsapp|number)\b[^.!?\n\d]{0,30}$",
    re.IGNORECASE,
)
_VANITY = re.compile(
    r"(?<![\w$£€#.,:/+-])(?:\+?1[ -])?8(?:00|33|44|55|66|77|88)[ -](?=[A-Z0-9-]{0,6}[A-Z]{3})[A-Z0-9-]{7,9}(?!\w)"
)
_CANDIDATE_LIMIT = 200
_GROUPS = 8  # a number is written in at most so many groups of digits


def phones(doc: Document, region: str) -> list[Found]:
    """Valid numbers of the message. `region` is an ISO 3166 country; others leave only +-numbers readable."""
    found: list[Found] = []
    for count, match in enumerate(_CANDIDATE.finditer(doc.text)):
        if count == _CANDIDATE_LIMIT or len(found) >= FOUND_LIMIT:
            break
        before = doc.text[max(0, match.start() - 40) : match.start()]
        if _OTHER_NUMBER.search(before) or _DATE.match(match.group()) or _NO_PHONE.fullmatch(match.group()):
            continue
        named = bool(_CALLED.search(before))
        numbers = list(_numbers(doc, match.start(), match.end(), region, named=named))
        if not numbers and (value := _likely(match.group(), region, named)):
            numbers = [doc.found(value, match.start(), match.end(), 0.7)]
        found += numbers
    found += vanity(doc, region)
    return sorted(found, key=lambda one: one.span.start)[:FOUND_LIMIT]


def read_digits(digits: str, before: str, region: str) -> str | None:
    """The number in E.164 of digits said in words after the text `before`, judged as if they had been written."""
    if _OTHER_NUMBER.search(before):
        return None
    shaped = digits
    if region in _NANP and not digits.startswith("+"):
        shaped = f"{digits[:-10]} {digits[-10:-7]}-{digits[-7:-4]}-{digits[-4:]}".strip()
    return _e164(digits, region) or _likely(shaped, region, bool(_CALLED.search(before)))


def _numbers(doc: Document, start: int, end: int, region: str, *, named: bool) -> Iterator[Found]:
    """The whole stretch as one number, or else the longest leading pieces that are numbers by themselves."""
    groups = [m.span() for m in _GROUP.finditer(doc.text, start, end)]
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + _GROUPS), first, -1):
            lead = start if first == 0 else groups[first][0]
            lead = _opening(doc.text, lead, groups[first][0])
            value = _e164(doc.text[lead : groups[last - 1][1]], region)
            if value is not None:
                yield doc.found(value, lead, groups[last - 1][1], _confidence(doc.text[lead:end], named))
                first = last - 1
                break
        first += 1


def _opening(text: str, lead: int, digit: int) -> int:
    """Where the number begins: a bracket before it belongs to it only when it is closed again."""
    if text[lead] == "(" and ")" not in text[digit : digit + 8]:
        return lead + 1
    if lead == digit and lead > 0 and text[lead - 1] == "(" and ")" in text[digit : digit + 8]:
        return lead - 1
    return lead


def _e164(text: str, region: str) -> str | None:
    digits = sum(c.isdigit() for c in text)
    if not 7 <= digits <= 15:
        return None
    number = _parsed(_abroad(text), region)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _abroad(text: str) -> str:
    """A number with an international prefix that is not its region's own: 00 and 011 are understood everywhere."""
    bare = text.lstrip("(")
    for prefix in ("00", "011"):
        if bare.startswith(prefix) and sum(c.isdigit() for c in bare) >= len(prefix) + 8:
            return f"+{bare[len(prefix) :]}"
    return text


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


_NANP = frozenset({"US", "CA"})
_SHAPED = re.compile(r"(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}")


def _likely(text: str, region: str, named: bool) -> str | None:
    """A number that no plan has assigned but that is written or announced as one: fictional, new, or mistyped."""
    text = _abroad(text)
    shaped = (region in _NANP and _SHAPED.fullmatch(text)) or text.startswith("+")
    announced = named and text.lstrip("(").startswith("0") and region not in _NANP
    number = _parsed(text, region) if shaped or announced else None
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def vanity(doc: Document, region: str) -> list[Found]:
    """1-800-FLOWERS: letters stand for digits."""
    found = []
    for match in list(_VANITY.finditer(doc.text))[:FOUND_LIMIT]:
        value = _e164(phonenumbers.convert_alpha_characters_in_number(match.group()), region)
        if value is not None:
            found.append(doc.found(value, match.start(), match.end(), 0.9))
    return found


def _confidence(text: str, named: bool) -> float:
    if text.startswith(("+", "(+")):
        return 0.99
    shaped = any(not c.isdigit() for c in text)
    return (0.95 if shaped else 0.85) + (0.03 if named else 0.0)
