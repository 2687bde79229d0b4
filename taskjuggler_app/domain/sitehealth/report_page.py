"""A scan as one page by itself: to read, to print, to hand to somebody without an account."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from taskjuggler_app.domain.sitehealth import fixes, report
from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import IssueCategory, Severity

NAMES = {
    IssueCategory.ACCESSIBILITY: "Accessibility",
    IssueCategory.SEO: "Search engines",
    IssueCategory.PERFORMANCE: "Speed",
    IssueCategory.SECURITY: "Safety",
}
PAGES_SHOWN = 12
_STYLE = """:root{color-scheme:light dark;--ink:light-dark(#1d1b18,#f2efe8);--soft:light-dark(#544f47,#beb8ac);
--line:light-dark(#e7e3d9,#302e2a);--canvas:light-dark(#fff,#171614);--card:light-dark(#fbfaf7,#1d1c19);
--good:light-dark(#2a6a2d,#8fce88);--fair:light-dark(#855000,#ebb95c);--poor:light-dark(#a3231a,#f79d93)}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--canvas);margin:0;
overflow-wrap:anywhere}
main{max-width:56rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.75rem;margin:0}h2{font-size:1.2rem;margin:2.5rem 0 .75rem;break-after:avoid}
h3{font-size:1rem;margin:0}p{margin:.25rem 0}.soft{color:var(--soft)}
.top{display:flex;gap:1.5rem;align-items:center}
.score{font-size:3rem;font-weight:700;line-height:1}.good{color:var(--good)}.fair{color:var(--fair)}.poor{color:var(--poor)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;
margin:1.5rem 0 0;padding:0;list-style:none}
.tiles li,article{border:1px solid var(--line);border-radius:10px;padding:.85rem 1rem;background:var(--card)}
.tiles b{display:block;font-size:1.6rem}article{margin:.6rem 0;break-inside:avoid}
.mark{font-size:.75rem;font-weight:600;border:1px solid currentcolor;border-radius:99px;padding:0 .5rem;
margin-right:.5rem}
code,pre{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
pre{background:var(--canvas);border:1px solid var(--line);border-radius:6px;padding:.6rem;margin:.5rem 0 0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid var(--line)}
td:last-child,th:last-child{text-align:right}ul{padding-left:1.1rem;margin:.4rem 0}a{color:inherit}
tr{break-inside:avoid}
@media print{:root{color-scheme:light}body{font-size:10pt}main{max-width:none;padding:0 2px}h2{margin-top:1.5rem}}"""


@dataclass
class _Group:
    """Findings of one check at one severity."""

    first: Finding
    pages: dict[str, int] = field(default_factory=dict)

    @property
    def places(self) -> int:
        return sum(self.pages.values())


def as_html(findings: Sequence[Finding], visits: Sequence[Visit], title: str, when: str = "") -> str:
    """The whole document; everything from the site is escaped. `when` is said as it is."""
    data = report.as_json(findings, visits)
    score, read = int(data["health_score"] or 0), data["health_score"] is not None
    tiles = "".join(
        f"<li>{NAMES[category]}<b class={_look(value)}>{value}</b></li>"
        for category in IssueCategory
        for value in [int(data["category_scores"][category.value] or 0)]
    )
    certain = [one for one in findings if not one.place.needs_review]
    review = [one for one in findings if one.place.needs_review]
    failed = "".join(f"<li><code>{escape(v.url)}</code>: {escape(v.error)}</li>" for v in visits if v.error)
    titles = {one.check.id: one.check.title for one in findings}
    lost = "".join(
        f"<tr><td>{NAMES[IssueCategory(one['category'])]}<td>{escape(titles[one['check']])}<td>{one['pages']}<td>{one['points']:.1f}"
        for one in data["lost_points"][:15]
    )
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=robots content=noindex>",
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<meta name=description content='{escape(title)}: what was found, what it costs, how it is mended.'>"
        f"<title>{escape(title)}{f': {score} of 100' if read else ''}</title>",
        f"<style>{_STYLE}</style></head><body><main>",
        f"<div class=top><div class='score {_look(score)}'>{score if read else '?'}</div><div><h1>{escape(title)}</h1>",
        f"<p class=soft>{escape(f'Scanned on {when}. ' if when else '')}Health score of 100. "
        f"{_count(data['pages_scanned'], 'page')} read, "
        f"{_count(len(certain), 'problem')} found, {len(review)} to be looked at by a person.</p></div></div>",
        f"<ul class=tiles>{tiles}</ul>" if read else "",
        "<h2>What costs most</h2><table><caption class=unseen>Checks by lost points</caption>"
        "<thead><tr><th scope=col>Area<th scope=col>Check<th scope=col>Pages"
        f"<th scope=col>Points</thead><tbody>{lost}</tbody></table>"
        if lost
        else "",
        f"<h2>Pages that could not be read</h2><ul>{failed}</ul>" if failed else "",
    ]
    for category in IssueCategory:
        own = [one for one in certain if one.check.category is category]
        if own:
            parts.append(f"<h2>{NAMES[category]}</h2>{''.join(map(_article, _grouped(own)))}")
    if review:
        parts.append(f"<h2>For a person to look at</h2>{''.join(map(_article, _grouped(review)))}")
    return "".join([*parts, "</main></body></html>"])


def _grouped(findings: Sequence[Finding]) -> list[_Group]:
    groups: dict[tuple[str, Severity], _Group] = {}
    for one in findings:
        group = groups.setdefault((one.check.id, one.severity), _Group(one))
        group.pages[one.page_url] = group.pages.get(one.page_url, 0) + 1
    order = list(Severity)
    return sorted(groups.values(), key=lambda group: (order.index(group.first.severity), -group.places))


def _article(group: _Group) -> str:
    one, fix = group.first, fixes.propose(group.first)
    grave = one.severity in (Severity.CRITICAL, Severity.HIGH)
    look = "poor" if grave else "fair" if one.severity is Severity.MEDIUM else "soft"
    shown = list(group.pages)[:PAGES_SHOWN]
    more = len(group.pages) - len(shown)
    pages = "".join(f"<li><code>{escape(url)}</code></li>" for url in shown)
    return (
        f"<article><h3><span class='mark {look}'>{one.severity.value}</span>{escape(one.check.title)}</h3>"
        f"<p>{escape(_sentence(one.check.why))}</p><p>{escape(one.place.message)}</p>"
        f"<p class=soft>{_count(group.places, 'place')} on {_count(len(group.pages), 'page')}. "
        f"{escape(one.check.source)}</p>"
        + (f"<pre><code>{escape(one.place.html[:400])}</code></pre>" if one.place.html else "")
        + (f"<p>{escape(fix.explanation)}</p><pre><code>{escape(fix.code[:600])}</code></pre>" if fix else "")
        + f"<ul>{pages}{f'<li>and {more} more</li>' if more > 0 else ''}</ul></article>"
    )


def _sentence(text: str) -> str:
    """The text with a full stop, where it has none."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _look(score: int) -> str:
    return "good" if score >= 90 else "fair" if score >= 50 else "poor"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
