"""Fixes that follow from the finding itself. Confidence is 0 to 79 here: 80 and more is for what a browser proved."""

import re
from dataclasses import dataclass

from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.colours import nearest_passing

PROVEN = 80


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write, why, and how sure that is.

    `sets` are the attributes of the element that the fix changes (None takes one away, "style.color" sets a style): a
    browser can try those. Empty where only a person or a server can apply it.
    """

    code: str
    explanation: str
    confidence: int
    sets: tuple[tuple[str, str | None], ...] = ()


_HEADERS = {
    "nosniff": ("X-Content-Type-Options", "nosniff", 79),
    "referrer-policy": ("Referrer-Policy", "strict-origin-when-cross-origin", 75),
    "clickjacking": ("Content-Security-Policy", "frame-ancestors 'self'", 70),
    "permissions-policy": ("Permissions-Policy", "camera=(), microphone=(), geolocation=()", 65),
    "hsts": ("Strict-Transport-Security", "max-age=31536000", 70),
    "csp-missing": ("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'", 35),
}
_ADVICE = {
    "document-title": ("<title>What this page is about - Name of the site</title>", "Write the page's own title.", 40),
    "title-missing": ("<title>What this page is about - Name of the site</title>", "Write the page's own title.", 40),
    "meta-description": ('<meta name="description" content="One or two sentences.">', "Say what people find here.", 40),
    "viewport-missing": ('<meta name="viewport" content="width=device-width, initial-scale=1">', "Into the head.", 78),
    "focus-not-visible": (":focus-visible { outline: 3px solid currentcolor }", "Into the style sheet.", 70),
    "text-compression": ("gzip on; gzip_types text/css application/javascript image/svg+xml;", "nginx.", 70),
    "quirks-mode": ("<!doctype html>", "As the first line.", 75),
}  # fmt: skip


def propose(finding: Finding) -> Fix | None:
    """A fix for the finding, or None where only a person can know."""
    check, html = finding.check.id, finding.place.html
    if check in _HEADERS:
        return _header(*_HEADERS[check])
    if check in _ADVICE:
        return Fix(*_ADVICE[check])
    if check in ("color-contrast", "color-contrast-enhanced"):
        return _contrast(finding)
    if html.startswith("<") and "…" not in html:
        return _element(finding, html)
    return None


def _header(name: str, value: str, confidence: int) -> Fix:
    code = (
        f'nginx:  add_header {name} "{value}" always;\n'
        f'Apache: Header always set {name} "{value}"\n'
        f'Caddy:  header {name} "{value}"'
    )
    return Fix(code, f"Send the header {name}.", confidence)


def _contrast(finding: Finding) -> Fix | None:
    data = finding.place.data
    wanted = float(str(data.get("wanted") or "4.5").split(":")[0])
    passing = nearest_passing(str(data.get("fg") or ""), str(data.get("bg") or ""), wanted)
    if passing is None:
        return None
    told = f"{data['fg']} on {data['bg']} has {data.get('ratio')}:1; {passing} is the nearest colour with {wanted:g}:1."
    return Fix(f"color: {passing};", told, 75, (("style.color", passing),))


_SETS: dict[str, tuple[str, str | None, str, int, bool]] = {
    # check: attribute, value (None takes it away), why, confidence, whether trying it in a browser proves it
    "image-alt": ("alt", "", "Empty if it is decoration, else say what it shows.", 45, False),
    "target-blank-noopener": ("rel", "noopener", "Cuts the tie to the opened page.", 79, True),
    "lcp-lazy": ("loading", "eager", "The main image comes at once.", 79, True),
    "render-blocking": ("defer", "", "The script runs after the page is read.", 60, False),
    "frame-title": ("title", "What the frame shows", "Name the frame.", 40, False),
    "fake-button": ("role", "button", "Better: use <button>. Else also tabindex=0 and a key handler.", 45, False),
    "accesskey": ("accesskey", None, "Without accesskey.", 75, True),
    "tabindex": ("tabindex", None, "Without tabindex: the order of the page is kept.", 75, True),
    "tabindex-positive": ("tabindex", None, "Without tabindex: the order of the page is kept.", 75, True),
    "tabindex-idle": ("tabindex", None, "Without tabindex: Tab passes it by.", 75, True),
    "link-title-repeats": ("title", None, "Without the title: the text says it.", 75, True),
    "decorative-with-alt": ("alt", "", "An empty alternative: it is decoration.", 60, False),
    "image-redundant-alt": ("alt", "", "The text beside it says it already.", 75, True),
    "aria-allowed-role": ("role", None, "Without the role: the element's own is right.", 70, True),
    "aria-roles": ("role", None, "Without the role: there is none of that name.", 70, True),
    "scrollable-region-focusable": ("tabindex", "0", "The keyboard can then scroll it.", 75, True),
    "password-autocomplete": ("autocomplete", "current-password", "Password managers fill it in.", 70, True),
    "meta-viewport": ("content", "width=device-width, initial-scale=1", "People may zoom.", 79, True),
    "autoplay": ("autoplay", None, "It waits until it is started.", 70, True),
    "inline-color": ("style", None, "Move the colour into the style sheet.", 50, False),
}


def _element(finding: Finding, html: str) -> Fix | None:
    check, data = finding.check.id, finding.place.data
    if check == "unsized-images" and data.get("width"):
        width, height = str(data["width"]), str(data["height"])
        code = _with(_with(html, "height", height), "width", width)
        return Fix(code, "Its natural size keeps its place free.", 75, (("width", width), ("height", height)))
    if check in _SETS:
        name, value, why, confidence, provable = _SETS[check]
        code = _without(html, name) if value is None else _with(html, name, value)
        return Fix(code, why, confidence, ((name, value),) if provable else ())
    if check in ("html-has-lang", "lang-wrong"):
        language = str(data.get("language") or "en")
        sure = "language" in data
        why = f"The text reads as “{language}”." if sure else "The language of the page."
        return Fix(_with("<html>", "lang", language), why, 75 if sure else 60, (("lang", language),) if sure else ())
    return None


def _with(html: str, name: str, value: str) -> str:
    """The element with the attribute set."""
    clean = _without(html, name)
    return re.sub(r"^<([\w-]+)", lambda found: f'{found[0]} {name}="{value}"', clean, count=1)


def _without(html: str, name: str) -> str:
    opening, closing, rest = html.partition(">")
    pattern = rf"""\s{re.escape(name)}(=("[^"]*"|'[^']*'|[^\s>]*))?(?=[\s/]|$)"""
    return re.sub(pattern, "", opening, flags=re.IGNORECASE) + closing + rest
