"""What the database itself refuses, whoever writes to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models import (
    Actor,
    ActorType,
    ChannelType,
    Conversation,
    EstablishedVia,
    MarketplaceVendor,
    Notification,
    Relationship,
    RelationshipType,
    SourceType,
    TeamMember,
    VendorType,
)
from tests import factories as make
from tests.factories import NOON


@pytest.fixture
def alice(session: Session) -> Principal:
    return make.make_owner(session)


@contextmanager
def refused(session: Session, constraint: str) -> Iterator[None]:
    """The block's writes break exactly this constraint."""
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        yield
        session.flush()
    assert isinstance(caught.value.orig, psycopg.Error)
    assert caught.value.orig.diag.constraint_name == constraint


@pytest.mark.parametrize(
    ("table", "column", "constraint"),
    [
        ("tasks", "status", "ck_tasks_task_status"),
        ("tasks", "priority", "ck_tasks_priority"),
        ("tasks", "source_type", "ck_tasks_source_type"),
        ("inbox_items", "status", "ck_inbox_items_inbox_status"),
        ("inbox_items", "processing_status", "ck_inbox_items_processing_status"),
        ("inbox_items", "source_type", "ck_inbox_items_source_type"),
        ("assistant_channels", "channel_type", "ck_assistant_channels_channel_type"),
        ("users", "plan", "ck_users_plan"),
        ("profiles", "type", "ck_profiles_profile_type"),
    ],
)
def test_a_word_outside_the_value_list_is_refused(
    session: Session, alice: Principal, table: str, column: str, constraint: str
) -> None:
    make.make_task(session, alice)
    make.make_item(session, make.make_channel(session, alice))
    with refused(session, constraint):
        session.execute(text(f"UPDATE {table} SET {column} = 'nonsense'"))  # noqa: S608  # names from the list above


@pytest.mark.parametrize("kind", ["web", "api"])
def test_our_own_doors_are_in_the_value_lists(session: Session, alice: Principal, kind: str) -> None:
    channel = make.make_channel(session, alice, channel_type=ChannelType(kind), phone_number=None)
    item = make.make_item(session, channel, source_type=SourceType(kind))
    session.expire_all()
    assert (channel.channel_type, item.source_type) == (kind, kind)


def test_a_task_has_at_most_one_doer(session: Session, alice: Principal) -> None:
    member = session.exec(select(TeamMember).where(TeamMember.user_id == alice.user_id)).one()
    vendor = MarketplaceVendor(vendor_type=VendorType.HUMAN, name="Plumber")
    session.add(vendor)
    session.flush()
    doers = {"owner_id": alice.user_id, "team_member_id": member.id, "marketplace_vendor_id": vendor.id}
    for name, value in doers.items():
        assert make.make_task(session, alice, **{name: value}).id
    for left_out in doers:
        with refused(session, "ck_tasks_one_doer"):
            make.make_task(session, alice, **{name: value for name, value in doers.items() if name != left_out})


@pytest.mark.parametrize("kind", [ChannelType.SMS, ChannelType.PHONE])
def test_two_active_channels_cannot_share_a_number(session: Session, alice: Principal, kind: ChannelType) -> None:
    first = make.make_channel(session, alice, phone_number="+12075550199")
    stranger = make.make_owner(session)
    with refused(session, "uq_channels_active_phone"):
        make.make_channel(session, stranger, phone_number="+12075550199", channel_type=kind)
    first.is_active = False
    second = make.make_channel(session, stranger, phone_number="+12075550199", channel_type=kind)
    with refused(session, "uq_channels_active_phone"):
        first.is_active = True
    assert second.is_active


def test_two_active_channels_cannot_share_an_address_however_it_is_written(session: Session, alice: Principal) -> None:
    email: dict[str, Any] = {"channel_type": ChannelType.EMAIL, "phone_number": None}
    make.make_channel(session, alice, email_address="desk@example.com", **email)
    with refused(session, "uq_channels_active_email"):
        make.make_channel(session, alice, email_address="Desk@Example.com", **email)
    make.make_channel(session, alice, email_address="Desk@Example.com", is_active=False, **email)


def test_channels_without_a_number_do_not_collide(session: Session, alice: Principal) -> None:
    for _ in range(2):
        make.make_channel(session, alice, channel_type=ChannelType.WEB, phone_number=None)


def test_a_redelivered_message_is_the_same_message_on_that_channel_only(session: Session, alice: Principal) -> None:
    one = make.make_channel(session, alice, phone_number="+12075550181")
    other = make.make_channel(session, alice, phone_number="+12075550182")
    make.make_item(session, one, source_id="SM1")
    make.make_item(session, other, source_id="SM1")
    for _ in range(2):
        make.make_item(session, one, source_id=None)
    with refused(session, "uq_inbox_channel_source"):
        make.make_item(session, one, source_id="SM1")


def test_a_message_becomes_one_task_and_the_task_outlives_it(session: Session, alice: Principal) -> None:
    item = make.make_item(session, make.make_channel(session, alice))
    task = make.make_task(session, alice, inbox_item_id=item.id)
    with refused(session, "uq_tasks_inbox_item_id"):
        make.make_task(session, alice, inbox_item_id=item.id)
    session.delete(item)
    session.flush()
    session.refresh(task)
    assert task.inbox_item_id is None


def test_two_actors_have_one_relationship_and_one_conversation_in_either_order(session: Session) -> None:
    a, b = (Actor(actor_type=ActorType.HUMAN, display_name=name) for name in "ab")
    session.add_all([a, b])
    session.flush()
    known: dict[str, Any] = {"relationship_type": RelationshipType.PEER, "established_via": EstablishedVia.INVITATION}
    session.add(Relationship(actor_a_id=a.id, actor_b_id=b.id, **known))
    session.add(Conversation(actor_a_id=a.id, actor_b_id=b.id))
    session.flush()
    with refused(session, "uq_relationships_pair"):
        session.add(Relationship(actor_a_id=b.id, actor_b_id=a.id, **known))
    with refused(session, "uq_conversations_pair"):
        session.add(Conversation(actor_a_id=b.id, actor_b_id=a.id))


def test_a_notification_with_the_same_key_is_not_repeated(session: Session, alice: Principal) -> None:
    key = str(uuid4())
    about: dict[str, Any] = {"user_id": alice.user_id, "type": "message", "title": "t", "message": "m"}
    session.add(Notification(dedupe_key=key, **about))
    session.add_all([Notification(**about), Notification(**about)])
    session.flush()
    with refused(session, "uq_notifications_dedupe_key"):
        session.add(Notification(dedupe_key=key, **about))


def test_a_change_moves_updated_at_only(session: Session, alice: Principal) -> None:
    task = make.make_task(session, alice, created_at=NOON, updated_at=NOON)
    task.title = "Fix the faucet in 4B"
    session.flush()
    session.refresh(task)
    assert task.created_at == NOON
    assert task.updated_at > NOON + timedelta(days=1)
