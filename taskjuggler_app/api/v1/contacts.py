"""Contact lists and the people on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Cursor, Given, Limit, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.contacts import queries, service
from taskjuggler_app.domain.contacts.queries import ContactRow, ListRow

router = APIRouter(prefix="/contact-lists", tags=["contacts"])
Reads = Annotated[Call, Depends(reads("contacts"))]
Writes = Annotated[Call, Depends(writes("contacts"))]
Changes = Annotated[Call, Depends(changes("contacts"))]


class NewList(Given):
    """A list of people."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Tenants"}]})
    name: Annotated[str, Text] = Field(min_length=1, max_length=100)
    description: Annotated[str, Text] = Field("", max_length=500)


class NewContact(Given):
    """Somebody; an email address or a phone number is needed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Ada", "email": "ada@example.com"}]})
    name: Annotated[str, Text] = Field("", max_length=200)
    email: Annotated[str, Text] = Field("", max_length=255)
    phone: Annotated[str, Text] = Field("", max_length=40)
    notes: Annotated[str, Text] = Field("", max_length=2000)


class Contacts(Given):
    """People for a list."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"contacts": [{"name": "Ada", "email": "ada@example.com"}]}]}
    )
    contacts: list[NewContact] = Field(min_length=1, max_length=200)


@router.get("", response_model=Listed[ListRow])
async def list_lists(call: Reads) -> Response:
    """The workspace's lists by name, with how many people are on each."""
    return await call.listed(ListRow, queries.lists)


@router.post("", status_code=201, response_model=ListRow)
async def create_list(new: NewList, call: Writes) -> Response:
    """A new, empty list."""
    return await call.write(ListRow, _create, new, status=201)


@router.get("/{list_id}", response_model=ListRow)
async def get_list(list_id: UUID, call: Reads) -> Response:
    """One list."""
    return await call.one(ListRow, queries.one_list, list_id)


@router.put("/{list_id}", response_model=ListRow)
async def change_list(list_id: UUID, new: NewList, call: Changes) -> Response:
    """Another name or description."""
    return await call.change(ListRow, queries.one_list, _change, list_id, new)


@router.delete("/{list_id}", status_code=204, response_class=Response)
async def delete_list(list_id: UUID, call: Changes) -> Response:
    """Delete a list; opt-outs stay."""
    return await call.change(None, queries.one_list, service.delete_list, list_id)


@router.get("/{list_id}/contacts", response_model=Listed[ContactRow])
async def list_contacts(
    list_id: UUID,
    call: Reads,
    q: Annotated[str, Text, Query(max_length=100)] = "",
    limit: Limit = queries.PAGE_SIZE,
    cursor: Cursor = "",
) -> Response:
    """The people on a list by name."""
    return await call.listed(ContactRow, queries.members, list_id, q, cursor, limit)


@router.post("/{list_id}/contacts", response_model=ListRow)
async def add_contact(list_id: UUID, new: NewContact, call: Writes) -> Response:
    """Put somebody on a list; who is on it already is merged. The answer is the list."""
    return await call.write(ListRow, _add, list_id, new)


@router.post("/{list_id}/contacts/bulk", response_model=ListRow)
async def add_contacts(list_id: UUID, many: Contacts, call: Writes) -> Response:
    """Put up to 200 people on a list: one that cannot be used refuses the lot. The answer is the list."""
    return await call.write(ListRow, _add_many, list_id, many.contacts)


@router.get("/{list_id}/contacts/{contact_id}", response_model=ContactRow)
async def get_contact(list_id: UUID, contact_id: UUID, call: Reads) -> Response:
    """Somebody on a list."""
    return await call.one(ContactRow, _contact, (list_id, contact_id))


@router.put("/{list_id}/contacts/{contact_id}", response_model=ContactRow)
async def change_contact(list_id: UUID, contact_id: UUID, new: NewContact, call: Changes) -> Response:
    """Replace what is known of somebody. 409 when another one of the list has that address."""
    return await call.change(ContactRow, _contact, _change_contact, (list_id, contact_id), new)


@router.delete("/{list_id}/contacts/{contact_id}", status_code=204, response_class=Response)
async def remove_contact(list_id: UUID, contact_id: UUID, call: Changes) -> Response:
    """Take somebody off a list."""
    return await call.change(None, _contact, _remove_contact, (list_id, contact_id))


def _contact(session: Session, principal: Principal, place: tuple[UUID, UUID]) -> ContactRow:
    return queries.one_member(session, principal, *place)


def _change_contact(session: Session, principal: Principal, place: tuple[UUID, UUID], new: NewContact) -> ContactRow:
    _contact(session, principal, place)
    service.change_member(session, principal, place[1], new.model_dump())
    session.flush()
    return _contact(session, principal, place)


def _remove_contact(session: Session, principal: Principal, place: tuple[UUID, UUID]) -> None:
    _contact(session, principal, place)
    service.remove_member(session, principal, place[1])


def _change(session: Session, principal: Principal, list_id: UUID, new: NewList) -> ListRow:
    service.change_list(session, principal, list_id, new.name, new.description)
    session.flush()
    return queries.one_list(session, principal, list_id)


def _add_many(session: Session, principal: Principal, list_id: UUID, many: list[NewContact]) -> ListRow:
    for one in many:
        service.add_member(session, principal, list_id, one.model_dump())
    session.flush()
    return queries.one_list(session, principal, list_id)


def _create(session: Session, principal: Principal, new: NewList) -> ListRow:
    made = service.create_list(session, principal, new.name, new.description)
    session.flush()
    return queries.one_list(session, principal, made.id)


def _add(session: Session, principal: Principal, list_id: UUID, new: NewContact) -> ListRow:
    service.add_member(session, principal, list_id, new.model_dump())
    session.flush()
    return queries.one_list(session, principal, list_id)
