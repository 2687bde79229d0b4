"""Taking messages in: stored, queued and answered first; read and routed later by a worker."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.queue import defer, defer_many

PROCESS = "receptionist.process"
FETCH_MEDIA = "receptionist.fetch_media"
MOST_A_JOB = 10

# One statement for a group. A redelivery meets the unique (channel_id, source_id) and returns nothing.
_INSERT = text(
    """
    INSERT INTO inbox_items (team_id, user_id, channel_id, source_type, source_id, from_identifier, from_name,
                             subject, body, attachments, source_data, received_at)
    SELECT team_id, user_id, channel_id, source_type, source_id, from_identifier, from_name,
           subject, body, attachments, source_data, received_at
      FROM jsonb_to_recordset(CAST(:rows AS jsonb))
           AS r(team_id uuid, user_id uuid, channel_id uuid, source_type text, source_id text,
                from_identifier text, from_name text, subject text, body text, attachments jsonb,
                source_data jsonb, received_at timestamptz)
    ON CONFLICT (channel_id, source_id) WHERE source_id IS NOT NULL DO NOTHING
    RETURNING id, team_id, attachments @? '$[*].url' AS has_media
    """
)


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message as a channel brings it. `source_id` is the provider's id, unique on the channel.

    An attachment is {name, type, size, file_id}, {name, reason} when it was not kept, or {url, type} to be fetched.
    """

    team_id: UUID
    user_id: UUID
    channel_id: UUID
    source_type: str
    source_id: str
    from_identifier: str
    body: str
    received_at: datetime
    attachments: tuple[dict[str, Any], ...] = ()
    from_name: str | None = None
    subject: str | None = None
    source_data: Mapping[str, Any] = field(default_factory=dict)


def receive(session: Session, messages: Sequence[InboundMessage]) -> int:
    """Store the messages that are new, queue their processing, tell the open pages; says how many were new."""
    return len(accept(session, messages))


def accept(session: Session, messages: Sequence[InboundMessage], *, later: datetime | None = None) -> list[UUID]:
    """As `receive`, giving the ids of the new ones; `later` puts their processing off until then at the latest."""
    new = _stored(session, messages)
    ids = [row.id for row in new]
    if later is None:
        queue(session, ids)
    else:
        for item_id in ids:
            defer(session, PROCESS, run_at=later, item_ids=[str(item_id)])
    defer_many(session, FETCH_MEDIA, [{"item_id": str(row.id)} for row in new if row.has_media])
    live.publish(session, *sorted({topics.inbox(row.team_id) for row in new}))
    return ids


def queue(session: Session, item_ids: Sequence[UUID], batch_id: str | None = None) -> None:
    """Queue the processing of messages: one job for a few of them, since in a burst the queue costs most.

    Parts of a batch get a job each, so that each has all its attempts before it counts as failed.
    """
    ids = [str(item_id) for item_id in item_ids]
    if batch_id is not None:
        defer_many(session, PROCESS, [{"item_ids": [one], "batch_id": batch_id} for one in ids])
        return
    defer_many(session, PROCESS, [{"item_ids": ids[at : at + MOST_A_JOB]} for at in range(0, len(ids), MOST_A_JOB)])


def store(session: Session, messages: Sequence[InboundMessage]) -> list[tuple[UUID, UUID]]:
    """Store the messages that are new; gives their ids, each with its workspace's.

    Senders and texts are cut and cleaned to what PostgreSQL stores, so that no message is refused.
    """
    return [(row.id, row.team_id) for row in _stored(session, messages)]


def _stored(session: Session, messages: Sequence[InboundMessage]) -> list[Any]:
    rows = json.dumps([_row(message) for message in messages], default=str)
    return list(session.execute(_INSERT, {"rows": rows}))


def _row(message: InboundMessage) -> dict[str, object]:
    return {
        "team_id": message.team_id,
        "user_id": message.user_id,
        "channel_id": message.channel_id,
        "source_type": message.source_type,
        "source_id": storable(message.source_id)[:255],
        "from_identifier": storable(message.from_identifier)[:255],
        "from_name": storable(message.from_name)[:255] if message.from_name else None,
        "subject": storable(message.subject)[:500] if message.subject else None,
        "body": storable(message.body),
        "attachments": _clean(message.attachments),
        "source_data": _clean(message.source_data),
        "received_at": message.received_at,
    }


def _clean(value: Any) -> Any:
    """JSON whose texts PostgreSQL can store."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def storable(text_: str) -> str:
    """`text_` without NUL and lone surrogates, which PostgreSQL has no way to store."""
    return text_.replace("\0", "").encode("utf-8", "replace").decode()
