"""Fixes that follow from the finding itself. Confidence is 0 to 79 here: 80 and more is for what a browser proved."""

import re
from dataclasses import dataclass

from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.colours import nearest_passing

PROVEN = 80


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write, why, and how sure that is. `replaces` says that the code stands for the element found."""

    code: str
    explanation: str
    confidence: int
    replaces: bool = False


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
    return Fix(f"color: {passing};", told, 75)


def _element(finding: Finding, html: str) -> Fix | None:
    check, data = finding.check.id, finding.place.data
    attribute: dict[str, tuple[str, str, str, int]] = {
        "image-alt": ("alt", "", "Empty if it is decoration, else say what it shows.", 45),
        "unsized-images": ("width", f'{data.get("width")}" height="{data.get("height")}', "Its natural size.", 75),
        "target-blank-noopener": ("rel", "noopener", "Cuts the tie to the opened page.", 79),
        "html-has-lang": ("lang", "en", "The language of the page.", 60),
        "lcp-lazy": ("loading", "eager", "The main image comes at once.", 79),
        "render-blocking": ("defer", "", "The script runs after the page is read.", 60),
        "frame-title": ("title", "What the frame shows", "Name the frame.", 40),
    }
    if check in attribute:
        name, value, why, confidence = attribute[check]
        return Fix(_with(html, name, value), why, confidence, replaces=True)
    if check in ("accesskey", "tabindex-positive", "tabindex", "tabindex-idle"):
        name = "accesskey" if check == "accesskey" else "tabindex"
        return Fix(_without(html, name), f"Without {name}.", 70, replaces=True)
    return None


def _with(html: str, name: str, value: str) -> str:
    """The element with the attribute set."""
    clean = _without(html, name)
    return re.sub(r"^<([\w-]+)", lambda found: f'{found[0]} {name}="{value}"', clean, count=1)


def _without(html: str, name: str) -> str:
    opening, closing, rest = html.partition(">")
    pattern = rf"""\s{re.escape(name)}(=("[^"]*"|'[^']*'|[^\s>]*))?(?=[\s/]|$)"""
    return re.sub(pattern, "", opening, flags=re.IGNORECASE) + closing + rest
