"""The six charts as plain SQL over tasks and their actions: for PostgreSQL, and for DuckDB on the same rows.

Each answers with the rows that `domain.analytics.reading` gives, so that the two can be compared value by value.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import psycopg

from bench import peers

DUCKDB = "duckdb==1.4.2"
ZONE, FIRST, LAST = "America/New_York", "2025-11-21", "2026-11-20"

# {day} turns a moment into a day on the zone's clock; both engines know the rest.
_DOER = "coalesce(CAST(t.owner_id AS varchar), CAST(m.user_id AS varchar), '')"
_FROM = "FROM tasks t LEFT JOIN team_members m ON m.id = t.team_member_id WHERE {mine}"
_ONE = "FROM tasks t WHERE {mine}"
_IN = "BETWEEN DATE '{first}' AND DATE '{last}'"
CHARTS = {
    "work in by channel": (
        f"SELECT {{day:created_at}}, coalesce(source_type, 'manual'), count(*) {_ONE} AND {{day:created_at}} {_IN}"
        " GROUP BY 1, 2"
    ),
    "done by day": (
        f"SELECT {{day:completed_at}}, count(*) {_ONE} AND status = 'completed' AND {{day:completed_at}} {_IN}"
        " GROUP BY 1"
    ),
    "work in by hour": (
        f"SELECT extract(isodow FROM {{at:created_at}}) - 1, extract(hour FROM {{at:created_at}}), count(*)"
        f" {_ONE} AND {{day:created_at}} {_IN} GROUP BY 1, 2"
    ),
    "cycle time": (
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY epoch), percentile_cont(0.9) WITHIN GROUP (ORDER BY epoch)"
        f" FROM (SELECT extract(epoch FROM completed_at) - extract(epoch FROM created_at) AS epoch {_ONE}"
        f" AND status = 'completed' AND {{day:completed_at}} {_IN}) AS cycles"
    ),
    "cumulative flow": (
        "SELECT day, state, sum(n) FROM ("
        f"SELECT {{day:created_at}} AS day, 'pending' AS state, 1 AS n {_ONE}"
        " UNION ALL SELECT {day:a.created_at}, {json:from}, -1 FROM task_actions a JOIN tasks t ON t.id = a.task_id"
        " WHERE {mine} AND a.action_type IN ('status_changed', 'declined')"
        " UNION ALL SELECT {day:a.created_at}, coalesce({json:to}, 'pending'), 1 FROM task_actions a"
        " JOIN tasks t ON t.id = a.task_id WHERE {mine} AND a.action_type IN ('status_changed', 'declined')"
        ") AS steps GROUP BY 1, 2"
    ),
    "load by person": f"SELECT {_DOER}, count(*) {_FROM} AND t.status IN ('pending', 'in_progress') GROUP BY 1",
}


def postgres(name: str, team_id: str) -> str:
    """The chart's SQL for PostgreSQL."""
    return _filled(name, team_id, "{0} AT TIME ZONE '" + ZONE + "'", "a.action_data->>'{0}'")


def duckdb(name: str, team_id: str) -> str:
    """The chart's SQL for DuckDB."""
    return _filled(name, team_id, "timezone('" + ZONE + "', {0})", "json_extract_string(a.action_data, '{0}')")


def _filled(name: str, team_id: str, at: str, from_json: str) -> str:
    sql = CHARTS[name].replace("{mine}", f"t.team_id = '{team_id}' AND t.deleted_at IS NULL")
    for column in ("a.created_at", "created_at", "completed_at"):
        sql = sql.replace(f"{{day:{column}}}", f"CAST({at.format(column)} AS date)")
        sql = sql.replace(f"{{at:{column}}}", f"({at.format(column)})")
    for key in ("from", "to"):
        sql = sql.replace(f"{{json:{key}}}", from_json.format(key))
    return sql.replace("{first}", FIRST).replace("{last}", LAST)


_TABLES = {
    "tasks": "id, team_id, owner_id, team_member_id, source_type, status, created_at, completed_at, deleted_at",
    "team_members": "id, user_id",
    "task_actions": "task_id, action_type, action_data, created_at",
}


def run_duckdb(url: str, team_id: str, times: int) -> dict[str, float]:
    """CPU milliseconds of each chart in DuckDB, the best of `times`, on a copy of the rows in its own format."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with psycopg.connect(url) as connection:
            for table, columns in _TABLES.items():
                _copy(connection, home, table, columns)
        (home / "charts.json").write_text(json.dumps({name: duckdb(name, team_id) for name in CHARTS}))
        script = Path(__file__).with_name("_analytics_duckdb.py")
        command = [str(peers.python(DUCKDB, "pytz==2025.2")), str(script), folder, str(times)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        answers = json.loads(done.stdout.splitlines()[-1])
        return {name: float(value) for name, value in answers.items()}


def _copy(connection: psycopg.Connection, home: Path, table: str, columns: str) -> None:
    with (
        (home / f"{table}.csv").open("wb") as file,
        connection.cursor().copy(
            f"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT csv, HEADER)".encode()
        ) as copied,
    ):
        for block in copied:
            file.write(block)
