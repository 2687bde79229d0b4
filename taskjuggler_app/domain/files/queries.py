"""Reading files: who may read which, and what lists of them show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files.naming import SHOWN_INLINE
from taskjuggler_app.models.files import FileSubject, StoredFile
from taskjuggler_app.models.messaging import DirectMessage
from taskjuggler_app.models.teams import TeamMember

_GONE = "That file does not exist, or it is not yours to see."


@dataclass
class FileRow:
    """A file in a list; `size` is worded for people, `is_image` says that `href` can be shown."""

    id: str = ""
    name: str = ""
    content_type: str = ""
    size: str = ""
    href: str = ""
    is_image: bool = False
    is_audio: bool = False


def readable(session: Session, principal: Principal, file_id: UUID) -> StoredFile:
    """The file, if the principal may read it; NotFound otherwise.

    Members of its workspace read what belongs to a task or a message; only the two people of a direct message read
    its files; only the uploader reads what belongs to nothing yet.
    """
    file = session.get(StoredFile, file_id)
    if file is None or not _may_read(session, principal, file):
        raise NotFound(_GONE)
    return file


def of_subjects(session: Session, kind: FileSubject, subject_ids: Iterable[UUID]) -> dict[UUID, list[FileRow]]:
    """The files of each thing, oldest first. The caller has checked that the things are the principal's to see."""
    ids = list(subject_ids)
    found: dict[UUID, list[FileRow]] = defaultdict(list)
    if ids:
        query = select(StoredFile).where(StoredFile.subject_kind == kind, col(StoredFile.subject_id).in_(ids))
        for file in session.exec(query.order_by(col(StoredFile.created_at), col(StoredFile.id))):
            if file.subject_id is not None:
                found[file.subject_id].append(file_row(file))
    return found


def file_row(file: StoredFile) -> FileRow:
    """A file as lists show it."""
    return FileRow(
        id=str(file.id),
        name=file.name,
        content_type=file.content_type,
        size=worded_size(file.size),
        href=f"/files/{file.id}",
        is_image=file.content_type.startswith("image/") and file.content_type in SHOWN_INLINE,
        is_audio=file.content_type.startswith("audio/") and file.content_type in SHOWN_INLINE,
    )


def worded_size(size: int) -> str:
    """Bytes for people: "512 B", "34 kB", "2.1 MB" (decimal units)."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _may_read(session: Session, principal: Principal, file: StoredFile) -> bool:
    if file.subject_kind is FileSubject.PROFILE:
        return _shares_workspace(session, principal, file.subject_id)
    if file.subject_kind in (None, FileSubject.EXPORT):
        return principal.user_id is not None and file.created_by == principal.user_id
    if file.subject_kind is FileSubject.DIRECT_MESSAGE:
        message = session.get(DirectMessage, file.subject_id)
        return message is not None and principal.user_id in (message.sender_id, message.recipient_id)
    return file.team_id == principal.team_id


def _shares_workspace(session: Session, principal: Principal, user_id: UUID | None) -> bool:
    mine = select(TeamMember.team_id).where(TeamMember.user_id == principal.user_id)
    shared = select(TeamMember.id).where(TeamMember.user_id == user_id, col(TeamMember.team_id).in_(mine))
    return principal.user_id is not None and session.exec(shared.limit(1)).first() is not None
