"""Six charts over a million tasks and five million actions: our counts beside plain SQL and DuckDB on the same rows.

Also what keeping the counts costs: folding a few thousand changed tasks, as a share of what writing them cost.
"""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import psutil
import psycopg
from sqlalchemy import text
from sqlmodel import Session

from bench import _analytics_peers as plain
from bench import _tasks_data, rig
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import load, story
from taskjuggler_app.domain.analytics import folding, reading
from taskjuggler_app.domain.analytics.facts import STATES
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models.analytics import NOBODY
from taskjuggler_app.models.tasks import TaskStatus

RUNS, PLAIN_RUNS, WRITES = 40, 2, 1_000
Chart = Callable[[Session, Frame], Any]


def main() -> None:
    """Run, print a table, and one line of JSON."""
    with rig.installation() as url:
        load.load_if_empty()
        team_id, user_id = _demo(url)
        _as_in_new_york(url, team_id, user_id)
        if not _tasks_data.is_filled(url):
            _tasks_data.fill(url, team_id, "x")
        started = time.perf_counter()
        with transaction() as session:
            folding.rebuild(session, UUID(team_id))
        rebuilt = time.perf_counter() - started
        _vacuum(url)
        frame = Frame(UUID(team_id), plain.ZONE, date.fromisoformat(plain.FIRST), date.fromisoformat(plain.LAST))
        ours, times = _ours(frame)
        theirs, answers = _plain(url, team_id)
        error = _compare(frame, answers)
        duck = plain.run_duckdb(url, team_id, PLAIN_RUNS)
        write, fold = _writes(team_id, user_id)
    figures = {
        "six_charts_cpu_ms_1m": sum(ours.values()),
        "six_charts_p95_ms_1m": rig.percentile(times, 0.95),
        "ratio_vs_plain_sql": sum(theirs.values()) / sum(ours.values()),
        "ratio_vs_duckdb": sum(duck.values()) / sum(ours.values()),
        "percentile_error_max": error,
        "rollup_write_overhead_pct": 100 * fold / write,
        "rebuild_s": rebuilt,
        "plain_sql_cpu_ms": sum(theirs.values()),
        "duckdb_cpu_ms": sum(duck.values()),
    }
    rows = [
        ("Workload", f"1,000,000 tasks, 5,000,000 actions, one workspace, a year; counted anew in {rebuilt:.0f} s"),
        *(
            (f"  {name}", f"{ours[name]:.1f} ms; plain SQL {theirs[name]:.0f}; DuckDB {duck[name]:.0f} (CPU)")
            for name in plain.CHARTS
        ),
        ("Six charts, by the clock", f"p95 {figures['six_charts_p95_ms_1m']:.1f} ms"),
        ("A write", f"{write:.2f} ms CPU; counting it {fold:.2f} ms more, in the worker"),
    ]
    rig.report("Analytics", rows, figures)


_CHARTS: dict[str, Chart] = {
    "work in by channel": lambda session, frame: reading.sums(session, frame, ["work_in"], ["day", "channel"]),
    "done by day": lambda session, frame: reading.by_day(session, frame, "done"),
    "work in by hour": reading.by_hour,
    "cycle time": lambda session, frame: reading.percentiles(session, frame, "cycle"),
    "cumulative flow": reading.flow,
    "load by person": reading.open_by_doer,
}


def _ours(frame: Frame) -> tuple[dict[str, float], list[float]]:
    """Database CPU milliseconds of each chart, and how long all six took, each run."""
    cpu: dict[str, float] = {}
    with transaction() as session:
        backend = psutil.Process(int(session.execute(text("SELECT pg_backend_pid()")).scalar_one()))
        for name, chart in _CHARTS.items():
            chart(session, frame)
            before = rig.cpu_seconds(backend)
            for _ in range(RUNS):
                chart(session, frame)
            cpu[name] = (rig.cpu_seconds(backend) - before) / RUNS * 1e3
        times = []
        for _ in range(RUNS):
            started = time.perf_counter()
            for chart in _CHARTS.values():
                chart(session, frame)
            times.append((time.perf_counter() - started) * 1e3)
    return cpu, times


def _plain(url: str, team_id: str) -> tuple[dict[str, float], dict[str, list[tuple[Any, ...]]]]:
    """Database CPU milliseconds of each chart in plain SQL, and its rows. No parallel workers: all of it is counted."""
    cpu, answers = {}, {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET work_mem = '256MB'")
        backend = psutil.Process(connection.info.backend_pid)
        for name in plain.CHARTS:
            runs = []
            for _ in range(PLAIN_RUNS):
                before = rig.cpu_seconds(backend)
                answers[name] = connection.execute(plain.postgres(name, team_id).encode()).fetchall()
                runs.append((rig.cpu_seconds(backend) - before) * 1e3)
            cpu[name] = min(runs)
    return cpu, answers


def _compare(frame: Frame, answers: dict[str, list[tuple[Any, ...]]]) -> float:
    """End the run if any count differs from plain SQL; else the largest relative error of a percentile."""
    with transaction() as session:
        mine = {name: chart(session, frame) for name, chart in _CHARTS.items()}
    flow: Counter[Any] = Counter({(day, STATES.index(state)): int(n) for day, state, n in answers["cumulative flow"]})
    level = Counter(
        {s: sum(n for (day, state), n in flow.items() if state == s and day < frame.first) for s in range(4)}
    )
    levels = []
    for day in reading.days_of(frame):
        for state in range(4):
            level[state] += flow[day, state]
        levels.append((day, tuple(level[state] for state in range(4))))
    same = {
        "work in by channel": mine["work in by channel"]
        == Counter({(day, channel): n for day, channel, n in answers["work in by channel"]}),
        "done by day": [(day, n) for day, n in mine["done by day"] if n] == sorted(answers["done by day"]),
        "work in by hour": mine["work in by hour"]
        == Counter({(int(day), int(hour)): n for day, hour, n in answers["work in by hour"]}),
        "cumulative flow": mine["cumulative flow"] == levels,
        "load by person": {str(who) if who != NOBODY else "": n for who, n in mine["load by person"].items() if n}
        == dict(answers["load by person"]),
    }
    if not all(same.values()):
        sys.exit(f"not the same counts as plain SQL: {[name for name, is_same in same.items() if not is_same]}")
    exact = [float(value) for value in answers["cycle time"][0]]
    errors = [abs(ours - theirs) / theirs for ours, theirs in zip(mine["cycle time"], exact, strict=True)]
    return float(max(errors))


def _writes(team_id: str, user_id: str) -> tuple[float, float]:
    """CPU milliseconds (ours and the database's) of making and finishing a task, and of folding one."""
    principal = Principal(UUID(user_id), UUID(team_id), Role.ADMIN, Door.WEB)
    with transaction() as session:
        folding.rebuild(session, principal.team_id)
    own = psutil.Process()
    writing, counting = [], []
    for _ in range(5):
        before = _cpu(own)
        for number in range(WRITES // 5):
            with transaction() as session:
                made = tasks.create(session, principal, TaskDraft(f"Task {number}", principal.user_id or UUID(int=0)))
                tasks.change_status(session, principal, made.id, TaskStatus.COMPLETED)
        written = _cpu(own)
        with transaction() as session:
            while folding.fold(session, principal.team_id):
                pass
        writing.append((written - before) / (WRITES / 5) * 1e3)
        counting.append((_cpu(own) - written) / (WRITES / 5) * 1e3)
    return statistics.median(writing), statistics.median(counting)


def _cpu(own: psutil.Process) -> float:
    """CPU seconds of this process and of every backend of the database that it uses."""
    with transaction() as session:
        backends = session.execute(text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"))
        spent: float = sum(sum(one.cpu_times()[:2]) for one in (own, *(psutil.Process(pid) for (pid,) in backends)))
        return spent


def _demo(url: str) -> tuple[str, str]:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_team_id::text, id::text FROM users WHERE email = %s", [story.PEOPLE[0].email]
        ).fetchone()
    if row is None:
        sys.exit("the demo workspace is not there")
    return row[0], row[1]


def _as_in_new_york(url: str, team_id: str, user_id: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE users SET timezone = %s WHERE id = %s OR id = (SELECT created_by FROM teams WHERE id = %s)",
            [plain.ZONE, user_id, team_id],
        )


def _vacuum(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
