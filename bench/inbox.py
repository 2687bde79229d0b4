"""The inbox of 100,000 messages: a page of the list, a search, as the database answers them.

Workload: one workspace of 100,000 messages over two years (seed 7: 70 % became tasks, 12 % kept, 8 % dismissed, 4 %
spam, 3 % new, 2 % snoozed, 1 % failed; 2 % with attachments, 400 senders) beside a second workspace of 20,000. Timed is
the whole use case, rows fetched and mapped: list pages are the first and deep keyset pages of every folder; searches
are rare and common words, prefixes, two words, from:, has:attachment, before:, and a word that nobody wrote.
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from bench import rig
from taskjuggler_app.core import clock, db
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import load, story
from taskjuggler_app.domain.receptionist import queries
from taskjuggler_app.models.teams import Team, TeamMember

ITEMS, OTHERS, ROUNDS, SEED = 100_000, 20_000, 12, 7
_FOLDERS = (
    ("created_task", "completed", 70),
    ("processed", "completed", 12),
    ("dismissed", "completed", 8),
    ("spam", "completed", 4),
    ("unprocessed", "pending", 3),
    ("snoozed", "completed", 2),
    ("failed", "failed", 1),
)
_WORDS = (
    "porch", "ladder", "winter", "garage", "copper", "bedroom", "receipt", "monday", "tenant", "window", "garden",
    "basement", "boiler",
)  # fmt: skip
_SEARCHES = (
    "zanzibar", "faucet", "please", "leak", "burst pipe", "kitchen unit", "from:sender123", "from:+1207555012",
    "has:attachment", "has:attachment invoice", "before:2025-06-01 heating", "before:2026-01-01",
    "invoice after:2026-06-01", "nobodywrotethis", "is:unread deposit", "thur",
)  # fmt: skip


def main() -> None:
    """Run, print a table, and one line of JSON."""
    with rig.installation():
        load.load()
        with transaction() as session:
            mine = session.exec(select(Team).where(Team.name == story.WORKSPACE)).one()
            other = session.exec(select(Team).where(Team.id != mine.id)).first()
            member = session.exec(select(TeamMember).where(TeamMember.team_id == mine.id)).first()
        assert member is not None
        assert other is not None
        _fill(mine.id, member.user_id, ITEMS)
        _fill(other.id, member.user_id, OTHERS)
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE inbox_items"))
        owner = Principal(member.user_id, mine.id, Role.ADMIN, Door.WEB)
        lists, searches = _lists(owner), _searches(owner)
        counts = _times(lambda: _read(queries.folder_counts, owner), 20)
    middle = statistics.median(lists)
    figures = {
        "list_p95_ms_100k": rig.percentile(lists, 0.95),
        "search_p95_ms_100k": rig.percentile([ms for times in searches.values() for ms in times], 0.95),
        "list_p50_ms_100k": statistics.median(lists),
        "search_p50_ms_100k": statistics.median([ms for times in searches.values() for ms in times]),
        "folder_counts_p95_ms_100k": rig.percentile(counts, 0.95),
    }
    rows = [
        ("List page, first to deep", f"p50 {middle:.1f} ms, p95 {figures['list_p95_ms_100k']:.1f} ms"),
        ("Search", f"p50 {figures['search_p50_ms_100k']:.1f} ms, p95 {figures['search_p95_ms_100k']:.1f} ms"),
        *((f"  {words}", f"p50 {statistics.median(times):.1f} ms") for words, times in searches.items()),
        ("Numbers of all folders", f"p95 {figures['folder_counts_p95_ms_100k']:.1f} ms"),
    ]  # fmt: skip
    rig.report(f"The inbox with {ITEMS:,} messages (seed {SEED})", rows, figures)


def _lists(owner: Principal) -> list[float]:
    """First pages, and pages reached by following cursors deep into each folder."""
    times = []
    for folder in queries.FOLDERS:
        cursor = ""
        for _ in range(ROUNDS):
            started = time.perf_counter()
            page = _read(queries.inbox_page, owner, folder=folder, cursor=cursor)
            times.append((time.perf_counter() - started) * 1e3)
            cursor = page.next_cursor
    return times


def _searches(owner: Principal) -> dict[str, list[float]]:
    return {
        words: _times(lambda words=words: _read(queries.inbox_page, owner, text=words), ROUNDS)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        for words in _SEARCHES
    }


def _times(act: Callable[[], Any], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1e3)
    return times


def _read(query: Callable[..., Any], owner: Principal, **kwargs: Any) -> Any:
    with transaction() as session:
        return query(session, owner, **kwargs)


def _fill(team_id: Any, user_id: Any, count: int) -> None:
    """Insert messages with COPY; texts are the demo's, each with a few words of its own."""
    chance = random.Random(SEED)
    columns = (
        "team_id, user_id, source_type, source_id, from_identifier, from_name, body, attachments, status, "
        "processing_status, snoozed_until, spam_at, extracted_data, received_at"
    )
    now = clock.utcnow()
    raw = db.engine().raw_connection()
    try:
        cursor: Any = raw.cursor()
        with cursor.copy(f"COPY inbox_items ({columns}) FROM STDIN") as copy:
            for number in range(count):
                copy.write_row((team_id, user_id, "sms", f"SMbench{team_id}{number}", *_row(chance, number, now)))
        raw.commit()
    finally:
        raw.close()


def _row(chance: random.Random, number: int, now: datetime) -> tuple[Any, ...]:
    folder, processing, _ = chance.choices(_FOLDERS, [weight for _, _, weight in _FOLDERS])[0]
    sender = chance.randrange(400)
    body = f"{chance.choice(story.MESSAGES)} {' '.join(chance.choices(_WORDS, k=6))} {number}"
    return (
        f"+1207555{sender:04d}",
        f"Sender{sender} Example",
        body + (" zanzibar" if number % 20_000 == 77 else ""),
        '["https://example.com/photo.jpg"]' if chance.random() < 0.02 else "[]",
        folder if folder in ("created_task", "dismissed", "unprocessed") else "processed",
        processing,
        now if folder == "snoozed" else None,
        now if folder == "spam" else None,
        json.dumps({"summary": body[:40], "category": {"value": "maintenance"}}),
        now - timedelta(seconds=chance.randrange(730 * 86400)),
    )
