"""Links: what they are called, where they go, what they do."""

import re
from collections import defaultdict
from urllib.parse import urldefrag, urlsplit

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_GENERIC = frozenset(
    """click here|here|more|read more|learn more|more info|more information|this|this page|page|link|this link|go|start|
    continue reading|details|see more|view more|click|press me|press here|info|website|my page|find out more""".replace(
        "\n    ", ""
    ).split("|")
)
_IMAGE = re.compile(r"\.(png|jpe?g|gif|webp|svg|bmp|avif)$", re.IGNORECASE)
_MEDIA = re.compile(r"\.(mp3|wav|ogg|m4a|mp4|mov|avi|webm|ogv|wmv|flac)$", re.IGNORECASE)
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|zip)$", re.IGNORECASE)
_SIZE = re.compile(r"\d\s*(kb|mb|gb|kib|mib|bytes)", re.IGNORECASE)
_WINDOW = re.compile(r"new (window|tab)|opens? in", re.IGNORECASE)
_WORD = re.compile(r"\w")


def _path(href: object) -> str:
    return urlsplit(str(href)).path


@page_check(
    "generic-link-text",
    MEDIUM,
    "Say in the link where it goes",
    "In a list of a page's links, 'read more' ten times says nothing.",
    wcag="2.4.4",
)
def generic_link_text(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["seen"] and row["name"].lower().strip(" .…\u203a\u00bb>:") in _GENERIC:
            yield at(row, f"“{row['name'][:60]}” does not say where the link goes.")


@page_check(
    "link-text-punctuation",
    HIGH,
    "Put words into the link",
    "A link that is only a full stop is read as nothing, and is hardly to be hit.",
    wcag="2.4.4",
)
def link_text_punctuation(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["seen"] and row["name"] and not _WORD.search(row["name"]):
            own = "#" in str(row["href"])  # the sign beside a heading that links to it: little is lost
            severity = LOW if own else MEDIUM if row["nav"] else None
            yield at(row, f"Its whole text is “{row['name'][:20]}”.", severity=severity)


@page_check(
    "link-new-window",
    LOW,
    "Warn before a link opens a new window",
    "Back does not lead back from a new window, and not everybody notices one.",
    wcag="3.2.5",
)
def link_new_window(visit: Visit) -> Found:
    for row in visit.rows("links"):
        said = f"{row['name']} {row['title'] or ''} {row['text']}"
        if row["target"] == "_blank" and row["seen"] and not _WINDOW.search(said) and not row["described"]:
            yield at(row, "It opens a new window and does not say so.")


@page_check(
    "href-hash-or-js",
    MEDIUM,
    "Use a button for what is no link",
    "A link to # or javascript: leads nowhere: not in a new tab, not without scripts.",
    wcag="2.1.1 4.1.2",
)
def href_hash_or_js(visit: Visit) -> Found:
    for row in visit.rows("links"):
        raw = str(row["raw"] or "").strip().lower()
        if (raw == "#" or raw.startswith("javascript:")) and row["role"] != "button":
            yield at(row, f"The link leads to “{raw[:40]}”.", severity=LOW if raw == "#" else None)


@page_check(
    "link-button-space",
    MEDIUM,
    "Make a link with the role of a button work with the space bar",
    "People press space on what is announced as a button; a link answers to Enter only.",
    wcag="2.1.1 4.1.2",
)
def link_button_space(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["role"] == "button" and not row["keys"]:
            yield at(row, "role=button, but nothing listens to the keyboard.")


@page_check(
    "adjacent-duplicate-links",
    LOW,
    "Join neighbouring links to the same place",
    "The same link twice is heard twice and takes two presses of Tab.",
    wcag="2.4.4",
)
def adjacent_duplicate_links(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["next"] and row["next"] == row["href"] and not row["between"] and "#" not in str(row["raw"])[:1]:
            yield at(row, "The next link goes to the same place.")


@page_check(
    "links-not-separated",
    LOW,
    "Separate neighbouring links by more than a space",
    "Some screen readers and braille displays run links together that only a space parts.",
    "WCAG 1.0, 10.5",
)
def links_not_separated(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if (
            row["next"]
            and row["sameLine"]
            and not row["between"]
            and not row["nav"]
            and row["text"]
            and row["nextText"]
        ):
            yield at(row, "Only a space parts it from the next link.", needs_review=True)


@page_check(
    "links-same-text",
    MEDIUM,
    "Give links to different pages different names",
    "Two links called the same are expected to lead to the same page, unless their list items or rows tell them apart.",
    wcag="2.4.4",
)
def links_same_text(visit: Visit) -> Found:
    named: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for row in visit.rows("links"):
        if row["seen"] and row["name"] and not row["nav"] and row["name"].lower() not in _GENERIC:
            named[row["name"].lower()].setdefault(urldefrag(str(row["href"]))[0].rstrip("/"), row)
    for name, places in named.items():
        items = {row["item"] for row in places.values()}
        if len(places) > 1 and (len(items) < len(places) or "" in items):
            yield at(list(places.values())[1], f"“{name[:60]}” leads to {len(places)} different pages.")


@page_check(
    "link-title-repeats",
    LOW,
    "Leave out a title that repeats the link",
    "Some screen readers read both.",
    "WCAG 2.2 technique H33",
)
def link_title_repeats(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["title"] and row["title"].strip().lower() == row["text"].strip().lower():
            yield at(row, "The title says what the link says.")


@page_check(
    "link-alt-repeats",
    LOW,
    "Leave the alt empty where the link's text says the same",
    "The same words are read twice.",
    "WCAG 2.2 technique H2",
)
def link_alt_repeats(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if any(alt and alt.lower() == row["text"].strip().lower() for alt in row["alts"]):
            yield at(row, "The image's alternative repeats the text beside it.")


@page_check(
    "link-to-image",
    LOW,
    "Say that a link leads to an image, and what it shows",
    "An image opened by itself has no text alternative.",
    wcag="1.1.1",
)
def link_to_image(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["seen"] and _IMAGE.search(_path(row["href"])) and not row["alts"]:
            yield at(row, "It opens a bare image file.", needs_review=False)


@page_check(
    "link-to-media",
    LOW,
    "Offer a transcript beside linked sound and film",
    "Who cannot hear or see it has nothing else.",
    wcag="1.2.1",
)
def link_to_media(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["seen"] and _MEDIA.search(_path(row["href"])) and "transcript" not in row["around"].lower():
            yield at(row, "It opens sound or film, and no transcript is named beside it.")


@page_check(
    "link-to-file",
    LOW,
    "Say format and size of a linked document",
    "A document opens another program, and a large one costs time and money.",
    "GOV.UK content guidance on attachments",
)
def link_to_file(visit: Visit) -> Found:
    for row in visit.rows("links"):
        found = _FILE.search(_path(row["href"]))
        if row["seen"] and found:
            said = f"{row['name']} {row['title'] or ''} {row['around']}"
            if found[1].lower() not in said.lower() or not _SIZE.search(said):
                yield at(row, f"It opens a {found[1].upper()} file without saying so, or how large it is.")


@page_check(
    "link-looks-like-text",
    HIGH,
    "Make links look like links",
    "A link that looks like the text around it is found by those only who happen to point at it.",
    wcag="1.4.1",
)
def link_looks_like_text(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["seen"] and row["plain"] and row["inText"] and not row["nav"] and not row["heading"] and row["text"]:
            yield at(row, "Nothing tells it from the text around it.", severity=MEDIUM)


@page_check(
    "link-hidden-text",
    LOW,
    "Hide text from the eye only",
    "display:none and visibility:hidden hide the rest of the link from screen readers too.",
    "WCAG 2.2 technique C7",
    wcag="2.4.4",
)
def link_hidden_text(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if row["seen"] and row["hidden"] and row["text"]:
            yield at(row, f"“{row['hidden'][:60]}” is hidden from screen readers as well.")
