"""What makes two findings the same issue: the check, the place in the template, and what stands there."""

import re

from taskjuggler_app.core.crypto import digest
from taskjuggler_app.domain.sitehealth.checks import Finding

_NTH = re.compile(r":nth-(of-type|child)\(\d+\)")
_ID = re.compile(r"#([A-Za-z_-]*)[\w-]*\d[\w-]*")
_VALUE = re.compile(
    r"""\s(href|src|srcset|style|value|data-[\w-]+|aria-labelledby|for|id|name)=("[^"]*"|'[^']*'|[^\s>]+)"""
)
_TEXT = re.compile(r">[^<]*")
_DIGITS = re.compile(r"\d+")


def of(finding: Finding) -> str:
    """32 hex characters that stay the same from scan to scan, and over the pages of one template."""
    place = finding.place
    words = "" if place.selector or place.html else _DIGITS.sub("#", place.message)
    return digest("\n".join((finding.check.id, stable(place.selector), context(place.html), words)))[:32]


def stable(selector: str) -> str:
    """The selector without what differs between pages of one template."""
    return _ID.sub(r"#\1*", _NTH.sub("", selector))


def context(html: str) -> str:
    """The element without its words, addresses and numbers."""
    opening = html.partition(">")[0] + ">" if html.startswith("<") else _DIGITS.sub("#", html)
    return _DIGITS.sub("#", _TEXT.sub(">", _VALUE.sub(r" \1", opening)))[:300]
