"""The files of a message: rows of the workspace's files, and what the message lists of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.models.files import FileSubject
from taskjuggler_app.models.receptionist import InboxItem


def add(session: Session, team_id: UUID, item_id: UUID, received: Received) -> dict[str, Any]:
    """A file of the message whose bytes are kept already; gives what the message lists, also when it is refused."""
    try:
        file = files.keep(session, Principal.system(team_id), received)
    except Invalid as error:
        return {"name": received.name[:200], "reason": error.message}
    file.subject_kind, file.subject_id = FileSubject.INBOX_ITEM, item_id
    session.add(file)
    session.flush()
    return {"name": file.name, "type": file.content_type, "size": file.size, "file_id": str(file.id)}


def show(session: Session, item_id: UUID, listed: Sequence[dict[str, Any]]) -> None:
    """Make `listed` the attachments of the message."""
    item = session.get_one(InboxItem, item_id)
    item.attachments = list(listed)
    session.add(item)
    session.flush()
    live.publish(session, topics.inbox_item(item_id))


def waiting(session: Session, item_id: UUID) -> list[tuple[int, str]]:
    """(place, address) of the attachments that are not fetched yet."""
    item = session.get(InboxItem, item_id)
    listed = item.attachments if item else []
    return [(at, str(one["url"])) for at, one in enumerate(listed) if isinstance(one, dict) and "url" in one]


def fetched(session: Session, item_id: UUID, place: int, outcome: Received | str) -> bool:
    """Put a fetched file, or the reason why there is none, in the place of its address.

    False when another run of the job was faster: the caller's bytes are then nobody's.
    """
    item = session.exec(select(InboxItem).where(InboxItem.id == item_id).with_for_update()).first()
    if item is None or place >= len(item.attachments) or "url" not in item.attachments[place]:
        return False
    before = item.attachments[place]
    if isinstance(outcome, str):
        listed: dict[str, Any] = {"name": before.get("name") or f"File {place + 1}", "reason": outcome}
    else:
        listed = add(session, item.team_id, item_id, outcome)
    if "kind" in before:
        listed["kind"] = before["kind"]
    item.attachments = [listed if at == place else one for at, one in enumerate(item.attachments)]
    session.add(item)
    live.publish(session, topics.inbox_item(item_id), topics.inbox(item.team_id))
    return True
