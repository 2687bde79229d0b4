"""What the simulator and the demo left behind, and taking it away: nothing that a person made or worked on.

A sample is known by how it came: ids that only our simulator gives, and senders in domains that nobody can own
(RFC 2606). A thread of samples goes with the tasks made of them, unless a person answered, corrected, moved, commented
or attached something: then the whole thread and its task stay as they are.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import batches, cache, live, queue, topics
from taskjuggler_app.core.errors import Conflict, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.files.service import FORGET

MARK = "51a0f1c7"
"""Begins the id of every simulated text and call, after its two letters; carriers' own ids are random."""
REMOVE = "receptionist.remove_samples"
LOADED = "team.samples_loaded"
"""The event with which the demo ends: what people did before it is part of the story."""
AT_ONCE = 100
_KEPT_SECONDS = 24 * 3600
_SAMPLE = f"""
    (i.source_id ~ '^(SM|CA|RE){MARK}' OR i.source_id ~ '^(SM|CA|RE)demo'
     OR i.source_id ~ '@(storm[.]example|test[.]invalid)$'
     OR i.from_identifier ~ '@([^@]+[.])?(example|invalid|test|example[.](com|net|org))$')
"""
TASK_WORKED_ON = """
    (t.marketplace_listing_id IS NOT NULL
     OR EXISTS (SELECT FROM task_actions a WHERE a.task_id = t.id AND a.user_id IS NOT NULL AND a.created_at > since.at)
     OR EXISTS (SELECT FROM task_messages m WHERE m.task_id = t.id AND m.created_at > since.at)
     OR EXISTS (SELECT FROM task_invitations v WHERE v.task_id = t.id)
     OR EXISTS (SELECT FROM files f WHERE f.subject_id = t.id AND f.subject_kind = 'task')
     OR EXISTS (SELECT FROM ai_tool_executions x WHERE x.task_id = t.id AND x.created_at > since.at)
     OR EXISTS (SELECT FROM marketplace_listings l WHERE l.task_id = t.id)
     OR EXISTS (SELECT FROM transactions p WHERE p.task_id = t.id))
"""
"""Whether somebody worked on the task `t` after `since.at`."""
_WORKED_ON = f"""
    (EXISTS (SELECT FROM outgoing_messages o WHERE o.inbox_item_id = i.id AND o.created_by IS NOT NULL
                AND o.created_at > since.at)
     OR EXISTS (SELECT FROM fact_corrections f WHERE f.inbox_item_id = i.id AND f.created_by IS NOT NULL
                   AND f.created_at > since.at)
     OR EXISTS (SELECT FROM tasks t WHERE t.inbox_item_id = i.id AND {TASK_WORKED_ON}))
"""  # noqa: S608
_IS_LOADED = "team_id = :team AND split_part(kind, '.', 1) = 'team' AND kind = :loaded"
"""Along the index by groups: a log is long."""
_THREADS = f"""
    WITH since AS (
        SELECT coalesce(max(created_at), '-infinity') AS at FROM case_events
         WHERE {_IS_LOADED}
    ), seen AS (
        SELECT i.id, coalesce(i.thread_id, i.id) AS thread, {_SAMPLE} AS is_sample,
               CASE WHEN {_SAMPLE} THEN {_WORKED_ON} ELSE true END AS stays,
               i.processing_status IN ('pending', 'processing') AS is_read_now
          FROM inbox_items i CROSS JOIN since WHERE i.team_id = :team
    ), kept AS (
        SELECT thread FROM seen WHERE stays OR is_read_now
    )
"""  # noqa: S608
_COUNT = text(
    f"""{_THREADS}
    , one AS (SELECT id, thread NOT IN (SELECT thread FROM kept) AS goes FROM seen WHERE is_sample)
    SELECT count(*) FILTER (WHERE goes) AS messages,
           (SELECT count(*) FROM tasks WHERE inbox_item_id IN (SELECT id FROM one WHERE goes)) AS tasks,
           count(*) FILTER (WHERE NOT goes) AS kept
      FROM one
    """  # noqa: S608
)
_NEXT = text(
    f"{_THREADS} SELECT id FROM seen WHERE thread NOT IN (SELECT thread FROM kept) ORDER BY thread LIMIT :most"  # noqa: S608
)


@dataclass
class Samples:
    """How much there is of it: what would go, and what stays since somebody worked on it.

    `batch_id` names the removal that is on its way, with its parts done and in all.
    """

    messages: int = 0
    tasks: int = 0
    kept: int = 0
    batch_id: str = ""
    done: int = 0
    total: int = 0


_CONTACTS = """
    SELECT m.id FROM contact_list_members m JOIN contact_lists l ON l.id = m.contact_list_id
     WHERE l.team_id = :team AND m.metadata ->> 'added_by' = 'rule' AND m.notes IS NULL
       AND EXISTS (SELECT FROM inbox_items i WHERE i.id = ANY(:ids) AND i.from_identifier IN (m.phone, m.email))
       AND NOT EXISTS (SELECT FROM inbox_items i WHERE i.team_id = :team AND i.id <> ALL(:ids)
                          AND i.from_identifier IN (m.phone, m.email))
"""


def found(session: Session, principal: Principal) -> Samples:
    """How much of it the workspace has; nothing for members, who cannot take it away."""
    if not principal.is_admin:
        return Samples()
    values: dict[str, Any] = {"team": principal.team_id, "loaded": LOADED}
    row = session.execute(_COUNT, values).one()
    batch_id = cache.get(session, _key(principal.team_id)) or ""
    said = batches.progress(session, batch_id) if batch_id else batches.Progress()
    if said.pending == 0 or said.failed:
        batch_id = ""
    return Samples(row.messages, row.tasks, row.kept, batch_id, said.total - said.pending, said.total)


def going(session: Session, team_id: UUID) -> list[UUID]:
    """The messages that would go now."""
    values: dict[str, Any] = {"team": team_id, "loaded": LOADED, "most": None}
    return list(session.execute(_NEXT, values).scalars())


def loaded_at(session: Session, team_id: UUID) -> datetime | None:
    """When the demo's story ended in the workspace; None where it was never told."""
    newest = text(f"SELECT max(created_at) FROM case_events WHERE {_IS_LOADED}")  # noqa: S608  # ours
    return session.execute(newest, {"team": team_id, "loaded": LOADED}).scalar()


def remove(session: Session, principal: Principal, *, besides: bool = False) -> str:
    """Take it away by a job; the batch that says how far it is. Forbidden but for admins, Conflict without samples.

    besides: there is more than messages that goes with them.
    """
    require(principal.is_admin, "Only an admin takes the sample data away.")
    session.execute(text("SELECT 1 FROM teams WHERE id = :team FOR UPDATE"), {"team": principal.team_id})
    now = found(session, principal)
    if now.batch_id:
        return now.batch_id
    if not now.messages and not besides:
        raise Conflict("There is no sample data that could go.")
    batch_id = batches.start(session, REMOVE, math.ceil(now.messages / AT_ONCE) + 1, {"team": str(principal.team_id)})
    cache.put(session, _key(principal.team_id), batch_id, _KEPT_SECONDS)
    data = {"messages": now.messages, "tasks": now.tasks, "kept": now.kept}
    team_id = principal.team_id
    record_event(session, principal, kind="team.samples_removed", subject_type="team", subject_id=team_id, data=data)
    queue.defer(session, REMOVE, team_id=team_id, batch_id=batch_id, by=principal.user_id, lock=f"{REMOVE}:{team_id}")
    live.publish(session, topics.inbox(team_id))
    return batch_id


def remove_some(session: Session, team_id: UUID, batch_id: str) -> bool:
    """Take the next threads away with what was made of them; False when none is left. Safe to repeat."""
    values: dict[str, Any] = {"team": team_id, "loaded": LOADED, "most": AT_ONCE}
    ids = list(session.execute(_NEXT, values).scalars())
    if not ids:
        return False
    values = {"team": team_id, "ids": ids}
    tasks = list(session.execute(text("SELECT id FROM tasks WHERE inbox_item_id = ANY(:ids)"), values).scalars())
    contacts = list(session.execute(text(_CONTACTS), values).scalars())
    keys = list(session.execute(text(_FORGOTTEN), values).scalars())
    if keys:
        queue.defer(session, FORGET, storage_keys=keys)
    values |= {"tasks": tasks, "contacts": contacts}
    values["links"] = [*(f"/inbox/{one}" for one in ids), *(f"/tasks/{one}" for one in tasks)]
    for statement in _GOES:
        session.execute(text(statement), values)
    said = batches.progress(session, batch_id)
    if said.pending > 1:
        batches.part_done(session, batch_id, str(said.total - said.pending))
    live.publish(session, topics.inbox(team_id), topics.tasks(team_id))
    return True


def finished(session: Session, team_id: UUID, batch_id: str, *, failed: bool = False) -> None:
    """The last parts are done."""
    said = batches.progress(session, batch_id)
    for number in range(said.total - said.pending, said.total):
        batches.part_done(session, batch_id, str(number), failed=failed)
    live.publish(session, topics.inbox(team_id))


_FORGOTTEN = (
    "DELETE FROM files WHERE team_id = :team AND subject_kind = 'inbox_item' AND subject_id = ANY(:ids) "
    "RETURNING storage_key"
)
RUNS_OF_TASKS = """
    WITH runs AS (DELETE FROM ai_tool_executions WHERE task_id = ANY(:tasks) RETURNING approval_id)
    DELETE FROM approvals WHERE id IN (SELECT approval_id FROM runs)
"""
"""Runs of tools on tasks that go, with the questions whether they may."""
_GOES = (
    "DELETE FROM notifications WHERE team_id = :team AND link = ANY(:links)",
    "DELETE FROM calls WHERE team_id = :team AND item_id = ANY(:ids)",
    RUNS_OF_TASKS,
    "DELETE FROM tasks WHERE team_id = :team AND id = ANY(:tasks)",
    "DELETE FROM inbox_items WHERE team_id = :team AND id = ANY(:ids)",
    "DELETE FROM contact_list_members WHERE id = ANY(:contacts)",
)


def _key(team_id: UUID) -> str:
    return f"samples:{team_id}"


def note_loaded(session: Session, principal: Principal) -> None:
    """The demo's story ends here: what people do from now on is theirs."""
    team_id = principal.team_id
    record_event(session, principal, kind=LOADED, subject_type="team", subject_id=team_id, data={})
