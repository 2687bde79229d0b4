"""The task list's queries at the database: twelve combinations of scope, filter and sort, searches, the board."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import event

from bench import rig
from taskjuggler_app.core import db
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.tasks import board, listing
from taskjuggler_app.domain.tasks.filters import TaskFilter

REPEATS, DEEP_PAGE = 20, 40
COMBINATIONS = {
    "all, open, newest": TaskFilter(),
    "all, any status, newest": TaskFilter(status="any"),
    "all, done, newest": TaskFilter(status="completed"),
    "all, open, due": TaskFilter(sort="due"),
    "all, open, urgent, newest": TaskFilter(priority="urgent"),
    "all, open, overdue, due": TaskFilter(sort="due", due="overdue"),
    "mine, open, newest": TaskFilter(scope="mine"),
    "mine, open, due": TaskFilter(scope="mine", sort="due"),
    "mine, any status, newest": TaskFilter(scope="mine", status="any"),
    "asked by me, open, newest": TaskFilter(scope="asked"),
    "nobody's, open, newest": TaskFilter(scope="unassigned"),
    "all, any status, one tag, newest": TaskFilter(status="any", tag="billing"),
}
SEARCHES = (
    *("faucet", "kitchen", "replace faucet", "boiler basement", "fix the roof", "deposit lease lobby"),
    *("fawcet", "bolier", "kitchn window", "invoce", "tenant", "parcel", "measure gutter attic", "00a1f2", "stairwel"),
)


@dataclass(frozen=True)
class Listed:
    """p95 in ms of each kind; `deep_over_first` is the worst combination's ratio of medians; `slowest` names the worst
    page's combination, first or deep, and `explained` is that page's plan.
    """

    first_p95: float
    deep_p95: float
    deep_over_first: float
    search_p95: float
    board_p95: float
    by_combination: dict[str, tuple[float, float]]
    slowest: str
    explained: str


def measure(team_id: str, user_id: str) -> Listed:
    """Every query as the page runs it, on a warm database; what counts is the time at the database."""
    who = Principal(UUID(user_id), UUID(team_id), Role.MEMBER, Door.WEB, name="Person 1")
    first: dict[str, list[float]] = {}
    deep: dict[str, list[float]] = {}
    cursors: dict[str, str] = {}
    for name, wanted in COMBINATIONS.items():
        cursor = cursors[name] = _deep_cursor(who, wanted)
        first[name] = [_page(who, wanted, "") for _ in range(REPEATS + 5)][5:]
        deep[name] = [_page(who, wanted, cursor) for _ in range(REPEATS + 5)][5:]
    searches = [
        _page(who, TaskFilter(status="any", text=words), "") for _ in range(REPEATS // 4) for words in ("", *SEARCHES)
    ]
    boards = [_board(who, scope) for _ in range(REPEATS) for scope in ("all", "mine", "unassigned")][3:]
    medians = {name: (rig.percentile(first[name], 0.5), rig.percentile(deep[name], 0.5)) for name in first}
    worst = {name: max(rig.percentile(times[name], 0.95) for times in (first, deep)) for name in first}
    slowest = max(worst, key=lambda name: worst[name])
    is_deep = rig.percentile(deep[slowest], 0.95) > rig.percentile(first[slowest], 0.95)
    return Listed(
        first_p95=rig.percentile([ms for times in first.values() for ms in times], 0.95),
        deep_p95=rig.percentile([ms for times in deep.values() for ms in times], 0.95),
        deep_over_first=max(d / f for f, d in medians.values()),
        search_p95=rig.percentile(searches, 0.95),
        board_p95=rig.percentile(boards, 0.95),
        by_combination=medians,
        slowest=f"{slowest}, {f'page {DEEP_PAGE}' if is_deep else 'first page'}: p95 {worst[slowest]:.1f} ms",
        explained=_explain(who, COMBINATIONS[slowest], cursors[slowest] if is_deep else ""),
    )


def _deep_cursor(who: Principal, wanted: TaskFilter) -> str:
    cursor = ""
    with transaction() as session:
        for _ in range(DEEP_PAGE):
            following = listing.page(session, who, wanted, cursor).next_cursor
            if not following:
                break
            cursor = following
    return cursor


class _AtDatabase:
    """Adds up the time that statements spend at the database: sending, planning, running, fetching the answer."""

    def __init__(self) -> None:
        self.ms = 0.0
        self._started = 0.0
        event.listen(db.engine(), "before_cursor_execute", self._before)
        event.listen(db.engine(), "after_cursor_execute", self._after)

    def _before(self, *_: object) -> None:
        self._started = time.perf_counter()

    def _after(self, *_: object) -> None:
        self.ms += (time.perf_counter() - self._started) * 1e3


@cache
def _watch() -> _AtDatabase:
    return _AtDatabase()


def _page(who: Principal, wanted: TaskFilter, cursor: str) -> float:
    with transaction() as session:
        session.connection()
        _watch().ms = 0.0
        listing.page(session, who, wanted, cursor)
        return _watch().ms


def _board(who: Principal, scope: str) -> float:
    with transaction() as session:
        session.connection()
        _watch().ms = 0.0
        board.by_status(session, who, TaskFilter(scope=scope))
        return _watch().ms


def _explain(who: Principal, wanted: TaskFilter, cursor: str) -> str:
    """The plan of the page's query, run with the very values that the driver gets."""
    sent: list[tuple[str, Any]] = []

    def keep(*said: Any) -> None:
        sent.append((said[2], said[3]))

    with transaction() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", keep)
        session.execute(listing.page_query(session, who, wanted, cursor, listing.PAGE_SIZE + 1))
        event.remove(connection, "before_cursor_execute", keep)
        statement, values = sent[-1]
        rows = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}", values)
        return "\n".join(row[0] for row in rows)
