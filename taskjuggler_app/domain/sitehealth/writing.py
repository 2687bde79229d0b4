"""Texts that no rule can know, asked of the workspace's language model: alternatives, links, titles, descriptions.

What it writes is a suggestion: the check has to pass with it in the browser, and its confidence stays under that of a
proven fix, for whether a text is true only a person can say. Pure; who calls the model is the job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.fixes import Fix

CONFIDENCE = 70
"""Under fixes.PROVEN, whatever the browser says."""
_MATERIAL = 4000


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is asked for, where it goes, and how long it may be."""

    task: str
    sets: str
    longest: int
    code: str
    shortest: int = 2


_ALT = _Kind(
    "Write the alternative text (alt) of the image: what it shows or, inside a link, where the link goes. At most 125 "
    "characters, without 'image of'.",
    "alt", 150, 'alt="{}"',
)  # fmt: skip
_LINK = _Kind(
    "Write the text of the link, so that it says by itself where it leads. At most 8 words.", "text", 90, "<a …>{}</a>"
)
_NAME = _Kind("Name what the link or button does. At most 6 words.", "aria-label", 80, 'aria-label="{}"')
_TITLE = _Kind(
    "Write the title of the page: its own subject first, then the site's name. At most 60 characters.",
    "head.title", 70, "<title>{}</title>",
)  # fmt: skip
_DESCRIPTION = _Kind(
    "Write the description of the page for search results: what people find there, in one or two sentences of 70 to "
    "150 characters altogether.",
    "head.description", 160, '<meta name="description" content="{}">', 50,
)  # fmt: skip
_FRAME = _Kind("Name what the frame shows. At most 8 words.", "title", 90, 'title="{}"')
KINDS: Mapping[str, _Kind] = {
    **dict.fromkeys(("image-alt", "input-image-alt", "alt-is-filename", "alt-says-nothing", "alt-inappropriate"), _ALT),
    **dict.fromkeys(("generic-link-text", "link-text-punctuation"), _LINK),
    **dict.fromkeys(("link-name", "button-name"), _NAME),
    **dict.fromkeys(("document-title", "title-missing", "page-title-quality", "title-length"), _TITLE),
    **dict.fromkeys(("frame-title", "frame-title-quality"), _FRAME),
    "meta-description": _DESCRIPTION,
}
"""By check; those of the page's head are found without an element."""


def of_head(check: str) -> bool:
    """Whether the check's text stands in the page's head and not at an element."""
    return check in KINDS and KINDS[check].sets.startswith("head.")


def task(finding: Finding) -> str:
    """What the model is asked to write."""
    return KINDS[finding.check.id].task


def material(finding: Finding, context: Mapping[str, Any]) -> str:
    """What the model is given: the element, and what the browser saw around it."""
    lines = [f"Address: {finding.page_url}", f"Element: {finding.place.html[:600]}"]
    lines += [f"{name}: {text}" for name, text in context.items() if text]
    return "\n".join(lines)[:_MATERIAL]


def fix(finding: Finding, text: str, model: str) -> Fix | None:
    """The model's text as a fix that a browser can try; None where it is too short or too long."""
    kind = KINDS[finding.check.id]
    clean = " ".join(text.split()).strip("\"'“”")
    if not kind.shortest <= len(clean) <= kind.longest:
        return None
    told = f"Written by {model[:60]} from what stands around it. The check passes with it; read whether it is true."
    return Fix(kind.code.format(escape(clean)), told, CONFIDENCE, ((kind.sets, clean),))
