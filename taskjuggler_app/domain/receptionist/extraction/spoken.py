"""Phone numbers and mail addresses as they stand in the transcript of a call: in words.

"two one two, five five five, oh one four seven"; "ada dot lovelace at example dot com".
"""

import re
from collections.abc import Iterator

from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.phones import read_digits
from taskjuggler_app.domain.receptionist.extraction.values import Found
from taskjuggler_app.domain.receptionist.extraction.words import word_set

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DIGITS = {word: str(number) for number, word in enumerate(_UNITS, 1)} | {
    "zero": "0",
    "nought": "0",
    "oh": "0",
    "o": "0",
}
_NUMBERS = {word: str(number) for number, word in enumerate(_TEENS, 10)}
_NUMBERS |= {word: str(number * 10) for number, word in enumerate(_TENS, 2)}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_SPOKEN = "|".join([*_DIGITS, *_NUMBERS, *_TIMES, "hundred", "thousand"])
_GAP = r"(?:[\s,;.\u2026-]|\s?dash\s?|\s?hyphen\s?|\s?pause\s?){1,4}"
_RUN = re.compile(
    rf"(?<![\w-])(?:plus{_GAP})?(?:{_SPOKEN}|\d{{1,4}})(?:{_GAP}(?:{_SPOKEN}|\d{{1,4}})){{2,24}}(?![\w-])",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[a-z]{1,12}|\d{1,4}", re.IGNORECASE)
_WORDED = re.compile(_SPOKEN, re.IGNORECASE)
_LEAST, _MOST = 7, 15
_COUNTING = "12345"

_DOT = r"(?:\s?\.\s?|\s(?:dot|period)\s|\s?[\[(]\s?dot\s?[\])]\s?)"
_AT = r"(?:\s{1,2}at\s{1,2}|\s?[\[(]\s?at\s?[\])]\s?)"
_JOIN = r"\s(?:dot|period|underscore|dash|hyphen|minus|plus)\s|[._+-]"
_PIECE = r"[a-z0-9]{1,30}"
_TLD = r"com|org|net|edu|gov|io|co|info|biz|example|us|ca|uk|ie|eu|de|fr|es|it|nl|ch|at|au|nz"
_MAIL = re.compile(
    rf"(?<![\w@.-])(?P<local>(?:[a-z]\s){{2,20}}[a-z]|{_PIECE}(?:(?:{_JOIN}){_PIECE}){{0,4}}(?:\s\d{{1,4}})?){_AT}"
    rf"(?P<domain>(?:[a-z0-9-]{{1,40}}{_DOT}){{1,3}}(?:{_TLD}))(?![\w@-]|\s?(?:dot|\.)\s?\w)",
    re.IGNORECASE,
)
_SIGNS = {"dot": ".", "period": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+"}
_HINT = re.compile(r"(?<!\w)(?:e-?\s?mail|mail|address|reach|write|send|contact)[^\n!?]{0,60}$", re.IGNORECASE)
_PROVIDERS = word_set("gmail yahoo hotmail outlook icloud aol proton protonmail gmx web msn live")
_NO_LOCAL = word_set(
    "me us you him her it them look find available online here is are was visit see order book shop site website page "
    "buy sign up login log apply check more and or the a an that this there out on in work works listed looking "
    "reach contact details directions register working located"
)


def phones(doc: Document, region: str) -> list[Found]:
    """Numbers said in words, wholly or in part; valid ones only, or announced and written as one."""
    found: list[Found] = []
    for match in _RUN.finditer(doc.text):
        text = match.group()
        if not _WORDED.search(text):  # digits only: `phones` has judged them
            continue
        digits = _once("".join(_digits(text)))
        if not _LEAST <= len(digits) <= _MOST or digits.startswith(_COUNTING):
            continue
        before = doc.text[max(0, match.start() - 40) : match.start()]
        value = read_digits("+" * text.casefold().startswith("plus") + digits, before, region)
        if value is not None and all(one.value != value for one in found):
            found.append(doc.found(value, *match.span(), 0.85))
        if len(found) == FOUND_LIMIT:
            break
    return found


def _once(digits: str) -> str:
    """A number that is said twice in a row is one number."""
    half = len(digits) // 2
    return digits[:half] if half >= _LEAST and digits[:half] == digits[half:] else digits


def _digits(text: str) -> Iterator[str]:
    """The digits that the words stand for: "double five" is 55, "fifty-five" too, "eight hundred" is 800."""
    times, tens = 1, ""
    for word in _TOKEN.findall(text.casefold()):
        if tens and word in _DIGITS and _DIGITS[word] != "0":
            yield tens[0] + _DIGITS[word]
            tens = ""
            continue
        yield tens
        tens = ""
        if word in _TIMES:
            times = _TIMES[word]
        elif word in _TENS:
            tens = _NUMBERS[word]
        elif word in ("hundred", "thousand"):
            yield "00" if word == "hundred" else "000"
        else:
            yield (word if word.isdecimal() else _DIGITS.get(word) or _NUMBERS.get(word, "")) * times
            times = 1
    yield tens


def emails(doc: Document) -> list[Found]:
    """Addresses said in words: where mail is spoken of, of a known provider, or with a part no word has."""
    found: list[Found] = []
    for match in _MAIL.finditer(doc.text):
        local, domain = _written(match["local"]), _written(match["domain"])
        sure = bool(_HINT.search(doc.text[max(0, match.start() - 70) : match.start()]))
        sure = sure or domain.split(".")[0] in _PROVIDERS or not local.isalpha()
        if sure and local not in _NO_LOCAL and re.fullmatch(r"[\w+-]+(?:\.[\w+-]+)*", local):
            found.append(doc.found(f"{local}@{domain}", match.start(), match.end(), 0.85))
        if len(found) == FOUND_LIMIT:
            break
    return found


def _written(said: str) -> str:
    """The words with signs in their places; letters that are spelled one by one come together."""
    words = re.sub(r"[\[\]()]", " ", said.casefold()).split()
    return "".join(_SIGNS.get(word, word) for word in words)
