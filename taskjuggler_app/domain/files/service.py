"""Writing files: kept when uploaded, attached when what they go with is sent, forgotten when nobody wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, delete, select

from taskjuggler_app.core import clock, queue
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files.naming import safe_name, sniffed_type
from taskjuggler_app.models.files import FileSubject, StoredFile

MOST_BYTES = 25_000_000
"""The largest file that we take."""
MOST_AT_ONCE = 10
"""Files that one message or comment may carry."""
KEPT_UNATTACHED = timedelta(days=1)
FORGET = "files.forget"


@dataclass(frozen=True)
class Received:
    """Bytes that are already kept behind the Files port; `head` is their beginning, `name` what the sender says."""

    name: str
    head: bytes
    size: int
    sha256: str
    storage_key: str


def new_key() -> str:
    """A key for bytes to be kept; says nothing about them."""
    return uuid4().hex


def keep(session: Session, principal: Principal, received: Received) -> StoredFile:
    """A row for uploaded bytes, which belong to nothing yet. Invalid when they are none or too many."""
    if received.size == 0:
        raise Invalid("That file is empty.")
    if received.size > MOST_BYTES:
        raise Invalid(f"That file is larger than {MOST_BYTES // 1_000_000} MB.")
    name = safe_name(received.name)
    file = StoredFile(
        team_id=principal.team_id,
        name=name,
        content_type=sniffed_type(received.head, name),
        size=received.size,
        sha256=received.sha256,
        storage_key=received.storage_key,
        created_by=principal.user_id,
        created_at=clock.utcnow(),
    )
    session.add(file)
    session.flush()
    return file


def attach(
    session: Session, principal: Principal, file_ids: Sequence[UUID], kind: FileSubject, subject_id: UUID
) -> list[StoredFile]:
    """Give the principal's own unattached files to a thing, in the order given. NotFound when one is not theirs."""
    wanted = list(dict.fromkeys(file_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} files at once.")
    if not wanted:
        return []
    rows = session.exec(
        select(StoredFile)
        .where(
            col(StoredFile.id).in_(wanted),
            StoredFile.created_by == principal.user_id,
            col(StoredFile.subject_kind).is_(None),
        )
        .with_for_update()
    ).all()
    if len(rows) != len(wanted):
        raise NotFound("One of those files is gone. Add it again.")
    for row in rows:
        row.subject_kind, row.subject_id, row.team_id = kind, subject_id, principal.team_id
        session.add(row)
    session.flush()
    return sorted(rows, key=lambda row: wanted.index(row.id))


def forget(session: Session, file: StoredFile) -> None:
    """Delete the row, and its bytes by a job. The caller has checked that the principal may."""
    queue.defer(session, FORGET, storage_keys=[file.storage_key])
    session.delete(file)
    session.flush()


def forget_mine(session: Session, principal: Principal, file_id: UUID) -> None:
    """Take back a file that one uploaded and attached to nothing. NotFound for any other."""
    file = session.get(StoredFile, file_id)
    if file is None or file.subject_kind is not None or file.created_by != principal.user_id:
        raise NotFound("That file is gone already.")
    forget(session, file)


def sweep(session: Session, now: datetime) -> int:
    """Forget files that were uploaded and never attached; says how many."""
    keys = session.exec(
        delete(StoredFile)
        .where(col(StoredFile.subject_kind).is_(None), col(StoredFile.created_at) < now - KEPT_UNATTACHED)
        .returning(col(StoredFile.storage_key))
    ).all()
    if keys:
        queue.defer(session, FORGET, storage_keys=[key for (key,) in keys])
    return len(keys)
