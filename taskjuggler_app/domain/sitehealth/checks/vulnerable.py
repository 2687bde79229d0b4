"""JavaScript libraries with published holes: from and below which version, and what.

Source: GitHub Advisory Database (github.com/advisories), read in November 2025; the advisory is named with each. A list
ages: what it does not name may still have a hole.
"""

import re
from collections.abc import Iterator

AS_OF = "2025-11"
_KNOWN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "angular": (
        ("0", "1.6.9", "scripts in SVG links (CVE-2018-25050)"),
        ("0", "1.8.0", "scripts in options (CVE-2020-7676)"),
        ("0", "1.9999", "slow patterns, and no more repairs (CVE-2023-26116 to 26118, CVE-2024-8372)"),
    ),
    "axios": (
        ("0", "0.21.2", "slow patterns and forged requests (CVE-2020-28168, CVE-2021-3749)"),
        ("0.8.1", "1.6.0", "its token goes to other hosts (CVE-2023-45857)"),
    ),
    "bootstrap": (
        ("0", "3.4.1", "scripts in data attributes (CVE-2019-8331)"),
        ("4.0.0", "4.3.1", "scripts in data attributes (CVE-2019-8331)"),
    ),
    "chartjs": (("0", "2.9.4", "prototype pollution (CVE-2020-7746)"),),
    "ckeditor": (("4.0.0", "4.24.0", "scripts by style attributes (CVE-2024-24815, CVE-2024-24816)"),),
    "dompurify": (
        ("0", "2.5.4", "scripts by nesting (CVE-2024-45801, CVE-2024-47875)"),
        ("3.0.0", "3.1.3", "scripts by nesting (CVE-2024-45801, CVE-2024-47875)"),
        ("0", "3.2.4", "scripts by templates (CVE-2025-26791)"),
    ),
    "handlebars": (
        ("0", "4.5.3", "prototype pollution (CVE-2019-19919)"),
        ("0", "4.7.7", "code in templates (CVE-2021-23369, CVE-2021-23383)"),
    ),
    "highlightjs": (
        ("0", "9.18.2", "prototype pollution (CVE-2020-26237)"),
        ("10.0.0", "10.1.2", "prototype pollution (CVE-2020-26237)"),
    ),
    "jquery": (
        ("0", "1.9.0", "scripts in selectors (CVE-2012-6708)"),
        ("1.0.0", "3.0.0", "scripts in answers from other hosts (CVE-2015-9251)"),
        ("1.1.4", "3.4.0", "prototype pollution (CVE-2019-11358)"),
        ("1.0.3", "3.5.0", "scripts in HTML (CVE-2020-11022, CVE-2020-11023)"),
    ),
    "jqueryui": (
        ("0", "1.13.0", "scripts in options (CVE-2021-41182 to 41184)"),
        ("0", "1.13.2", "scripts in labels (CVE-2022-31160)"),
    ),
    "jszip": (("0", "3.8.0", "files outside the folder (CVE-2022-48285)"),),
    "knockout": (("0", "3.5.0", "scripts in bindings (CVE-2019-14862)"),),
    "lodash": (
        ("0", "4.17.12", "prototype pollution (CVE-2019-10744)"),
        ("0", "4.17.21", "command injection and slow patterns (CVE-2021-23337, CVE-2020-28500)"),
    ),
    "moment": (
        ("0", "2.19.3", "slow patterns (CVE-2017-18214)"),
        ("2.18.0", "2.29.4", "slow patterns (CVE-2022-31129)"),
    ),
    "mustache": (("0", "2.2.1", "scripts in attributes (CVE-2015-8862)"),),
    "pdfjs": (("0", "4.2.67", "code in fonts (CVE-2024-4367)"),),
    "select2": (("0", "4.0.6", "scripts in answers (CVE-2016-10744)"),),
    "swiper": (("0", "6.5.1", "prototype pollution (CVE-2021-23370)"),),
    "tinymce": (("0", "5.10.9", "scripts in pasted text (CVE-2023-45818, CVE-2023-48219)"),
                ("6.0.0", "6.7.3", "scripts in pasted text (CVE-2023-45818, CVE-2023-48219)")),
    "underscore": (("1.3.2", "1.12.1", "code in templates (CVE-2021-23358)"),),
    "videojs": (("0", "7.14.3", "scripts in tracks (CVE-2021-23414)"),),
    "vue": (("2.0.0", "3.0.0", "slow patterns in templates, and no more repairs (CVE-2024-9506)"),),
}  # fmt: skip
_ALIASES = {"angular.js": "angular", "chart": "chartjs", "chart.js": "chartjs", "highlight": "highlightjs",
            "highlight.js": "highlightjs", "jquery-ui": "jqueryui", "jquery.ui": "jqueryui", "purify": "dompurify",
            "pdf": "pdfjs", "video": "videojs", "video.js": "videojs", "vue.js": "vue", "lodash.js": "lodash",
            "underscore.js": "underscore", "handlebars.js": "handlebars", "moment.js": "moment"}  # fmt: skip
_NAMED = re.compile(
    r"(?:^|[/.])(jquery-ui|jquery\.ui|jquery|bootstrap|lodash(?:\.js)?|underscore(?:\.js)?|angular(?:\.js)?"
    r"|vue(?:\.js)?|axios|moment(?:\.js)?|handlebars(?:\.js)?|mustache|knockout|dompurify|purify|chart(?:\.js)?"
    r"|highlight(?:\.js)?|video(?:\.js)?|pdf|jszip|swiper|select2|tinymce)[@/-]v?(\d+\.\d+(?:\.\d+)?)(?=[./-]|$)",
    re.IGNORECASE,
)


def known_problem(name: str, version: str) -> str:
    """The newest published hole that the version has, "" if none is known."""
    holes = _KNOWN.get(name, ())
    return next((what for start, end, what in reversed(holes) if _key(start) <= _key(version) < _key(end)), "")


def named_in(url: str) -> Iterator[tuple[str, str]]:
    """Libraries and versions that a script's address names."""
    for name, version in _NAMED.findall(url.partition("?")[0]):
        yield _ALIASES.get(name.lower(), name.lower()), version


def _key(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return tuple(numbers + [0] * (3 - len(numbers)))
