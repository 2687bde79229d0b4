"""Channels: a number belongs to one place at a time, and only admins say where."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlmodel import Session

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.receptionist import channels, queries
from taskjuggler_app.models import AssistantChannel
from taskjuggler_app.models.receptionist import ChannelType
from tests import factories as make

NUMBER, OTHER = "+12075550100", "+12075550101"


def connect(session: Session, principal: Principal, number: str = NUMBER, name: str = "Main line") -> AssistantChannel:
    """A channel on the number."""
    return channels.create(session, principal, name=name, phone_number=number)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+12075550100", NUMBER),
        ("(207) 555-0100", NUMBER),
        ("207.555.0100", NUMBER),
        (" +1 207 555 0100 ", NUMBER),
        ("+44 20 7946 0958", "+442079460958"),
        ("+1 207 555 0100 ext. 5", NUMBER),
        ("٢٠٧٥٥٥٠١٠٠", NUMBER),
    ],
)
def test_a_number_is_kept_as_carriers_write_it(written: str, meant: str) -> None:
    assert channels.e164(written) == meant


@pytest.mark.parametrize("text", ["", "   ", "call me", "12", "+999 1", "5" * 40, "+", "\0", "\ud800", "🦉"])
def test_what_is_no_number_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        channels.e164(text)
    assert refused.value.field == "phone_number"


@pytest.mark.parametrize("name", ["", " \n ", "x" * 51])
def test_a_channel_needs_a_name(session: Session, name: str) -> None:
    owner = make.make_owner(session)
    with pytest.raises(Invalid) as refused:
        connect(session, owner, name=name)
    assert refused.value.field == "name"
    assert connect(session, owner, name="  The   front\ndesk ").name == "The front desk"


def test_a_number_in_use_is_taken_here_and_elsewhere(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    connect(session, owner)
    for principal in (owner, stranger):
        with pytest.raises(Conflict, match="connected already"):
            connect(session, principal, "(207) 555-0100")
    with pytest.raises(Conflict):
        channels.create(session, stranger, name="Voice", phone_number=NUMBER, kind=ChannelType.PHONE)
    assert [row.phone_number for row in queries.channels(session, owner)] == [NUMBER]
    assert queries.channels(session, stranger) == []


def test_a_paused_number_is_free_and_cannot_come_back_while_another_uses_it(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    first = connect(session, owner)
    channels.set_active(session, owner, first.id, False)
    assert channels.by_number(session, NUMBER) is None
    second = connect(session, stranger)
    found = channels.by_number(session, NUMBER)
    assert found is not None
    assert found.id == second.id
    with pytest.raises(Conflict), session.begin_nested():
        channels.set_active(session, owner, first.id, True)
    channels.set_active(session, stranger, second.id, False)
    channels.set_active(session, owner, first.id, True)
    found = channels.by_number(session, NUMBER)
    assert found is not None
    assert found.id == first.id


def test_a_number_takes_calls_and_texts_whatever_it_was_connected_for(session: Session) -> None:
    made = channels.create(session, make.make_owner(session), name="Voice", phone_number=NUMBER, kind=ChannelType.PHONE)
    assert channels.by_number(session, NUMBER) == made


def test_of_two_who_connect_a_number_at_once_one_gets_it(database_url: str) -> None:
    with transaction() as session:
        owners = [make.make_owner(session) for _ in range(8)]

    def race(owner: Principal) -> bool:
        try:
            with transaction() as session:
                connect(session, owner)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(race, owners)) == 1
    with transaction() as session:
        assert sum(len(queries.channels(session, owner)) for owner in owners) == 1
        assert cases.verify(session) is None


def test_a_changed_channel_keeps_its_messages_and_gives_its_number_back(session: Session) -> None:
    owner = make.make_owner(session)
    channel = connect(session, owner)
    make.make_item(session, channel)
    channels.update(session, owner, channel.id, name="Front desk", phone_number=OTHER)
    (row,) = queries.channels(session, owner)
    assert (row.name, row.phone_number, row.messages, row.responsible) == ("Front desk", OTHER, 1, owner.name)
    connect(session, owner)
    with pytest.raises(Conflict), session.begin_nested():
        channels.update(session, owner, channel.id, name="Front desk", phone_number=NUMBER)


Verb = Callable[[Session, Principal, UUID], object]
VERBS: dict[str, Verb] = {
    "update": lambda s, p, c: channels.update(s, p, c, name="Mine now", phone_number=OTHER),
    "pause": lambda s, p, c: channels.set_active(s, p, c, False),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_only_admins_of_the_workspace_change_a_channel(session: Session, verb: Verb) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    channel = connect(session, owner)
    with pytest.raises(Forbidden):
        verb(session, colleague, channel.id)
    with pytest.raises(NotFound):
        verb(session, stranger, channel.id)
    (row,) = queries.channels(session, owner)
    assert (row.name, row.phone_number, row.is_active) == ("Main line", NUMBER, True)


def test_neither_members_nor_the_system_connect_numbers(session: Session) -> None:
    owner = make.make_owner(session)
    for principal in (make.make_colleague(session, owner), Principal.system(owner.team_id)):
        with pytest.raises(Forbidden):
            connect(session, principal)


def test_the_log_tells_what_became_of_a_channel(session: Session) -> None:
    owner = make.make_owner(session)
    channel = connect(session, owner)
    channels.update(session, owner, channel.id, name="Front desk", phone_number=OTHER)
    channels.set_active(session, owner, channel.id, False)
    channels.set_active(session, owner, channel.id, True)
    session.commit()
    events = cases.thread(session, owner, {"channel": channel.id})
    assert [(event.kind.removeprefix("channel."), event.data["number"]) for event in events] == [
        ("created", NUMBER),
        ("changed", OTHER),
        ("paused", OTHER),
        ("resumed", OTHER),
    ]
