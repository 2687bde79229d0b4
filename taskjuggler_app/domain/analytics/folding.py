"""Keeping the counts: what the case log says was touched is counted anew, and only the difference is written.

A fold is one transaction for each workspace, serialised by its cursor's row. Killed, it is as if it had never begun;
run twice or late, it changes nothing, because a subject's facts come from its present state. The log's own lock makes a
workspace's events visible in the order of their ids, so that the cursor passes none that is still to come.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlmodel import Session, col

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.analytics.facts import SOURCES, Source
from taskjuggler_app.models.analytics import MONTHLY, NOBODY, AnalyticsCursor, AnalyticsFact, AnalyticsRollup

FOLD = "analytics.fold"
"""The job that brings one workspace's counts up to its log."""
_BATCH = 5_000
"""Events folded in one transaction."""
_OVERLAP = 10_000
"""How far behind the newest event of any workspace one may still commit."""

_DIRTY = text(
    """
    SELECT DISTINCT e.team_id
      FROM case_events e LEFT JOIN analytics_cursors c ON c.team_id = e.team_id
     WHERE e.id > (SELECT coalesce(max(last_event_id), 0) - :overlap FROM analytics_cursors)
       AND e.id > coalesce(c.last_event_id, 0)
    """
)
_EVENTS = text(
    """
    SELECT id, subject_type, subject_id, data->>'task_id', data->>'item_id' FROM case_events
     WHERE team_id = :team AND id > :after ORDER BY id LIMIT :most
    """
)
_ZONE = text(
    "SELECT coalesce(u.timezone, 'UTC') FROM teams t LEFT JOIN users u ON u.id = t.created_by WHERE t.id = :team"
)
_OF_TASKS = text("SELECT id FROM inbox_items WHERE team_id = :team AND routed_to_task_id = ANY(:ids)")
_LAST = text("SELECT coalesce(max(id), 0) FROM case_events WHERE team_id = :team")
_KEY = "subject_id, metric, day, bucket"
_APPLY = f"""
WITH fresh AS MATERIALIZED ({{facts}}),
old AS MATERIALIZED (SELECT {_KEY}, channel, doer, n FROM analytics_facts WHERE subject_id = ANY(:ids)),
changed AS MATERIALIZED (
    SELECT {_KEY}, fresh.channel, fresh.doer, fresh.n, old.channel AS old_channel, old.doer AS old_doer, old.n AS old_n
      FROM fresh FULL JOIN old USING ({_KEY})
     WHERE (fresh.channel, fresh.doer, fresh.n) IS DISTINCT FROM (old.channel, old.doer, old.n)
), gone AS (
    DELETE FROM analytics_facts f USING changed c
     WHERE c.n IS NULL AND (f.subject_id, f.metric, f.day, f.bucket) = (c.subject_id, c.metric, c.day, c.bucket)
), kept AS (
    INSERT INTO analytics_facts ({_KEY}, team_id, channel, doer, n)
    SELECT {_KEY}, :team, channel, doer, n FROM changed WHERE n IS NOT NULL
    ON CONFLICT ({_KEY}) DO UPDATE SET channel = excluded.channel, doer = excluded.doer, n = excluded.n
), delta AS (
    SELECT metric, day, bucket, channel, doer, n FROM changed WHERE n IS NOT NULL
    UNION ALL
    SELECT metric, day, bucket, old_channel, old_doer, -old_n FROM changed WHERE old_n IS NOT NULL
)
INSERT INTO analytics_rollups AS r (team_id, metric, grain, day, bucket, channel, doer, n)
SELECT :team, metric, g.grain + s.more, s.day, bucket, g.channel, g.doer, sum(n)
  FROM delta d CROSS JOIN LATERAL (VALUES
    (0, '', '{NOBODY}'::uuid), (1, d.channel, '{NOBODY}'::uuid), (2, '', d.doer), (3, d.channel, d.doer)
  ) AS g(grain, channel, doer)
  CROSS JOIN LATERAL (VALUES (0, d.day), ({MONTHLY}, date_trunc('month', d.day)::date)) AS s(more, day)
 GROUP BY metric, 3, 4, bucket, g.channel, g.doer
HAVING sum(n) <> 0
 ORDER BY metric, 3, 4, bucket, g.channel, g.doer
ON CONFLICT (team_id, metric, grain, day, bucket, channel, doer) DO UPDATE SET n = r.n + excluded.n
"""  # noqa: S608  # our own constants

_ALL_FACTS = f"""
INSERT INTO analytics_facts ({_KEY}, team_id, channel, doer, n)
SELECT {_KEY}, :team, channel, doer, n FROM ({{facts}}) AS fresh ORDER BY {_KEY}
"""  # noqa: S608  # as above
_ALL_SUMS = text(
    f"""
    INSERT INTO analytics_rollups (team_id, metric, grain, day, bucket, channel, doer, n)
    SELECT :team, metric, 3 - grouping(doer, channel), day, bucket, coalesce(channel, ''), coalesce(doer, '{NOBODY}'),
           sum(n)
      FROM analytics_facts WHERE team_id = :team
     GROUP BY metric, day, bucket, GROUPING SETS ((), (channel), (doer), (channel, doer))
    HAVING sum(n) <> 0
    """  # noqa: S608  # as above
)
_ALL_MONTHS = text(
    f"""
    INSERT INTO analytics_rollups (team_id, metric, grain, day, bucket, channel, doer, n)
    SELECT team_id, metric, grain + {MONTHLY}, date_trunc('month', day)::date, bucket, channel, doer, sum(n)
      FROM analytics_rollups WHERE team_id = :team
     GROUP BY team_id, metric, grain, 4, bucket, channel, doer HAVING sum(n) <> 0
    """  # noqa: S608  # as above
)


def queue_due(session: Session) -> None:
    """A job for each workspace whose log goes beyond its counts."""
    for team_id in session.execute(_DIRTY, {"overlap": _OVERLAP}).scalars().all():
        queue.defer(session, FOLD, queueing_lock=f"{FOLD}:{team_id}", lock=f"{FOLD}:{team_id}", team_id=str(team_id))


def fold(session: Session, team_id: UUID) -> bool:
    """Bring the counts one step on; says whether there is more. The first time, and after a change of the zone of the
    workspace's owner, everything is counted anew."""
    zone = _zone(session, team_id)
    cursor = session.get(AnalyticsCursor, team_id, with_for_update=True)
    if cursor is None or cursor.zone != zone:
        rebuild(session, team_id)
        return False
    events = session.execute(_EVENTS, {"team": team_id, "after": cursor.last_event_id, "most": _BATCH}).all()
    if not events:
        return False
    touched = _touched(session, team_id, events)
    for source in SOURCES:
        ids = sorted(touched.get(source.subject_type, ()))
        if ids:
            _apply(session, source, team_id, zone, ids)
    cursor.last_event_id, cursor.folded_at = events[-1][0], clock.utcnow()
    session.add(cursor)
    live.publish(session, topics.analytics(team_id))
    return len(events) == _BATCH


def rebuild(session: Session, team_id: UUID) -> None:
    """Forget a workspace's counts and make them from its tables. Others see the old ones until this commits."""
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("SELECT pg_advisory_xact_lock(7242027, hashtext(:team))"), {"team": str(team_id)})
    session.execute(text("SET LOCAL work_mem = '128MB'"))
    zone, last = _zone(session, team_id), session.execute(_LAST, {"team": team_id}).scalar_one()
    for table in (AnalyticsFact, AnalyticsRollup, AnalyticsCursor):
        session.execute(delete(table).where(col(table.team_id) == team_id))
    for source in SOURCES:
        facts = source.facts.format(which="true")
        session.execute(text(_ALL_FACTS.format(facts=facts)), {"team": team_id, "zone": zone})
    session.execute(_ALL_SUMS, {"team": team_id})
    session.execute(_ALL_MONTHS, {"team": team_id})
    session.add(AnalyticsCursor(team_id=team_id, last_event_id=last, zone=zone))
    session.flush()
    live.publish(session, topics.analytics(team_id))


def _zone(session: Session, team_id: UUID) -> str:
    return str(session.execute(_ZONE, {"team": team_id}).scalar() or "UTC")


def _touched(session: Session, team_id: UUID, events: Sequence[Any]) -> dict[str, set[UUID]]:
    """The subjects that the events are about, and messages that became one of the tasks."""
    found: dict[str, set[UUID]] = {}
    for _, subject_type, subject_id, task_id, item_id in events:
        for kind, name in ((subject_type, subject_id), ("task", task_id), ("inbox_item", item_id)):
            with suppress(NotFound):  # some subjects have other names than ids
                found.setdefault(kind, set()).add(parse_uuid(name))
    if found.get("task"):
        ids = {"team": team_id, "ids": list(found["task"])}
        items = session.execute(_OF_TASKS, ids).scalars().all()
        found.setdefault("inbox_item", set()).update(items)
    return found


def _apply(session: Session, source: Source, team_id: UUID, zone: str, ids: Sequence[UUID]) -> None:
    """Write what changed of these subjects."""
    facts = source.facts.format(which=f"{source.alias}.id = ANY(:ids)")
    session.execute(text(_APPLY.format(facts=facts)), {"team": team_id, "zone": zone, "ids": list(ids)})
