"""A scan as JSON, SARIF or a page to print: the same content, three forms."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from taskjuggler_app.domain.sitehealth import fingerprint, fixes
from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.score import Counted, Score, score
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import Severity

_LEVEL = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d0d7de;vertical-align:top}
code{background:#f3f4f6;padding:.1rem .3rem;overflow-wrap:anywhere}.critical,.high{color:#a40e26;font-weight:600}
@media print{body{margin:0}}"""


def scored(findings: Sequence[Finding], pages: int) -> Score:
    """The scores of what was found; what needs a person's review costs nothing."""
    counted = (
        Counted(one.check.category, one.check.id, one.severity, one.page_url)
        for one in findings
        if not one.place.needs_review
    )
    return score(counted, pages)


def as_json(findings: Sequence[Finding], visits: Sequence[Visit]) -> dict[str, Any]:
    """The object that `taskjuggler scan --json` prints."""
    pages = [visit for visit in visits if not visit.error]
    result = scored(findings, len(pages))
    return {
        "health_score": round(result.overall),
        "category_scores": {category.value: round(value) for category, value in result.categories.items()},
        "pages_scanned": len(pages),
        "pages": [
            {"url": visit.url, "final_url": visit.final_url, "status": visit.status, "error": visit.error or None}
            for visit in visits
        ],
        "lost_points": [
            {
                "category": loss.category.value,
                "check": loss.check,
                "severity": loss.severity.value,
                "pages": loss.pages,
                "points": round(loss.points, 2),
            }
            for loss in result.losses
        ],
        "issues": [_issue(finding) for finding in findings],
    }


def as_sarif(findings: Sequence[Finding], visits: Sequence[Visit]) -> dict[str, Any]:
    """SARIF 2.1.0 (OASIS), for code scanning."""
    rules = {finding.check.id: finding.check for finding in findings}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "TaskJuggler",
                        "rules": [
                            {
                                "id": rule.id,
                                "shortDescription": {"text": rule.title},
                                "fullDescription": {"text": rule.why},
                                "properties": {"tags": [rule.category.value, *rule.wcag]},
                            }
                            for rule in rules.values()
                        ],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": f"{visit.url}: {visit.error}"}}
                            for visit in visits
                            if visit.error
                        ],
                    }
                ],
                "results": [_sarif_result(finding) for finding in findings],
            }
        ],
    }


def as_html(findings: Sequence[Finding], visits: Sequence[Visit], title: str) -> str:
    """A page by itself, to read or print."""
    data = as_json(findings, visits)
    scores = "".join(f"<tr><th scope=row>{escape(k)}<td>{v}" for k, v in data["category_scores"].items())
    counts = Counter((f.check.id, f.severity) for f in findings)
    first = {(f.check.id, f.severity): f for f in reversed(findings)}
    order = list(Severity)
    rows = []
    for key in sorted(first, key=lambda one: (order.index(one[1]), one[0])):
        one = first[key]
        where = f"<code>{escape(one.place.selector or one.place.html[:120])}</code>" if one.place.html else ""
        rows.append(
            f"<tr><td class={key[1].value}>{key[1].value}<td>{escape(one.check.title)}"
            f"<br>{escape(one.place.message)}<br>{where}<td>{counts[key]}<td>{escape(one.page_url)}"
        )
    failed = "".join(f"<li>{escape(v.url)}: {escape(v.error)}" for v in visits if v.error)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(title)}: {data['health_score']} of 100</title><style>{_STYLE}</style><main>"
        f"<h1>{escape(title)}: "
        f"{data['health_score']} of 100</h1><p>{data['pages_scanned']} pages, {len(findings)} findings.</p>"
        f"<table><caption>Scores</caption>{scores}</table>"
        + (f"<h2>Pages that could not be read</h2><ul>{failed}</ul>" if failed else "")
        + "<h2>What was found</h2><table><thead><tr><th scope=col>Severity<th scope=col>What<th scope=col>Places"
        f"<th scope=col>First page</thead>{''.join(rows)}</table></main></html>"
    )


def _issue(finding: Finding) -> dict[str, Any]:
    fix = fixes.propose(finding)
    return {
        "category": finding.check.category.value,
        "severity": finding.severity.value,
        "check": finding.check.id,
        "title": finding.check.title,
        "message": finding.place.message or finding.check.title,
        "why": finding.check.why,
        "source": finding.check.source,
        "page_url": finding.page_url,
        "selector": finding.place.selector or None,
        "html_context": finding.place.html or None,
        "wcag_criteria": list(finding.check.wcag),
        "needs_review": finding.place.needs_review,
        "fingerprint": fingerprint.of(finding),
        "fix_code": fix.code if fix else None,
        "fix_explanation": fix.explanation if fix else None,
        "fix_confidence": fix.confidence if fix else None,
    }


def _sarif_result(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.check.id,
        "level": _LEVEL[finding.severity],
        "message": {"text": finding.place.message or finding.check.title},
        "partialFingerprints": {"taskjuggler/v1": fingerprint.of(finding)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": finding.page_url},
                    "region": {"startLine": 1, "snippet": {"text": finding.place.html}},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.place.selector}],
            }
        ],
    }
