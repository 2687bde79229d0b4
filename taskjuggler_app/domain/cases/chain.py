"""The hash chain of a workspace's events: pure, so that anybody can recompute it.

hash = SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of the event and the hash before it. The first
event's predecessor is 64 zeros.
"""

import hashlib
import json
import math
from datetime import UTC, datetime
from typing import Any

from taskjuggler_app.models.cases import CaseEvent

GENESIS = "0" * 64


def event_hash(event: CaseEvent) -> str:
    """The hash that `event` must carry, given its own fields and `prev_hash`."""
    fields = {
        "prev_hash": event.prev_hash,
        "team_id": str(event.team_id),
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "kind": event.kind,
        "principal_type": event.principal_type,
        "principal_id": str(event.principal_id) if event.principal_id else None,
        "door": event.door,
        "data": event.data,
        "created_at": _moment(event.created_at),
    }
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def plain(data: Any) -> Any:
    """`data` as JSONB gives it back, so that the hash is the same before and after storing.

    JSONB has no NUL, lone surrogate, NaN, infinity or minus zero, and gives floats of 1e16 and more back as integers.
    """
    return _kept(json.loads(json.dumps(data, default=str)))


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {_kept(key): _kept(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_kept(item) for item in value]
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if abs(value) >= 1e16 else value + 0.0
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
