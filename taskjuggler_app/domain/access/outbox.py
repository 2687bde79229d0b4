"""The outbox of an installation without vendors: what would have gone out, reset links included, for operators."""

import re
from dataclasses import dataclass, field

from sqlmodel import Session, col, or_, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.models.outbox import OutboxKind, OutboxMessage

PAGE_SIZE = 50
_LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass
class OutboxRow:
    """A mail or a text as it would have gone out; `at` is ISO 8601 in UTC, `links` are those in its words."""

    id: str = ""
    kind: str = "email"
    address: str = ""
    subject: str = ""
    body: str = ""
    at: str = ""
    links: list[str] = field(default_factory=list)


def page(
    session: Session, principal: Principal, *, kind: str = "", text: str = "", cursor: str = ""
) -> Page[OutboxRow]:
    """What was kept, newest first. NotFound for anybody but an operator."""
    if not is_operator(principal):
        raise NotFound("Only those who run this installation see its outbox.")
    query = select(OutboxMessage).order_by(col(OutboxMessage.created_at).desc(), col(OutboxMessage.id).desc())
    if kind in list(OutboxKind):
        query = query.where(OutboxMessage.kind == OutboxKind(kind))
    if words := text.strip():
        like = "%" + re.sub(r"([%_\\])", r"\\\1", words) + "%"
        fields = (col(OutboxMessage.to_address), col(OutboxMessage.subject), col(OutboxMessage.body))
        query = query.where(or_(*(one.ilike(like) for one in fields)))
    if cursor:
        after = Cursor.parse(cursor)
        query = query.where(
            (col(OutboxMessage.created_at) < after.at)
            | ((col(OutboxMessage.created_at) == after.at) & (col(OutboxMessage.id) < after.id))
        )
    found = session.exec(query.limit(PAGE_SIZE + 1)).all()
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return Page([_row(one) for one in found[:PAGE_SIZE]], Cursor(last.created_at, last.id).dump() if last else "")


def _row(message: OutboxMessage) -> OutboxRow:
    return OutboxRow(
        id=str(message.id),
        kind=message.kind.value,
        address=message.to_address,
        subject=message.subject or "",
        body=message.body,
        at=message.created_at.isoformat(),
        links=[link.rstrip(".,)") for link in _LINK.findall(message.body)][:5],
    )
