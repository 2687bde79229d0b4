"""Reading contact lists, and who is on which."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, or_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.paging import Page, ordered_page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.sheets import harmless
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.contacts import optouts, policy, service
from taskjuggler_app.models.contacts import ContactChannel, ContactList, ContactListMember

PAGE_SIZE = 50


@dataclass
class ListRow:
    """A contact list in the overview."""

    id: str = ""
    name: str = ""
    description: str = ""
    size: int = 0
    editable: bool = False


@dataclass
class ContactRow:
    """Somebody on a list; `stopped` says on which channels they opted out."""

    id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""
    more: str = ""
    stopped: str = ""


@dataclass(frozen=True)
class ListName:
    """A list that somebody is on."""

    id: UUID
    name: str


def lists(session: Session, principal: Principal) -> list[ListRow]:
    """The workspace's lists by name, with how many people are on each."""
    size = (
        select(func.count())
        .where(ContactListMember.contact_list_id == ContactList.id)
        .correlate(ContactList)
        .scalar_subquery()
    )
    rows = session.exec(
        select(ContactList, size).where(ContactList.team_id == principal.team_id).order_by(func.lower(ContactList.name))
    )
    return [_list_row(principal, row, count) for row, count in rows]


def one_list(session: Session, principal: Principal, list_id: UUID) -> ListRow:
    """One list. NotFound when it is not the workspace's."""
    found = service.visible(session, principal, list_id)
    size = session.exec(
        select(func.count()).select_from(ContactListMember).where(ContactListMember.contact_list_id == list_id)
    ).one()
    return _list_row(principal, found, size)


def members(
    session: Session, principal: Principal, list_id: UUID, text: str = "", cursor: str = "", size: int = PAGE_SIZE
) -> Page[ContactRow]:
    """A page of the list's people by name, those that `text` is part of. Invalid for a strange cursor."""
    service.visible(session, principal, list_id)
    query = select(ContactListMember).where(ContactListMember.contact_list_id == list_id)
    if text:
        like = f"%{_escaped(text)}%"
        columns = (ContactListMember.name, ContactListMember.email, ContactListMember.phone, ContactListMember.notes)
        query = query.where(or_(*[col(column).ilike(like) for column in columns]))
    keys = (func.lower(col(ContactListMember.name), type_=String), col(ContactListMember.id))
    found = ordered_page(session, query, keys, cursor, size)
    shown = [row[0] for row in found.rows]
    stopped = _stopped(session, principal, shown)
    return Page([_contact_row(member, stopped) for member in shown], found.next_cursor)


def one_member(session: Session, principal: Principal, list_id: UUID, member_id: UUID) -> ContactRow:
    """Somebody on a list. NotFound otherwise."""
    service.visible(session, principal, list_id)
    member = session.get(ContactListMember, member_id)
    if member is None or member.contact_list_id != list_id:
        raise NotFound
    return _contact_row(member, _stopped(session, principal, [member]))


def lists_of(session: Session, team_id: UUID, identifiers: Iterable[str]) -> list[ListName]:
    """The workspace's lists that any of these emails or phones (in any spelling) is on, by name: for the rules."""
    emails: list[str] = []
    phones: list[str] = []
    for identifier in identifiers:
        for spell, into in ((normalise_email, emails), (normalise_phone, phones)):
            try:
                into.append(spell(identifier))
            except Invalid:
                continue
    if not emails and not phones:
        return []
    rows = session.exec(
        select(ContactList.id, ContactList.name)
        .join(ContactListMember, col(ContactListMember.contact_list_id) == col(ContactList.id))
        .where(
            ContactList.team_id == team_id,
            or_(col(ContactListMember.email).in_(emails), col(ContactListMember.phone).in_(phones)),
        )
        .distinct()
        .order_by(ContactList.name)
    )
    return [ListName(list_id, name) for list_id, name in rows]


def export_csv(session: Session, principal: Principal, list_id: UUID) -> tuple[str, str]:
    """The list's name and its people as CSV, which an import reads back. A sheet runs none of it as a formula."""
    found = service.visible(session, principal, list_id)
    people = session.exec(
        select(ContactListMember)
        .where(ContactListMember.contact_list_id == list_id)
        .order_by(func.lower(ContactListMember.name), col(ContactListMember.id))
    ).all()
    extra = sorted({key for member in people for key in member.meta})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Name", "Email", "Phone", "Notes", *map(harmless, extra)])
    for member in people:
        kept = [member.meta.get(key, "") for key in extra]
        cells = [", ".join(map(str, cell)) if isinstance(cell, list) else str(cell) for cell in kept]
        texts = [harmless(cell) for cell in (member.notes or "", *cells)]
        writer.writerow([harmless(member.name), member.email or "", member.phone or "", *texts])
    return found.name, out.getvalue()


def _list_row(principal: Principal, row: ContactList, size: int) -> ListRow:
    return ListRow(str(row.id), row.name, row.description or "", size, policy.can_edit_list(principal, row.user_id))


def _contact_row(member: ContactListMember, stopped: dict[str, str]) -> ContactRow:
    texts = (f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in member.meta.items())
    said = [stopped[address] for address in (member.email, member.phone) if address in stopped]
    return ContactRow(
        id=str(member.id),
        name=member.name,
        email=member.email or "",
        phone=member.phone or "",
        notes=member.notes or "",
        more=" · ".join(texts)[:300],
        stopped=" and ".join(said),
    )


def _stopped(session: Session, principal: Principal, shown: Iterable[ContactListMember]) -> dict[str, str]:
    people = list(shown)
    emails = [member.email for member in people if member.email]
    phones = [member.phone for member in people if member.phone]
    no_mail = optouts.opted_out_among(session, principal.team_id, ContactChannel.EMAIL, emails)
    no_texts = optouts.opted_out_among(session, principal.team_id, ContactChannel.SMS, phones)
    return {**dict.fromkeys(no_mail, "emails"), **dict.fromkeys(no_texts, "texts")}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
