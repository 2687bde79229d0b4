"""Everything of mine as one ZIP: what is in it, who may ask, how long it is kept. The worker packs it."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from taskjuggler_app.core import batches, cache, clock, live, queue, topics
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.domain.files.queries import worded_size
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.files import FileSubject, StoredFile

PACK = "account.export"
KEPT = timedelta(days=7)
AGAIN_AFTER = timedelta(minutes=10)
_RUNNING_SECONDS = 6 * 3600
_SECRET = ("password", "token", "storage_key", "search", "secret", "code_hash", "stripe_customer_id", "authentication")
"""Columns that are no data of a person's but keys, or the machine's own."""
_AS_MEMBER = "SELECT id FROM team_members WHERE user_id = :me"
_MINE = f"SELECT id FROM tasks WHERE requestor_id = :me OR owner_id = :me OR team_member_id IN ({_AS_MEMBER})"  # noqa: S608
PARTS: dict[str, tuple[str, str]] = {
    "account": ("Your account; the password's hash and keys are not here.", "users t WHERE t.id = :me"),
    "profiles": ("What you say about yourself.", "profiles t WHERE t.user_id = :me"),
    "memberships": ("Workspaces that you belong to.", "team_members t WHERE t.user_id = :me"),
    "api_keys": ("Your API keys, by name; not the keys.", "personal_access_tokens t WHERE t.tokenable_id = :me"),
    "tasks": ("Tasks that you asked for or that are yours to do.", f"tasks t WHERE t.id IN ({_MINE})"),
    "comments": ("What you wrote on tasks.", "task_messages t WHERE t.user_id = :me"),
    "task_history": ("What you did to tasks.", "task_actions t WHERE t.user_id = :me"),
    "messages": (
        "Direct messages that you sent or got.",
        "direct_messages t WHERE t.sender_id = :me OR t.recipient_id = :me",
    ),
    "notifications": ("What you were told.", "notifications t WHERE t.user_id = :me"),
    "inbox": ("Requests that reached the channels you are responsible for.", "inbox_items t WHERE t.user_id = :me"),
    "rules": ("Rules of your own.", "routing_rules t WHERE t.user_id = :me"),
    "appointments": ("Appointments with you.", "appointments t WHERE t.host_id = :me OR t.user_id = :me"),
    "contact_lists": ("Lists of contacts that you keep.", "contact_lists t WHERE t.user_id = :me"),
    "contacts": (
        "The people on them.",
        "contact_list_members t WHERE t.contact_list_id IN (SELECT id FROM contact_lists WHERE user_id = :me)",
    ),
    "sites": ("Web sites that you added.", "sites t WHERE t.user_id = :me"),
    "listings": ("Work that you asked for on the marketplace.", "marketplace_listings t WHERE t.requestor_id = :me"),
    "payments": ("Payments that you made there.", "transactions t WHERE t.requestor_id = :me"),
    "files": (
        "Files that you uploaded; the files themselves are in the folder files.",
        "files t WHERE t.created_by = :me AND coalesce(t.subject_kind, '') <> 'export'",
    ),
}
"""File name -> what the README says of it, and the rows."""


@dataclass
class ExportRow:
    """A ZIP that waits to be fetched; times are ISO 8601 in UTC."""

    id: str = ""
    href: str = ""
    size: str = ""
    made_at: str = ""
    until: str = ""


@dataclass
class Packing:
    """An export on its way: parts done and in all. `batch_id` is empty when none is."""

    batch_id: str = ""
    done: int = 0
    total: int = 0


def start(session: Session, principal: Principal) -> str:
    """Have everything of the person packed. Conflict while that happens, or ten minutes after the last time."""
    user_id = _person(principal)
    session.execute(text("SELECT 1 FROM users WHERE id = :me FOR UPDATE"), {"me": user_id})
    if packing(session, principal).batch_id:
        raise Conflict("Your data are being packed already.")
    newest = session.exec(_kept(user_id)).first()
    if newest is not None and clock.utcnow() - newest.created_at < AGAIN_AFTER:
        raise Conflict("You have one from a few minutes ago. Ten minutes after it you can ask again.")
    batch_id = batches.start(session, PACK, len(PARTS) + 1, {"user": str(user_id)})
    cache.put(session, _key(user_id), batch_id, _RUNNING_SECONDS)
    queue.defer(session, PACK, user_id=user_id, team_id=principal.team_id, batch_id=batch_id)
    return batch_id


def packing(session: Session, principal: Principal) -> Packing:
    """The person's export that is being made, if one is."""
    batch_id = cache.get(session, _key(_person(principal)))
    if not batch_id:
        return Packing()
    progress = batches.progress(session, batch_id)
    if progress.pending == 0 or progress.failed:
        return Packing()
    return Packing(batch_id, progress.total - progress.pending, progress.total)


def ready(session: Session, principal: Principal) -> list[ExportRow]:
    """The person's ZIPs, newest first."""
    return [
        ExportRow(
            str(row.id),
            f"/files/{row.id}",
            worded_size(row.size),
            row.created_at.isoformat(),
            (row.created_at + KEPT).isoformat(),
        )
        for row in session.exec(_kept(_person(principal)))
    ]


def forget(session: Session, principal: Principal, file_id: UUID) -> None:
    """Delete one of the person's ZIPs now. NotFound for any other file."""
    file = session.get(StoredFile, file_id)
    if file is None or file.subject_kind is not FileSubject.EXPORT or file.created_by != principal.user_id:
        raise NotFound("That export is gone already.")
    files.forget(session, file)


def sweep(session: Session, now: datetime) -> int:
    """Forget ZIPs that were kept long enough; says how many."""
    old = (col(StoredFile.subject_kind) == FileSubject.EXPORT, col(StoredFile.created_at) < now - KEPT)
    keys = session.exec(delete(StoredFile).where(*old).returning(col(StoredFile.storage_key))).all()
    if keys:
        queue.defer(session, files.FORGET, storage_keys=[key for (key,) in keys])
    return len(keys)


def rows_of(session: Session, user_id: UUID, part: str) -> Iterator[dict[str, Any]]:
    """The rows of one part as JSON has them, without secrets, a few hundred at a time."""
    query = text(f"SELECT to_jsonb(t) - CAST(:secret AS text[]) FROM {PARTS[part][1]} ORDER BY 1")  # noqa: S608
    found = session.execute(query.execution_options(yield_per=500), {"me": user_id, "secret": list(_SECRET)})
    for (row,) in found:
        yield _without_keys(row) if part == "account" else row


def kept_files(session: Session, user_id: UUID) -> list[tuple[str, str]]:
    """Storage key and a name that occurs once, of each file that the person uploaded."""
    mine = (StoredFile.created_by == user_id, col(StoredFile.subject_kind).is_distinct_from(FileSubject.EXPORT))
    rows = session.exec(select(StoredFile).where(*mine).order_by(col(StoredFile.created_at), col(StoredFile.id)))
    return [(row.storage_key, f"files/{row.id}-{row.name}") for row in rows]


def is_done(session: Session, batch_id: str) -> bool:
    """Whether the ZIP of that batch exists: a job that runs again has nothing to do."""
    found = select(StoredFile.id).where(StoredFile.storage_key == storage_key(batch_id))
    return session.exec(found).first() is not None


def finish(session: Session, user_id: UUID, team_id: UUID, batch_id: str, size: int, sha256: str) -> None:
    """The ZIP is kept: its row, the last part of the progress, a word to the person."""
    made = clock.utcnow()
    file = StoredFile(
        team_id=team_id,
        name=f"taskjuggler-{made:%Y-%m-%d}.zip",
        content_type="application/zip",
        size=size,
        sha256=sha256,
        storage_key=storage_key(batch_id),
        created_by=user_id,
        created_at=made,
        subject_kind=FileSubject.EXPORT,
        subject_id=user_id,
    )
    session.add(file)
    session.flush()
    batches.part_done(session, batch_id, "zip")
    notify(
        session,
        user_id,
        type="system",
        title="Your data are packed",
        message=f"{worded_size(size)}, to be fetched for seven days.",
        link="/settings/data",
        dedupe_key=f"export:{batch_id}",
        team_id=team_id,
    )
    live.publish(session, topics.user(user_id))


def fail(session: Session, user_id: UUID, batch_id: str) -> None:
    """The last attempt failed: the person may ask again."""
    batches.part_done(session, batch_id, "zip", failed=True)
    live.publish(session, topics.user(user_id))


def storage_key(batch_id: str) -> str:
    """Where the ZIP of a batch is kept: the same for every attempt."""
    return f"export-{batch_id}"


def as_json(rows: list[dict[str, Any]]) -> str:
    """A part as JSON for people and programs."""
    return json.dumps(rows, indent=1, ensure_ascii=False)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """A part as a sheet; what a spreadsheet would take for a formula begins with an apostrophe (OWASP)."""
    written = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([[_cell(row.get(name)) for name in names] for row in rows])
    return written.getvalue()


def readme(counts: dict[str, int], made: datetime) -> str:
    """What the ZIP says about itself."""
    lines = [f"- {name}.json, {name}.csv ({counts[name]}): {PARTS[name][0]}" for name in PARTS]
    return (
        f"Your data in TaskJuggler, packed on {made:%Y-%m-%d %H:%M} UTC.\n\n"
        "Every part is there twice: as JSON, complete, and as CSV for a spreadsheet. Times are UTC.\n"
        "Not in it: passwords and keys (only their hashes are kept), and what belongs to others.\n\n"
        + "\n".join(lines)
        + "\n"
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{words}" if isinstance(value, str) and words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


def _without_keys(row: dict[str, Any]) -> dict[str, Any]:
    """The account without what opens doors: MCP keys live among the preferences."""
    kept = {name: value for name, value in (row.get("settings") or {}).items() if "key" not in name}
    return {**row, "settings": kept}


def _kept(user_id: UUID) -> Any:
    mine = (StoredFile.subject_kind == FileSubject.EXPORT, StoredFile.created_by == user_id)
    return select(StoredFile).where(*mine).order_by(col(StoredFile.created_at).desc())


def _person(principal: Principal) -> UUID:
    if principal.user_id is None:
        raise NotFound
    return principal.user_id


def _key(user_id: UUID) -> str:
    return f"export:{user_id}"
