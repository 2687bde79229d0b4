"""E-mail addresses and links. Every quantifier is bounded, so a hostile message costs no more than a long one."""

import re

from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Found

# RFC 5321 4.5.3.1: local part at most 64, a label at most 63, as people write them (no quoted local parts).
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.){1,6}[^\W\d_]{2,24}(?![\w@])")
_URL = re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"\x00-\x20\ud800-\udfff]{2,2000}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|org|net|io|co|app|dev|info|biz|shop|store|example|us|ca|"
    r"eu|de|fr|es|it|nl|ch|at|co\.uk|org\.uk|com\.au)(?:/[^\s<>\"\x00-\x20\ud800-\udfff]{0,1000})?(?![\w@-])",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'\u2019\"\u201d*_"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def emails(doc: Document) -> list[Found]:
    """Addresses, lower-cased in the domain; a full stop or apostrophe around one is not part of it."""
    found = []
    for match in _EMAIL.finditer(doc.text):
        local, _, domain = match.group().rpartition("@")
        lead = len(local) - len(local.lstrip(".'-"))
        if not local.strip(".'-") or local.endswith(".") or ".." in local:
            continue
        value = f"{local[lead:]}@{domain.lower()}"
        found.append(doc.found(value, match.start() + lead, match.end(), 0.97))
        if len(found) == FOUND_LIMIT:
            break
    return found


def urls(doc: Document) -> list[Found]:
    """Links as written, without the punctuation that ends the sentence around them. Bare domains are less sure."""
    found = [_link(doc, m, 0.97) for m in _URL.finditer(doc.text)][:FOUND_LIMIT]
    rest = doc.without(f.span for f in found)
    found += [_link(doc, m, 0.75) for m in _BARE.finditer(rest.text)]
    return sorted(found, key=lambda f: f.span.start)[:FOUND_LIMIT]


def _link(doc: Document, match: re.Match[str], confidence: float) -> Found:
    text = match.group()
    while text and (text[-1] in _TRAILING or _unbalanced(text)):
        text = text[:-1]
    return doc.found(text, match.start(), match.start() + len(text), confidence)


def _unbalanced(text: str) -> bool:
    opening = _PAIRS.get(text[-1])
    return opening is not None and text.count(opening) < text.count(text[-1])
