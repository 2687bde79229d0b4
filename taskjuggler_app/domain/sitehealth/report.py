"""A scan as JSON or SARIF: the same content, two forms. report_page.py has the third."""

from collections.abc import Sequence
from typing import Any

from taskjuggler_app.domain.sitehealth import fingerprint, fixes
from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.score import Counted, Score, score
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import Severity

_LEVEL = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}


def scored(findings: Sequence[Finding], pages: int) -> Score:
    """The scores of what was found; what needs a person's review costs nothing."""
    counted = (
        Counted(one.check.category, one.check.id, one.severity, one.page_url)
        for one in findings
        if not one.place.needs_review
    )
    return score(counted, pages)


def as_json(findings: Sequence[Finding], visits: Sequence[Visit]) -> dict[str, Any]:
    """The object that `taskjuggler scan --json` prints. Scores are null where no page could be read."""
    pages = [visit for visit in visits if not visit.error]
    result = scored(findings, len(pages))
    return {
        "health_score": round(result.overall) if pages else None,
        "category_scores": {
            category.value: round(value) if pages else None for category, value in result.categories.items()
        },
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
