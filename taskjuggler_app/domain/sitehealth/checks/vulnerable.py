"""JavaScript libraries with published holes: below which version, and what. From the GitHub Advisory Database as of
November 2025; the advisory is named with each."""

import re

_KNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "jquery": (
        ("1.9.0", "scripts in selectors (CVE-2012-6708)"),
        ("3.0.0", "scripts in answers from other hosts (CVE-2015-9251)"),
        ("3.4.0", "prototype pollution (CVE-2019-11358)"),
        ("3.5.0", "scripts in HTML (CVE-2020-11022, CVE-2020-11023)"),
    ),
    "jqueryui": (
        ("1.13.0", "scripts in options (CVE-2021-41182 to 41184)"),
        ("1.13.2", "scripts in labels (CVE-2022-31160)"),
    ),
    "bootstrap": (("3.4.1", "scripts in data attributes (CVE-2019-8331)"),),
    "lodash": (("4.17.21", "command injection and slow patterns (CVE-2021-23337, CVE-2020-28500)"),),
    "moment": (("2.29.4", "slow patterns (CVE-2022-31129)"),),
    "handlebars": (("4.7.7", "code in templates (CVE-2021-23369)"),),
    "angular": (("1.8.0", "scripts in options (CVE-2020-7676)"),),
    "dompurify": (("2.5.4", "scripts by nesting (CVE-2024-45801)"),),
}


def known_problem(name: str, version: str) -> str:
    """The newest published hole that the version has, "" if none is known."""
    return next((what for below, what in reversed(_KNOWN.get(name, ())) if _key(version) < _key(below)), "")


def _key(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return tuple(numbers + [0] * (3 - len(numbers)))
