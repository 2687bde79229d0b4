"""Manager's Monday by mail: on whose Monday morning, what it says, and once whoever runs the tick."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.domain.analytics import mailing
from taskjuggler_app.domain.analytics.board import board
from taskjuggler_app.models import User
from tests import factories as make
from tests.domain.analytics.world import WEEK, world

EVE = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
"""The Sunday on which New York's clocks went forward."""


@pytest.mark.parametrize(
    ("zone", "after", "monday"),
    [
        ("America/New_York", EVE, datetime(2026, 3, 9, 11, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 1, 12, 0, tzinfo=UTC), datetime(2026, 3, 2, 12, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 9, 11, 0, tzinfo=UTC), datetime(2026, 3, 16, 11, 0, tzinfo=UTC)),
        ("Pacific/Auckland", EVE, datetime(2026, 3, 8, 18, 0, tzinfo=UTC)),
        ("UTC", datetime(2026, 3, 9, 6, 59, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
    ],
)
def test_it_comes_on_monday_at_seven_on_the_persons_clock(zone: str, after: datetime, monday: datetime) -> None:
    assert mailing.next_monday(zone, after) == monday


def test_two_schedulers_queue_each_mail_once(database_url: str) -> None:
    with transaction() as session, clock.at(EVE):
        owner = make.make_owner(session)
        mailing.choose(session, owner, True)
        mailing.choose(session, owner, True)
        assert mailing.is_chosen(session, owner)
    late = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    with transaction() as first:
        assert mailing.queue_due(first, late) == 1
        with transaction() as second:
            assert mailing.queue_due(second, late) == 0
    with transaction() as session:
        assert mailing.queue_due(session, late) == 0
        waiting = make.jobs(session, mailing.MAIL)
    assert waiting == [{"user_id": str(owner.user_id), "team_id": str(owner.team_id), "monday": "2026-03-09"}]
    with transaction() as session:
        assert mailing.queue_due(session, datetime(2026, 3, 16, 7, 0, tzinfo=UTC)) == 1


def test_the_mail_has_the_numbers_of_the_page_and_goes_out_once(session: Session) -> None:
    owner = world(session, 1)
    assert owner.user_id is not None
    session.get_one(User, owner.user_id).name = "<b>"
    monday = datetime(2026, 3, 9, tzinfo=UTC).date()
    with clock.at(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)):  # late, and of the same week for all that
        assert mailing.send(session, owner.user_id, owner.team_id, monday)
        assert not mailing.send(session, owner.user_id, owner.team_id, monday)
        page = board(session, owner, "monday", WEEK)
    (mail,) = make.jobs(session, "mail.send")
    assert mail["to"] == owner.email
    for tile in page.tiles:
        assert tile.title in mail["text"]
        assert all(f"{line.label}: {line.text}" in mail["text"] for line in tile.lines)
        assert all(f">{line.text}</td>" in mail["html"] for line in tile.lines)
    assert "/monday?from=2026-03-02&amp;to=2026-03-08" in mail["html"]


def test_who_left_or_chose_otherwise_gets_none(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    assert stranger.user_id is not None
    monday = datetime(2026, 3, 9, tzinfo=UTC).date()
    assert not mailing.send(session, stranger.user_id, owner.team_id, monday)
    mailing.choose(session, owner, True)
    mailing.choose(session, owner, False)
    assert not mailing.is_chosen(session, owner)
    assert mailing.queue_due(session, datetime(2099, 1, 1, tzinfo=UTC)) == 0
    assert make.jobs(session, "mail.send") == []


def test_it_can_be_had_at_once_by_who_has_confirmed_their_address(session: Session) -> None:
    owner = world(session, 1)
    user = session.get_one(User, owner.user_id)
    user.email_verified_at = None
    with clock.at(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        with pytest.raises(Conflict, match="Confirm"):
            mailing.send_now(session, owner)
        user.email_verified_at = EVE
        assert mailing.send_now(session, owner) == user.email
        with pytest.raises(Conflict, match="a moment ago"):
            mailing.send_now(session, owner)
        mailing.send_now(session, make.make_colleague(session, owner))
    mine, _theirs = make.jobs(session, "mail.send")
    assert (mine["to"], "2026-03-05 to 2026-03-11" in mine["text"]) == (user.email, True)
