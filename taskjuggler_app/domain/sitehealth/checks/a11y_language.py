"""Whether the page says which language it is in, and is right."""

from functools import lru_cache
from typing import Any

from taskjuggler_app.domain.sitehealth.checks.registry import MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_RTL = frozenset(("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"))
_ENOUGH = 120
"""Letters below which a guess at a page's language is no better than a coin."""
_ENOUGH_PART = 18


@lru_cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=512)
def detect(text: str) -> tuple[str, float]:
    """The language of a text (ISO 639-1) and how sure that is, 0 to 1."""
    found, sure = _identifier().classify(text)
    return str(found), float(sure)


def _main(tag: object) -> str:
    return str(tag or "").split("-")[0].strip().lower()


@page_check(
    "lang-wrong",
    MEDIUM,
    "Say the right language of the page",
    "A screen reader reads it with the sounds of the language it is told.",
    wcag="3.1.1",
)
def lang_wrong(visit: Visit) -> Found:
    stated, text = _main(visit.facts.get("lang")), str(visit.facts.get("text") or "")
    if not stated or len(text) < 40:
        return
    found, sure = detect(text[:3000])
    if found == "la":  # the filler text of designers
        return
    close = {stated, found} in (
        {"no", "nb"},
        {"no", "nn"},
        {"nb", "nn"},
        {"hr", "sr"},
        {"bs", "hr"},
        {"id", "ms"},
        {"zh"},
    )
    if found != stated and sure > (0.999 if len(text) < _ENOUGH else 0.98) and not close and len(stated) == 2:
        yield Place(
            "html",
            f'<html lang="{visit.facts.get("lang")}">',
            f"It says “{stated}”, but the text reads as “{found}”.",
            data={"language": found},
        )


@page_check(
    "lang-part-wrong",
    MEDIUM,
    "Say the right language of a passage",
    "It is read with the sounds of another language.",
    wcag="3.1.2",
)
def lang_part_wrong(visit: Visit) -> Found:
    for row in visit.rows("parts"):
        stated = _main(row["lang"])
        if len(stated) == 2 and len(row["text"]) >= _ENOUGH_PART:
            found, sure = detect(row["text"])
            if found != stated and sure > 0.6 and stated != "la":
                yield at(row, f"It says “{stated}”, but reads as “{found}”.", needs_review=sure < 0.9)


@page_check(
    "text-direction", MEDIUM, "Set the direction of the script", "Punctuation and order come out wrong.", wcag="1.3.2"
)
def text_direction(visit: Visit) -> Found:
    for row in visit.rows("parts"):
        stated = _main(row["lang"])
        letters = [letter for letter in row["text"] if letter.isalpha()]
        if not letters:
            continue
        leftward = sum("\u0590" <= letter <= "\u08ff" for letter in letters) > len(letters) / 2
        if leftward and row["dir"] == "ltr":
            yield at(row, "Its script runs from right to left, and it is set from left to right.")
        elif not leftward and row["dir"] == "rtl" and stated not in _RTL:
            yield at(row, "Its script runs from left to right, and it is set from right to left.")
