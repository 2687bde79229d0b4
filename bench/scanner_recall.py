"""What the scanner finds of the GDS accessibility tool audit's 142 barriers, beside axe, pa11y and Lighthouse.

Counted strictly: a barrier is found when a tool reports, as certain and not for review, a rule that names that very
barrier (gds_barriers.tsv lists which, with the WCAG criteria) at an element of the audit's own example: not at what all
pages share. Where the test page only links to its example page, the example page counts. pa11y's codes name techniques,
so any certain code of one of the barrier's criteria is taken, which favours it. Our checks were written with this audit
in view: its figure says that they work on it, not how much they find of pages that nobody has seen.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from bench import _corpora, _scanners
from bench._corpora import AUDIT, CLEAN
from bench._scanners import Report
from bench.rig import report

_EXAMPLE = re.compile(r'href="\.\./(example-pages/[\w-]+\.html)"')
_MAIN = re.compile(r"<main>(.*?)</main>", re.DOTALL)
_WHOLE_PAGE = re.compile(r"^<(html|head|title|body)\b|^$")


@dataclass(frozen=True)
class Barrier:
    """One test page: what counts as finding its barrier, and where."""

    name: str
    criteria: frozenset[str]
    rules: frozenset[str]
    pages: tuple[str, ...]
    example: str
    linked: bool

    def found_by(self, reports: list[Report]) -> bool:
        """Whether one of a tool's reports names the barrier at its place."""
        return any(self._names(one) and self._is_here(one) for one in reports if one.page in self.pages)

    def _names(self, one: Report) -> bool:
        return one.rule in self.rules or bool(one.by_criterion and self.criteria & set(one.criteria))

    def _is_here(self, one: Report) -> bool:
        opening = _squeezed(one.html.partition(">")[0])[:25]
        return (
            self.linked or bool(_WHOLE_PAGE.match(one.html)) or opening in self.example or one.html.startswith("<main")
        )


def barriers(home: Path, base: str) -> list[Barrier]:
    """The audit's test pages with what this folder's table says of them."""
    rows = Path(__file__).with_name("gds_barriers.tsv").read_text().splitlines()
    found = []
    for name, criteria, rules in (row.split("\t") for row in rows):
        text = (home / AUDIT / "tests" / f"{name}.html").read_text(errors="replace")
        linked = [f"{base}/{AUDIT}/{path}" for path in _EXAMPLE.findall(text)]
        own = _MAIN.search(text)
        pages = (f"{base}/{AUDIT}/tests/{name}.html", *linked)
        example = _squeezed(own[1] if own else text)
        found.append(Barrier(name, frozenset(criteria.split()), frozenset(rules.split()), pages, example, bool(linked)))
    return found


def main() -> None:
    """Run all tools on the same pages."""
    with _corpora.served(clean=True) as (home, base):
        every = barriers(home, base)
        urls = list(dict.fromkeys(url for barrier in every for url in barrier.pages))
        ours = _scanners.ours(urls)
        tools = {
            "ours": ours.reports,
            "axe": [one for one in ours.reports if one.from_axe],
            "pa11y": _scanners.pa11y(urls).reports,
            "lighthouse": _scanners.lighthouse_at_once(urls, "accessibility").reports,
        }
        clean = _scanners.ours([f"{base}/{CLEAN}/{name}" for name in ("index.html", "404.html")])
    recall = {name: sum(barrier.found_by(reports) for barrier in every) for name, reports in tools.items()}
    serious = [one for one in clean.issues if one["severity"] in ("critical", "high") and not one["needs_review"]]
    figures = {
        "gds_recall": recall["ours"],
        "gds_recall_axe": recall["axe"],
        "gds_recall_pa11y": recall["pa11y"],
        "gds_recall_lighthouse": recall["lighthouse"],
        "gds_barriers": len(every),
        "clean_false_critical_high": len(serious),
    }
    rows = [(name, f"{found} of {len(every)}") for name, found in recall.items()]
    rows.append(("clean pages", f"{len(serious)} critical or high, {len(clean.issues)} reports in all on 2 pages"))
    report(f"GDS audit, strict; peers {_scanners.PA11Y}, {_scanners.LIGHTHOUSE}", rows, figures)


def _squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html.replace("/", "")).strip().lower()


if __name__ == "__main__":
    main()
