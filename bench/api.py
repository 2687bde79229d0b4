"""A list of tasks and a new task, through REST, MCP and the task exchange, beside a bare FastAPI route with psycopg.

Workload: 2,000 open tasks in the demo workspace; the newest 50 are listed, and tasks with a text, a due date and a tag
are made. 16 connections kept alive, one process each, on the same server and loop, with pools of the same size; rounds
of ours and of the peer take turns, and the median round counts. The peer does one statement and knows no keys, no
limits, no history, no event log, no search words and no live pages, all of which ours keeps. Every key stays inside
its allowance: there are many keys.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from sqlmodel import col, select

from bench import _api_load as load
from bench import rig
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import load as demo
from taskjuggler_app.demo import story
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.web import build

TASKS, ROUNDS, EACH, WARM = 2_000, 5, 800, 200
REST = "/api/v1/tasks"
Prepare = Callable[[str, list[str]], list[bytes]]
_FILL = """
INSERT INTO tasks (team_id, requestor_id, team_member_id, title, description, priority, due_date, tags, created_at)
SELECT %(team)s, %(user)s, %(member)s, 'Replace the lock of flat ' || n, 'The key turns, the door does not open.',
       (ARRAY['low', 'normal', 'high'])[1 + n %% 3], now() + n * interval '1 hour', '["locks"]',
       now() - n * interval '1 min'
  FROM generate_series(1, %(tasks)s) n
"""


def main() -> None:
    """Run, print a table, and one line of JSON."""
    build.ensure_built(print)
    with rig.installation() as url:
        demo.load_if_empty()
        people = _people()
        _fill(url, people[0])
        keys = load.keyring(people, 4 * ROUNDS * EACH)
        agents = load.agents(people[0], 8)
        bare = f"http://127.0.0.1:{rig.free_port()}"
        with _trusting(), rig.running("web"), _serving(bare, people[0]):
            lists = _compared(bare, lambda path, ring: load.lists(path, ring, EACH), keys)
            creates = _compared(bare, lambda path, ring: load.creates(path, ring, EACH), keys)
            ours = rig.base_url()
            load.send(ours, load.calls("search_tasks", keys, 50))
            found = load.send(ours, load.calls("search_tasks", keys, EACH))
            one = load.send(ours, load.calls("search_tasks", keys, 200), clients=1)
            made = load.send(ours, load.calls("create_task", keys, EACH))
            load.send(ours, load.envelopes(agents, 50))
            taken = load.send(ours, load.envelopes(agents, EACH))
    figures = {
        "rest_list_ratio_vs_bare": lists[0].per_second / lists[1].per_second,
        "rest_create_ratio_vs_bare": creates[0].per_second / creates[1].per_second,
        "mcp_call_p50_ms": one.p50,
        "tef_per_s": taken.per_second,
        "rest_list_per_s": lists[0].per_second,
        "rest_create_per_s": creates[0].per_second,
        "mcp_search_per_s": found.per_second,
        "mcp_create_per_s": made.per_second,
    }
    rows = [
        ("List, REST", _said(lists[0])),
        ("List, bare FastAPI and psycopg", _said(lists[1])),
        ("List, MCP search_tasks", _said(found)),
        ("  one call at a time", f"p50 {one.p50:.1f} ms, p99 {one.p99:.1f} ms"),
        ("Create, REST", _said(creates[0])),
        ("Create, bare FastAPI and psycopg", _said(creates[1])),
        ("Create, MCP create_task", _said(made)),
        ("Create, TEF envelope", _said(taken)),
    ]
    rig.report(f"The API with {TASKS:,} tasks, {load.CLIENTS} connections", rows, figures)


def _compared(bare: str, prepare: Prepare, keys: list[str]) -> tuple[load.Measured, load.Measured]:
    load.send(rig.base_url(), prepare(REST, keys)[:WARM])
    load.send(bare, prepare("/tasks", [])[:WARM])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(load.send(rig.base_url(), prepare(REST, keys)))
        theirs.append(load.send(bare, prepare("/tasks", [])))
    return load.together(ours), load.together(theirs)


def _said(found: load.Measured) -> str:
    return f"{found.per_second:.0f} a second, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms"


def _people() -> list[Principal]:
    with transaction() as session:
        team = session.exec(select(Team).where(Team.name == story.WORKSPACE)).one()
        members = session.exec(select(TeamMember).where(TeamMember.team_id == team.id).order_by(col(TeamMember.id)))
        found = [(one.user_id, Role.ADMIN if one.is_admin else Role.MEMBER) for one in members]
        return [Principal(user, team.id, role, Door.WEB) for user, role in sorted(found, key=lambda one: one[1])]


def _fill(url: str, owner: Principal) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        member = connection.execute(
            "SELECT id FROM team_members WHERE team_id = %s AND user_id = %s", [owner.team_id, owner.user_id]
        ).fetchone()
        values = {"team": owner.team_id, "user": owner.user_id, "member": member[0] if member else None, "tasks": TASKS}
        connection.execute(_FILL, values)
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _trusting() -> Iterator[None]:
    """Believe one proxy, so that the exchange's senders come from many addresses."""
    os.environ["TRUSTED_PROXIES"] = "1"
    yield
    del os.environ["TRUSTED_PROXIES"]


@contextmanager
def _serving(address: str, owner: Principal) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "bench._api_bare",
        address.rpartition(":")[2],
        str(owner.team_id),
        str(owner.user_id),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        rig.wait_for(f"{address}/openapi.json")
        yield
    finally:
        server.terminate()
        server.wait(20)
