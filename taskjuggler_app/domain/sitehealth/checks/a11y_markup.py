"""What text is marked up as: headings, lists, titles, elements that are gone or broken."""

import re
from html.parser import HTMLParser

from typing_extensions import override

from taskjuggler_app.domain.sitehealth.checks.registry import LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_BULLET = re.compile(r"^\s*([*\u2022\u00b7\u2013\u2014-]|\d{1,2}[.)])\s+\S")
_STOCK_TITLE = re.compile(
    r"^(title|title ?\d*|untitled.*|document|page ?\d*|home|index|new page|test|default|welcome|website|web ?page)$",
    re.IGNORECASE,
)
_TYPES = {
    "center": "text-align in CSS", "font": "CSS", "big": "CSS", "strike": "del", "tt": "code", "acronym": "abbr",
    "applet": "object", "dir": "ul", "blink": "nothing", "marquee": "nothing", "frameset": "one page",
}  # fmt: skip


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

    VOID = frozenset(
        ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
    )

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


def _related(left: str, right: str) -> bool:
    words = [set(re.findall(r"\w{3,}", text.lower())) for text in (left, right)]
    return not words[1] or bool(words[0] & words[1])
