"""axe-core's rules as checks: its impact is our severity, its `incomplete` our `needs_review`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from taskjuggler_app.domain.sitehealth.checks.registry import Check, Finding, Place
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import IssueCategory, Severity

_IMPACT = {
    "critical": Severity.CRITICAL,
    "serious": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "minor": Severity.LOW,
}
_OWN = {
    "document-title": Severity.MEDIUM,  # one fault a page, and the address still names it
    "html-has-lang": Severity.MEDIUM,  # most readers fall back to the person's own language
    "color-contrast-enhanced": Severity.LOW,  # level AAA
    "region": Severity.LOW,  # fires on nearly every page without landmarks
    "target-size": Severity.MEDIUM,
    "scrollable-region-focusable": Severity.MEDIUM,  # Chromium and Firefox put such a region into the order of Tab
    "landmark-one-main": Severity.LOW,
    "page-has-heading-one": Severity.LOW,
}
PLAIN = {
    "aria-hidden-focus": "Do not hide from readers what the keyboard reaches",
    "button-name": "Give every button a name",
    "color-contrast": "Make the text stand out from what is behind it",
    "frame-title": "Give every embedded page a title",
    "heading-order": "Do not skip levels of headings",
    "html-has-lang": "Say which language the page is in",
    "image-alt": "Say in words what the image shows",
    "input-image-alt": "Say in words what the picture button does",
    "label": "Give every field a label",
    "link-in-text-block": "Tell links from text by more than colour",
    "link-name": "Give every link a name",
    "meta-viewport": "Let people zoom the page",
    "select-name": "Give every choice list a label",
    "target-size": "Make what is tapped large enough",
}
"""Titles for whoever has to have it repaired, where axe's own speak to developers; the others stay as they are."""
NEAR_RATIO = 3.0
"""Contrast from which most people still read: short of the criterion, but no barrier to all."""
_CRITERION = re.compile(r"^wcag(\d)(\d)(\d{1,2})$")


def findings(visit: Visit) -> Iterator[Finding]:
    """A finding for each node of each violation and incomplete rule."""
    for needs_review, rules in ((False, visit.axe.get("violations")), (True, visit.axe.get("incomplete"))):
        for rule in rules or []:
            yield from _of_rule(visit, rule, needs_review)
    wide = {(rule["id"], node["target"]) for rule in visit.axe.get("violations") or [] for node in rule["nodes"]}
    for rule in (visit.probes.get("narrowAxe") or {}).get("violations") or []:
        only_here = [node for node in rule["nodes"] if (rule["id"], node["target"]) not in wide]
        for finding in _of_rule(visit, {**rule, "nodes": only_here}, needs_review=False):
            yield replace(finding, place=replace(finding.place, message=f"At 320 px: {finding.place.message}"))


def _of_rule(visit: Visit, rule: dict[str, Any], needs_review: bool) -> Iterator[Finding]:
    severity = _OWN.get(rule["id"], _IMPACT.get(rule.get("impact") or "", Severity.MEDIUM))
    if needs_review and severity in (Severity.CRITICAL, Severity.HIGH):
        severity = Severity.MEDIUM
    check = Check(
        id=rule["id"],
        category=IssueCategory.ACCESSIBILITY,
        severity=severity,
        title=PLAIN.get(rule["id"], rule["help"]),
        why=rule["about"],
        source=f"axe-core: {rule['url'].split('?')[0]}",
        wcag=criteria(rule["tags"]),
    )
    for node in rule["nodes"]:
        data = node.get("data") or {}
        near = rule["id"] == "color-contrast" and float(data.get("ratio") or 0) >= NEAR_RATIO
        place = Place(
            severity=Severity.MEDIUM if near else None,
            selector=node["target"],
            html=node["html"],
            message=_flat(node.get("summary") or rule["help"]),
            needs_review=needs_review,
            data=data,
        )
        yield Finding(check, place, visit.url)


def criteria(tags: list[str]) -> tuple[str, ...]:
    """axe's tags as WCAG criteria: wcag1410 is 1.4.10."""
    return tuple(".".join(found.groups()) for tag in tags if (found := _CRITERION.match(tag)))


def _flat(text: str) -> str:
    """axe's summary in a line: what of a list would do, or what all is wanted."""
    parts = []
    for block in text.split("\n\n"):
        heading, *items = [line.strip().rstrip(".:") for line in block.splitlines() if line.strip()] or [""]
        alone = f"{items[0]}." if len(items) == 1 else f"{heading}: {'; '.join(items)}."
        parts.append(alone if items else f"{heading}.")
    return " ".join(parts) if text.strip() else ""
