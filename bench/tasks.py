"""The task list at a million tasks and five million actions: queries, board, search, live pages, a click, a cold load.

Peer: the same list page in NiceGUI, loaded cold by the same Chromium in the same run. Data are made by seeded SQL; with
BENCH_HOME=folder they stay there, and the next run begins with the queries.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench import _browser, _tasks_data, _tasks_live, _tasks_queries, peers, rig
from taskjuggler_app.demo import load, story
from taskjuggler_app.web import build

NICEGUI = "nicegui==3.18.0"
LOADS = 5


def main() -> None:
    """Run, print a table, and one line of JSON."""
    build.ensure_built(print)
    with rig.installation() as url:
        load.load_if_empty()
        team_id, user_id = _demo(url)
        started = time.perf_counter()
        if not _tasks_data.is_filled(url):
            _tasks_data.fill(url, team_id, "x")
        filled = time.perf_counter() - started
        listed = _tasks_queries.measure(team_id, _first_person(url))
        with rig.running("web") as processes:
            fanout = _fanout(user_id, team_id)
            memory, cpu = rig.rss_mb(processes["web"]), rig.cpu_seconds(processes["web"])
            clicks, cold = _browse()
        theirs = _nicegui()
    figures = {
        "first_page_p95_ms_1m": listed.first_p95,
        "deep_over_first": listed.deep_over_first,
        "search_p95_ms_1m": listed.search_p95,
        "board_p95_ms_1m": listed.board_p95,
        "fanout_p95_ms": rig.percentile(fanout, 0.95),
        "web_rss_mb": memory,
        "click_p50_ms": rig.percentile(clicks, 0.5),
        "ratio_vs_nicegui_cold_load": rig.percentile(cold, 0.5) / rig.percentile(theirs, 0.5),
        "deep_page_p95_ms_1m": listed.deep_p95,
        "cold_load_ms": rig.percentile(cold, 0.5),
        "web_cpu_s": cpu,
    }
    rows = [
        (
            "Workload",
            f"1,000,000 tasks, 5,000,000 actions, 100,000 comments in one workspace; filled in {filled:.0f} s",
        ),
        *(
            (f"  {name}", f"first {f:.2f} ms, page 40 {d:.2f} ms (p50)")
            for name, (f, d) in listed.by_combination.items()
        ),
        ("Search, 15 queries", f"p95 {listed.search_p95:.1f} ms, misspelled ones included"),
        ("Board, 3 scopes", f"p95 {listed.board_p95:.1f} ms"),
        (
            "Live",
            f"{_tasks_live.SOCKETS} sockets, {_tasks_live.A_SECOND} changes a second: p50 "
            f"{rig.percentile(fanout, 0.5):.0f} ms, p95 {figures['fanout_p95_ms']:.0f} ms; web {memory:.0f} MB, "
            f"{cpu:.0f} s CPU",
        ),
        ("Click to DOM, with a commit", f"p50 {figures['click_p50_ms']:.0f} ms"),
        ("Cold load", f"{figures['cold_load_ms']:.0f} ms; {NICEGUI} {rig.percentile(theirs, 0.5):.0f} ms"),
    ]
    print(f"Slowest combination: {listed.slowest}\n{listed.explained}")
    rig.report("Tasks", rows, figures)


def _demo(url: str) -> tuple[str, str]:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_team_id::text, id::text FROM users WHERE email = %s", [story.PEOPLE[0].email]
        ).fetchone()
    if row is None:
        sys.exit("the demo workspace is not there")
    return row[0], row[1]


def _first_person(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT md5('user1')::uuid::text").fetchone()
    return str(row[0]) if row else ""


def _fanout(user_id: str, team_id: str) -> list[float]:
    command = [sys.executable, "-m", "bench._tasks_live", user_id, team_id]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _browse() -> tuple[list[float], list[float]]:
    with _browser.signed_in() as context:
        page = context.new_page()
        page.goto(f"{rig.base_url()}/tasks?scope=mine")
        page.wait_for_selector(".task-row")
        clicks = _browser.clicks(page)
        page.close()
        cold = [_browser.cold_load(context)[0] for _ in range(LOADS)]
    return clicks, cold


def _nicegui() -> list[float]:
    with _nicegui_server() as address, _browser.browser() as chromium:
        times = []
        for _ in range(LOADS):
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            started = time.perf_counter()
            page.goto(f"{address}/tasks", wait_until="commit")
            page.wait_for_selector("tbody tr td")
            times.append((time.perf_counter() - started) * 1e3)
            context.close()
    return times


@contextmanager
def _nicegui_server() -> Iterator[str]:
    port = rig.free_port()
    script = Path(__file__).with_name("_nicegui_list.py")
    server = subprocess.Popen(
        [str(peers.python(NICEGUI)), str(script), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        rig.wait_for(f"http://127.0.0.1:{port}/tasks")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
