"""Pages a minute and CPU a page on 50 pages of the GDS accessibility tool audit, beside Lighthouse and pa11y.

BENCH_PEER_PAGES (5 when empty) says on how many of the pages the peers run: they go page by page.
"""

import os

from bench import _corpora, _scanners
from bench.rig import report

PAGES = 50


def main() -> None:
    """Run all tools on the same pages."""
    home = _corpora.folder("accessibility-tool-audit")
    names = sorted(file.name for file in (home / "accessibility-tool-audit" / "tests").glob("*.html"))[:PAGES]
    some = int(os.environ.get("BENCH_PEER_PAGES") or 5)
    with _corpora.served(home) as base:
        urls = [f"{base}/accessibility-tool-audit/tests/{name}" for name in names]
        ours = _scanners.ours(urls)
        lighthouse = _scanners.lighthouse(urls[:some], "accessibility,seo,performance,best-practices")
        pa11y = _scanners.pa11y(urls[:some])
    rate, cpu = 60 * len(urls) / ours.wall, ours.cpu / len(urls)
    peer_rate, peer_cpu, other_cpu = 60 * some / lighthouse.wall, lighthouse.cpu / some, pa11y.cpu / some
    figures = {
        "pages_per_minute": rate,
        "cpu_s_per_page": cpu,
        "ratio_vs_lighthouse_cpu": cpu / peer_cpu,
        "ratio_vs_lighthouse_pages_per_minute": rate / peer_rate,
        "ratio_vs_pa11y_cpu": cpu / other_cpu,
    }
    rows = [
        ("ours, four categories", f"{rate:.0f} pages a minute, {cpu:.2f} s of CPU a page"),
        (_scanners.LIGHTHOUSE, f"{peer_rate:.1f} pages a minute, {peer_cpu:.2f} s of CPU a page"),
        (_scanners.PA11Y, f"{60 * some / pa11y.wall:.1f} pages a minute, {other_cpu:.2f} s of CPU a page"),
    ]
    report(f"{len(urls)} pages, peers on {some} of them", rows, figures)


if __name__ == "__main__":
    main()
