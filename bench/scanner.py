"""Pages a minute and CPU a page on 50 pages of the GDS accessibility tool audit, beside Lighthouse and pa11y.

All four categories for us and for Lighthouse (its best-practices stand for security), accessibility alone for pa11y.
Ratios say how many times better we are: the peer's CPU over ours, our pages a minute over the peer's. BENCH_PEER_PAGES
(5 when empty) says on how many of the pages the peers run: they go page by page. The pages are public: github
alphagov/accessibility-tool-audit (MIT).
"""

import os

from bench import _corpora, _scanners
from bench.rig import report

PAGES = 50


def main() -> None:
    """Run all tools on the same pages."""
    some = int(os.environ.get("BENCH_PEER_PAGES") or 5)
    with _corpora.served() as (home, base):
        names = sorted(file.name for file in (home / _corpora.AUDIT / "tests").glob("*.html"))[:PAGES]
        urls = [f"{base}/{_corpora.AUDIT}/tests/{name}" for name in names]
        ours = _scanners.ours(urls)
        lighthouse = _scanners.lighthouse(urls[:some], "accessibility,seo,performance,best-practices")
        pa11y = _scanners.pa11y(urls[:some])
    rate, cpu = 60 * len(urls) / ours.wall, ours.cpu / len(urls)
    peer_rate, peer_cpu, other_cpu = 60 * some / lighthouse.wall, lighthouse.cpu / some, pa11y.cpu / some
    figures = {
        "pages_per_minute": rate,
        "cpu_s_per_page": cpu,
        "ratio_vs_lighthouse_cpu": peer_cpu / cpu,
        "ratio_vs_lighthouse_pages_per_minute": rate / peer_rate,
        "ratio_vs_pa11y_cpu": other_cpu / cpu,
    }
    rows = [
        ("ours, four categories", f"{rate:.0f} pages a minute, {cpu:.2f} s of CPU a page"),
        (_scanners.LIGHTHOUSE, f"{peer_rate:.1f} pages a minute, {peer_cpu:.2f} s of CPU a page"),
        (_scanners.PA11Y, f"{60 * some / pa11y.wall:.1f} pages a minute, {other_cpu:.2f} s of CPU a page"),
    ]
    rows.append(
        ("better than Lighthouse", f"{peer_cpu / cpu:.1f} x in CPU, {rate / peer_rate:.1f} x in pages a minute")
    )
    rows.append(("better than pa11y", f"{other_cpu / cpu:.2f} x in CPU (pa11y looks at accessibility only)"))
    report(f"{len(urls)} pages, peers on {some} of them", rows, figures)


if __name__ == "__main__":
    main()
