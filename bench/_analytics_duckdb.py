"""Runs the six charts in DuckDB, in an environment of its own: folder with CSV files and charts.json, how often."""

import json
import resource
import sys
from pathlib import Path

import duckdb  # type: ignore[import-not-found]  # of the peer's own environment

home, times = Path(sys.argv[1]), int(sys.argv[2])
base = duckdb.connect(str(home / "bench.duckdb"))
base.execute("SET TimeZone = 'UTC'")
for name in ("tasks", "team_members", "task_actions"):
    base.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{home / name}.csv', all_varchar = true)")
for table, column in (("tasks", "created_at"), ("tasks", "completed_at"), ("task_actions", "created_at")):
    base.execute(f"ALTER TABLE {table} ALTER {column} TYPE TIMESTAMPTZ")


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1e3


found: dict[str, float] = {}
for name, sql in json.loads((home / "charts.json").read_text()).items():
    runs = []
    for _ in range(times):
        before = cpu()
        base.execute(sql).fetchall()
        runs.append(cpu() - before)
    found[name] = min(runs)
print(json.dumps(found))
