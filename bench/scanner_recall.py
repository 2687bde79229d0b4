"""What the scanner finds of the GDS accessibility tool audit's 142 barriers, beside axe, pa11y and Lighthouse.

A barrier counts as found when the tool reports something certain on its page that it does not report on most pages
(those are the template's), or on the example page that it links to.
"""

import re
from collections import Counter
from pathlib import Path

from bench import _corpora, _scanners
from bench.rig import report

AUDIT, CLEAN = "accessibility-tool-audit", "html5-boilerplate"
_EXAMPLE = re.compile(r'href="\.\./(example-pages/[\w-]+\.html)"')


def main() -> None:
    """Run all tools on the same pages."""
    home = _corpora.folder(AUDIT, CLEAN)
    files = sorted((home / AUDIT / "tests").glob("*.html"))
    linked = {file: _EXAMPLE.findall(file.read_text(errors="replace")) for file in files}
    with _corpora.served(home) as base:
        pages = {file: [f"{base}/{AUDIT}/tests/{file.name}"] for file in files}
        for file in files:
            pages[file] += [f"{base}/{AUDIT}/{path}" for path in linked[file]]
        urls = list(dict.fromkeys(url for own in pages.values() for url in own))
        run = _scanners.ours(urls)
        axe = {url: {check for check in found if check in _axe_rules(run)} for url, found in run.found.items()}
        tools = {
            "ours": run.found,
            "axe": axe,
            "pa11y": _scanners.pa11y(urls).found,
            "lighthouse": _scanners.lighthouse(urls, "accessibility").found,
        }
        clean = _scanners.ours([f"{base}/{CLEAN}/dist/{name}" for name in ("index.html", "404.html")])
    recall = {name: _recall(pages, found) for name, found in tools.items()}
    serious = [issue for issue in clean.issues if issue["severity"] in ("critical", "high")]
    figures = {
        "gds_recall": recall["ours"],
        "gds_recall_axe": recall["axe"],
        "gds_recall_pa11y": recall["pa11y"],
        "gds_recall_lighthouse": recall["lighthouse"],
        "gds_barriers": len(files),
        "clean_false_critical_high": len(serious),
    }
    rows = [(name, f"{found} of {len(files)}") for name, found in recall.items()]
    report(f"GDS audit; peers {_scanners.PA11Y}, {_scanners.LIGHTHOUSE}", rows, figures)


def _axe_rules(run: _scanners.Run) -> set[str]:
    return {str(issue["check"]) for issue in run.issues if str(issue["source"]).startswith("axe-core")}


def _recall(pages: dict[Path, list[str]], found: dict[str, set[str]]) -> int:
    often = Counter(one for ids in found.values() for one in ids)
    template = {one for one, times in often.items() if times > 0.4 * len(found)}
    return sum(any(found.get(url, set()) - template for url in urls) for urls in pages.values())


if __name__ == "__main__":
    main()
