"""The main job, measured: webhook to stored, to visible; a click; a cold page; memory.

Peer: pgbench inserting the same 0.85 kB message into the same table of the same durable database, one commit each.
"""

from bench import _browser, _ingest, rig
from taskjuggler_app.demo import load, story
from taskjuggler_app.web import build


def main() -> None:
    """Run, print a table, and one line of JSON."""
    build.ensure_built(print)
    with rig.installation() as url:
        load.load()
        with rig.running("web") as processes:
            ingest = _ingest.measure(processes["web"], story.MAIN_LINE)
        peer = _ingest.pgbench(url, story.MAIN_LINE)
        _forget_load(url)
        with rig.running("web", "worker", "scheduler") as processes:
            seen = _browser.measure()
            memory = {name: rig.rss_mb(process) for name, process in processes.items()}
    figures = {
        "ingest_ratio_vs_pgbench": ingest.per_second / peer,
        "ingest_cpu_us": ingest.cpu_us,
        "visible_p95_ms": rig.percentile(seen.visible, 0.95),
        "click_commit_p50_ms": rig.percentile(seen.clicks, 0.5),
        "cold_load_ms": rig.percentile(seen.cold_loads, 0.5),
        "transfer_kb": seen.transfer_kb,
        "rss_total_mb": sum(memory.values()),
    }
    rows = [
        (
            "Webhook to stored",
            f"{ingest.per_second:.0f} a second, p50 {ingest.p50_ms:.1f} ms, p99 {ingest.p99_ms:.1f} ms",
        ),
        ("pgbench, the same insert", f"{peer:.0f} a second (16 clients, 2 threads)"),
        ("Server CPU a message", f"{ingest.cpu_us:.0f} µs, signature check included"),
        (
            "Webhook to visible task",
            f"p50 {rig.percentile(seen.visible, 0.5):.0f} ms, p95 {figures['visible_p95_ms']:.0f} ms",
        ),
        (
            "Click to DOM, with a commit",
            f"p50 {figures['click_commit_p50_ms']:.0f} ms, p95 {rig.percentile(seen.clicks, 0.95):.0f} ms",
        ),
        ("Cold page load to first row", f"p50 {figures['cold_load_ms']:.0f} ms"),
        ("JavaScript and CSS on the wire", f"{seen.transfer_kb:.0f} kB"),
        *((f"Memory of {name}", f"{size:.0f} MB") for name, size in memory.items()),
    ]
    rig.report("The slice", rows, figures)


def _forget_load(url: str) -> None:
    """Take the load's messages and jobs away, so that the worker of the next part starts with nothing to do."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("DELETE FROM inbox_items WHERE routed_to_task_id IS NULL")
        connection.execute("VACUUM ANALYZE")
