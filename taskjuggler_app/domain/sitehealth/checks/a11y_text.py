"""How text looks and whether it can be read, enlarged and narrowed."""

import re
from typing import Any

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")


def _prose(visit: Visit, least: int) -> list[dict[str, Any]]:
    """Blocks of running text with at least so many letters."""
    return [row for row in visit.rows("texts") if row["block"] and row["length"] >= least and not row["control"]]


@page_check(
    "justified-text",
    LOW,
    "Do not justify text",
    "The uneven gaps make it hard to follow, most of all for people with dyslexia.",
    wcag="1.4.8",
)
def justified(visit: Visit) -> Found:
    for row in _prose(visit, 60):
        if row["align"] == "justify":
            yield at(row, "The text is justified.")


@page_check("tiny-text", LOW, "Make text large enough to read", "Below 10 px few people read with ease.", wcag="1.4.4")
def tiny(visit: Visit) -> Found:
    for row in visit.rows("texts"):
        if 0 < row["size"] < 10 and len(row["own"]) > 8:
            yield at(row, f"The text is {row['size']:g} px high.")


@page_check(
    "all-caps",
    LOW,
    "Do not set sentences in capitals",
    "Capitals have no shape to read by, and some screen readers spell them.",
    "GDS accessibility tool audit; WCAG 2.2, 3.1.5",
)
def all_caps(visit: Visit) -> Found:
    for row in _prose(visit, 60):
        if row["upper"] and row["words"] > 8:
            yield at(row, "A whole sentence stands in capitals.")


@page_check(
    "long-italics",
    LOW,
    "Do not set long text in italics",
    "Slanted letters are hard to read, most of all with dyslexia.",
    "British Dyslexia Association style guide",
)
def long_italics(visit: Visit) -> Found:
    for row in _prose(visit, 150):
        if row["italic"]:
            yield at(row, f"{row['words']} words stand in italics.")


@page_check(
    "tight-lines",
    LOW,
    "Leave space between lines",
    "Lines closer than 1.2 run into each other for many readers.",
    wcag="1.4.8",
)
def tight_lines(visit: Visit) -> Found:
    for row in _prose(visit, 80):
        if row["line"] and row["line"] / max(row["size"], 1) < 1.15:
            yield at(row, f"Its line height is {row['line'] / row['size']:.2f} of the letters' size.")


@page_check(
    "long-lines", LOW, "Keep lines to about 80 letters", "The eye loses the start of the next line.", wcag="1.4.8"
)
def long_lines(visit: Visit) -> Found:
    for row in _prose(visit, 240):
        if row["perLine"] > 110:
            yield at(row, f"Lines are about {row['perLine']} letters long.")


@page_check(
    "inline-color",
    LOW,
    "Set colours in the style sheet",
    "People who need other colours cannot override those written into the page.",
    "GDS accessibility tool audit",
)
def inline_color(visit: Visit) -> Found:
    for row in visit.rows("texts"):
        if row["color"]:
            yield at(row, "Its colour is set in a style attribute.")


@page_check(
    "hard-words",
    LOW,
    "Write plainly",
    "Long sentences of long words are hard for everybody, and shut some people out.",
    wcag="3.1.5",
)
def hard_words(visit: Visit) -> Found:
    if not str(visit.facts.get("lang") or "en").lower().startswith("en"):
        return
    own = [row for row in _prose(visit, 40) if len(row["own"]) >= min(200, row["length"] / 2)]  # no labels and names
    prose = [str(row["text"]) for row in own]
    words = re.findall(r"[A-Za-z]+", " ".join(prose))
    sentences = sum(len([part for part in _SENTENCE.split(text) if part.strip()]) for text in prose)
    if len(words) < 40:
        return
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in words)
    ease = 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)
    if ease < 15:
        yield Place("body", "", f"The text's Flesch reading ease is {ease:.0f}: below 30 is hard even for students.")


@page_check(
    "sideways-scroll",
    MEDIUM,
    "Do not make people scroll sideways to read",
    "With magnification every line takes scrolling to and fro.",
    wcag="1.4.10",
)
def sideways(visit: Visit) -> Found:
    for row in visit.rows("scrollers"):
        yield at(row, "Its text is wider than its box.")


@page_check(
    "reflow-320",
    MEDIUM,
    "Let the page fit 320 px",
    "At 400 % zoom that is what is left of a desktop's width.",
    wcag="1.4.10",
)
def reflow(visit: Visit) -> Found:
    narrow, tables = int(visit.probes.get("narrow") or 0), visit.rows("tables")
    if narrow > 330:
        yield Place("html", "", f"At 320 px the page is {narrow} px wide.", severity=None if tables else MEDIUM)


@page_check(
    "text-spacing",
    MEDIUM,
    "Let boxes grow with their text",
    "Who widens the spacing to read loses what no longer fits.",
    wcag="1.4.12",
)
def text_spacing(visit: Visit) -> Found:
    for row in visit.probes.get("spacing") or []:
        yield at(row, "With wider spacing part of its text is cut off.")


@page_check(
    "text-resize",
    MEDIUM,
    "Let boxes grow with larger letters",
    "Who doubles the size of text loses what no longer fits.",
    wcag="1.4.4",
)
def text_resize(visit: Visit) -> Found:
    spaced = {row["selector"] for row in visit.probes.get("spacing") or []}
    for row in visit.probes.get("larger") or []:
        if row["selector"] not in spaced:
            yield at(row, "With text at twice the size part of it is cut off.")
    for row in visit.rows("texts"):
        if row["clipped"] and row["length"] > 40 and row["tag"] in ("p", "div", "li", "td", "section"):
            yield at(row, "Part of its text is cut off as it is.")


@page_check(
    "focus-not-visible",
    HIGH,
    "Show where the focus is",
    "Without a mouse nobody knows what Enter would do.",
    wcag="2.4.7",
)
def focus_not_visible(visit: Visit) -> Found:
    for row in visit.probes.get("unseen") or []:
        yield at(row, "Nothing changes when it has the focus.")


@page_check(
    "focus-hardly-visible", MEDIUM, "Show the focus clearly", "A change as small as this is not noticed.", wcag="2.4.13"
)
def focus_hardly_visible(visit: Visit) -> Found:
    for row in visit.probes.get("weak") or []:
        yield at(row, "Its outline takes the place of its border: hardly anything changes.")
