"""How text looks, how it is built, and what it is marked up as."""

import re
from html.parser import HTMLParser
from typing import Any

from typing_extensions import override

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_BULLET = re.compile(r"^\s*([*\u2022\u00b7\u2013\u2014-]|\d{1,2}[.)])\s+\S")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_STOCK_TITLE = re.compile(
    r"^(title|title ?\d*|untitled.*|document|page ?\d*|home|index|new page|test|default|welcome|website|web ?page)$",
    re.IGNORECASE,
)
_TYPES = {
    "center": "text-align in CSS", "font": "CSS", "big": "CSS", "strike": "del", "tt": "code", "acronym": "abbr",
    "applet": "object", "dir": "ul", "blink": "nothing", "marquee": "nothing", "frameset": "one page",
}  # fmt: skip


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
    "fake-heading",
    MEDIUM,
    "Mark headings up as headings",
    "Who jumps from heading to heading passes by what only looks like one.",
    wcag="1.3.1",
)
def fake_heading(visit: Visit) -> Found:
    usual = float(visit.facts.get("bodySize") or 16)
    for row in visit.rows("texts"):
        follows = row["next"] in ("p", "ul", "ol", "div")
        looks = row["bold"] and row["size"] >= usual * 1.2
        if (
            row["block"]
            and not row["heading"]
            and not row["control"]
            and follows
            and looks
            and 2 < row["length"] < 80
            and not row["links"]
            and row["tag"] in ("div", "p", "span", "strong", "b")
        ):
            yield at(row, "It looks like a heading and is none.")


@page_check(
    "fake-list",
    MEDIUM,
    "Mark lists up as lists",
    "A screen reader says how many entries a list has, and jumps between them.",
    wcag="1.3.1",
)
def fake_list(visit: Visit) -> Found:
    for row in visit.rows("texts"):
        if sum(1 for line in row["lines"] if _BULLET.match(line)) >= 3:
            yield at(row, "Its lines start with bullets, but they are no list.")


@page_check(
    "unbroken-text",
    LOW,
    "Break long text up with headings and lists",
    "A wall of text cannot be scanned, by eye or by ear.",
    wcag="2.4.10",
)
def unbroken(visit: Visit) -> Found:
    long = [row for row in visit.rows("texts") if row["block"] and row["words"] > 250]
    headings = sum(1 for row in visit.rows("headings") if row["level"] > 1)
    if long and headings == 0:
        yield at(long[0], f"{long[0]['words']} words stand in one block, and no heading divides the page.")


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
    text = str(visit.facts.get("text") or "")
    words = re.findall(r"[A-Za-z]+", text)
    sentences = max(1, len([part for part in _SENTENCE.split(text) if part.strip()]))
    if len(words) < 60:
        return
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in words)
    ease = 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)
    if ease < 15:
        yield Place("body", "", f"The text's Flesch reading ease is {ease:.0f}: below 30 is hard even for students.")


@page_check(
    "deprecated-element",
    LOW,
    "Replace elements that HTML dropped",
    "They mix looks into the content and may stop working.",
    "HTML Living Standard, obsolete features",
)
def deprecated(visit: Visit) -> Found:
    for row in visit.rows("deprecated"):
        moving = row["tag"] in ("blink", "marquee")
        yield at(
            row,
            f"<{row['tag']}> is obsolete: use {_TYPES.get(row['tag'], 'CSS')}.",
            severity=MEDIUM if moving else None,
        )


@page_check(
    "empty-paragraph",
    LOW,
    "Remove empty paragraphs",
    "Some screen readers announce them; space belongs into the style sheet.",
    "HTML Living Standard, 3.2.5",
)
def empty_paragraph(visit: Visit) -> Found:
    for row in visit.rows("empties"):
        yield at(row, "The paragraph is empty.")


@page_check(
    "pre-without-code",
    LOW,
    "Say what preformatted text is",
    "Drawings made of letters are read letter by letter; code is to be marked as code.",
    wcag="1.1.1",
)
def bare_pre(visit: Visit) -> Found:
    for row in visit.rows("pres"):
        yield at(row, "It holds no code element and has no role=img with a label.")


@page_check(
    "duplicate-id",
    LOW,
    "Use every id once",
    "Labels, links and scripts reach the first only.",
    "HTML Living Standard, 3.2.6 (WCAG 2.1, 4.1.1)",
)
def duplicate_id(visit: Visit) -> Found:
    for row in visit.rows("duplicates"):
        yield at(row, f"The id “{row['id']}” is used {row['count']} times.")


@page_check(
    "abbreviation",
    LOW,
    "Explain an abbreviation where it first stands",
    "Not everybody knows what the letters stand for.",
    wcag="3.1.4",
)
def abbreviation(visit: Visit) -> Found:
    text = str(visit.facts.get("text") or "")
    for row in visit.rows("abbreviations"):
        if f"({row['text']})" not in text:
            yield at(row, f"Nothing says what “{row['text'][:30]}” stands for.")


@page_check(
    "article-misused",
    LOW,
    "Use article for what stands by itself",
    "Screen readers list articles as the page's contents.",
    "HTML Living Standard, 4.3.2",
)
def article_misused(visit: Visit) -> Found:
    for row in visit.rows("articles"):
        yield at(row, "It holds navigation only.")


@page_check(
    "generated-content",
    LOW,
    "Put content into the page, not into the style sheet",
    "What CSS writes is lost where styles are off, and cannot be translated or searched.",
    wcag="1.3.1",
)
def generated(visit: Visit) -> Found:
    for row in visit.rows("generated"):
        yield at(row, f"“{row['text'][:40]}” is written by the style sheet ({row['kind']}).")


@page_check(
    "object-wmode",
    LOW,
    "Embed objects so that the keyboard can leave them",
    "Windowless plug-ins are hidden from screen readers.",
    "Adobe: accessible Flash content",
)
def object_wmode(visit: Visit) -> Found:
    for row in visit.rows("objects"):
        if row["wmode"] in ("transparent", "opaque"):
            yield at(row, f"wmode is {row['wmode']}.")


@page_check(
    "page-title-quality",
    MEDIUM,
    "Give the page a title of its own",
    "The title is the first thing heard, and the name in tabs and search results.",
    wcag="2.4.2",
)
def title_quality(visit: Visit) -> Found:
    title = str(visit.facts.get("title") or "").strip()
    heading = next((row["text"] for row in visit.rows("headings") if row["level"] == 1), "")
    if title and (_STOCK_TITLE.match(title) or len(title) < 3):
        yield Place("title", f"<title>{title}</title>", f"“{title[:60]}” does not say what the page is about.")
    elif title and heading and not _related(title, heading):
        yield Place("title", f"<title>{title}</title>", "Title and main heading share no word.", needs_review=True)


@page_check(
    "skipped-heading",
    LOW,
    "Do not skip levels of headings",
    "The levels are the page's table of contents.",
    wcag="1.3.1",
)
def first_heading(visit: Visit) -> Found:
    last = 0
    for row in visit.rows("headings"):
        if last and row["level"] > last + 1:
            yield at(row, f"A heading of level {row['level']} follows one of level {last}.")
        last = row["level"]


class _Balance(HTMLParser):
    """Finds end tags that close nothing."""

    VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.stray: list[tuple[str, int]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        elif tag not in self.VOID and tag != "p":
            self.stray.append((tag, self.getpos()[0]))


@page_check(
    "unbalanced-tags",
    LOW,
    "Close what was opened, and nothing else",
    "Browsers repair it each in its own way.",
    "HTML Living Standard, 13.1 (WCAG 2.1, 4.1.1)",
)
def unbalanced(visit: Visit) -> Found:
    parser = _Balance()
    parser.feed(visit.source)
    for tag, line in parser.stray[:5]:
        yield Place("", f"</{tag}>", f"Line {line}: </{tag}> closes nothing.", data={"line": line})


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


def _related(left: str, right: str) -> bool:
    words = [set(re.findall(r"\w{3,}", text.lower())) for text in (left, right)]
    return not words[1] or bool(words[0] & words[1])
