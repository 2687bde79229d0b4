"""Images, sound, film, frames."""

import re
from urllib.parse import unquote, urlsplit

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_FILE = re.compile(r"\.(png|jpe?g|gif|webp|svg|bmp|avif|tiff?)$", re.IGNORECASE)
_STOCK = re.compile(
    r"^(image|picture|photo|img|graphic|icon|logo|spacer|click|button|submit|untitled|alt|placeholder|banner)\s*\d*$",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"(^|[\s_-])(warning|icon|alert|info|error|success|important|danger|notice)([\s_-]|$)", re.IGNORECASE
)


@page_check(
    "alt-is-filename",
    MEDIUM,
    "Describe the image, do not name its file",
    "A file name read aloud says nothing.",
    wcag="1.1.1",
)
def alt_is_filename(visit: Visit) -> Found:
    for row in visit.rows("images"):
        alt = (row["alt"] or "").strip()
        file = unquote(urlsplit(str(row["src"])).path.rpartition("/")[2])
        if alt and (
            _FILE.search(alt) or (file and alt.lower() == file.rpartition(".")[0].lower() and re.search(r"[_\d-]", alt))
        ):
            yield at(row, f"The alternative is a file name: “{alt[:60]}”.")


@page_check(
    "alt-says-nothing",
    MEDIUM,
    "Describe what the image shows or does",
    "'image' or 'click' is no description.",
    wcag="1.1.1",
)
def alt_says_nothing(visit: Visit) -> Found:
    for row in visit.rows("images"):
        if row["alt"] and _STOCK.match(row["alt"].strip()) and not (row["inLink"] and "logo" in row["alt"].lower()):
            yield at(row, f"“{row['alt'][:40]}” does not describe it.")


@page_check(
    "alt-and-title",
    LOW,
    "Say one thing about an image",
    "Some hear the alternative, some the title, some both.",
    wcag="1.1.1",
)
def alt_and_title(visit: Visit) -> Found:
    for row in visit.rows("images"):
        title, alt = (row["title"] or "").strip(), row["alt"]
        if title and alt == "":
            yield at(row, "The alternative says it is decoration, the title says it is not.", severity=MEDIUM)
        elif title and alt and title.lower() != alt.strip().lower():
            yield at(row, "Alternative and title differ.")


@page_check(
    "decorative-with-alt",
    LOW,
    "Decide whether an image is decoration",
    "role=presentation hides it, the alternative describes it.",
    wcag="1.1.1",
)
def decorative_with_alt(visit: Visit) -> Found:
    for row in visit.rows("images"):
        if row["role"] in ("presentation", "none") and row["alt"]:
            yield at(row, "It has a role that hides it and an alternative that describes it.")


@page_check(
    "alt-empty-large",
    LOW,
    "Make sure that an image without words is decoration",
    "An empty alternative hides the image from people who do not see it.",
    wcag="1.1.1",
)
def alt_empty_large(visit: Visit) -> Found:
    for row in visit.rows("images"):
        if (
            row["seen"]
            and row["alt"] == ""
            and not row["title"]
            and not row["inLink"]
            and row["w"] >= 80
            and row["h"] >= 24
            and not row["figure"]
            and not row["hiddenAria"]
        ):
            yield at(
                row, f"{row['w']} by {row['h']} px with an empty alternative: is it decoration?", needs_review=True
            )


@page_check(
    "spacer-image",
    LOW,
    "Make space with CSS",
    "Spacer images are noise where images are listed or not loaded.",
    "GDS accessibility tool audit",
)
def spacer(visit: Visit) -> Found:
    for row in visit.rows("images"):
        named = re.search(r"spacer|blank|transparent|pixel", str(row["src"]).rpartition("/")[2], re.IGNORECASE)
        if (named or (row["nw"] <= 1 and row["nh"] <= 1 and row["nw"])) and row["seen"] and row["w"] * row["h"] > 4:
            yield at(row, "The image only keeps space.")


@page_check(
    "background-meaning",
    LOW,
    "Put meaning into the page, not into a background",
    "A background image has no text alternative.",
    wcag="1.1.1",
)
def background_meaning(visit: Visit) -> Found:
    for row in visit.rows("texts"):
        if row["background"] and _MEANING.search(row["classes"]) and row["role"] not in ("alert", "img"):
            yield at(row, "An image in its background seems to carry meaning, and nothing says it in words.")


@page_check(
    "animated-gif",
    MEDIUM,
    "Let people stop what moves",
    "Movement beside text makes it unreadable for some.",
    wcag="2.2.2",
)
def animated_gif(visit: Visit) -> Found:
    moving = set(visit.probes.get("animated") or [])
    for row in visit.rows("images"):
        if row["src"] in moving:
            yield at(row, "The image moves and cannot be stopped.")


@page_check("captions", MEDIUM, "Give film captions", "Who does not hear has nothing else.", wcag="1.2.2")
def captions(visit: Visit) -> Found:
    for row in visit.rows("media"):
        if (
            row["tag"] == "video"
            and not {"captions", "subtitles"} & set(row["tracks"])
            and not row["muted"]
            and not row["transcript"]
        ):
            yield at(row, "The film has no captions.")


@page_check("transcript", MEDIUM, "Offer a transcript of sound", "Who does not hear has nothing else.", wcag="1.2.1")
def transcript(visit: Visit) -> Found:
    for row in visit.rows("media"):
        if row["tag"] == "audio" and not row["tracks"] and not row["described"] and not row["transcript"]:
            yield at(row, "No transcript is named beside the sound.")


@page_check(
    "autoplay", MEDIUM, "Do not start sound or film by itself", "It talks over the screen reader.", wcag="1.4.2 2.2.2"
)
def autoplay(visit: Visit) -> Found:
    for row in visit.rows("media"):
        if row["autoplay"] and not (row["muted"] and row["controls"]):
            yield at(row, "It starts by itself.", severity=HIGH if not row["muted"] and not row["controls"] else None)


@page_check(
    "embedded-player",
    LOW,
    "Check what an embedded player shows",
    "Flashing can cause seizures; captions are the player's affair.",
    wcag="2.3.1 1.2.2",
)
def embedded_player(visit: Visit) -> Found:
    for row in visit.rows("frames"):
        if re.search(r"youtube(-nocookie)?\.com/embed|player\.vimeo\.com", str(row["src"])):
            yield at(row, "Check the film for flashing and for captions.", needs_review=True)


@page_check(
    "frame-title-quality",
    MEDIUM,
    "Name a frame by what it holds",
    "The title is what one hears before deciding to enter.",
    wcag="4.1.2",
)
def frame_title(visit: Visit) -> Found:
    for row in visit.rows("frames"):
        title, inner = (row["title"] or "").strip().lower(), row["inner"].lower()
        words = set(re.findall(r"\w{4,}", title))
        if title and inner and words and not words & set(re.findall(r"\w{4,}", inner)):
            yield at(row, f"It is titled “{row['title'][:40]}”, its page “{row['inner'][:60]}”.")


@page_check(
    "meta-refresh-timeout",
    HIGH,
    "Do not take the page away after a while",
    "Who reads slowly loses the place, or what they typed.",
    wcag="2.2.1",
)
def refresh(visit: Visit) -> Found:
    value = str((visit.facts.get("metas") or {}).get("refresh") or "")
    seconds = re.match(r"\s*(\d+)", value)
    if seconds and 0 < int(seconds[1]) < 72_000:
        yield Place("meta[http-equiv=refresh]", "", f"The page is reloaded or left after {seconds[1]} seconds.")
