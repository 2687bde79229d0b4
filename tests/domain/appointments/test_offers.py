"""Times offered to one person: held, taken by a link, and let go together."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.domain.appointments import booking, links, offers, openings
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.appointments.taking import Taken
from taskjuggler_app.domain.receptionist import offering, replies
from taskjuggler_app.models import Appointment, AppointmentStatus
from tests.factories import NOON, make_channel, make_item, make_owner, make_type

ROSA = Guest(name="Rosa Delgado", email="rosa@example.com")
TEN = int(datetime(2026, 3, 3, 10, 0, tzinfo=UTC).timestamp())
TIMES = [TEN, TEN + 7200, TEN + 86_400]


def _held(session: Session) -> list[Appointment]:
    return list(session.exec(select(Appointment).where(Appointment.status == AppointmentStatus.HELD)))


def test_offered_times_are_kept_for_a_day_and_one_of_them_is_booked_by_its_link(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    lines = offers.hold(session, owner, kind.id, TIMES, "message 1", NOON)
    free = openings.find(session, NOON, type_id=kind.id).starts()
    assert not set(TIMES) & set(free)
    token = lines[1].partition("?offer=")[2]
    made = offers.held(session, links.read(token, NOON), NOON)
    booked = booking.confirm(session, made.id, ROSA, NOON + timedelta(hours=5))
    assert (booked.status, booked.start_time.hour) == (AppointmentStatus.SCHEDULED, 12)
    assert _held(session) == []
    with pytest.raises(Conflict):
        offers.held(session, links.read(token, NOON), NOON)


def test_an_offer_runs_out_and_a_new_one_takes_the_place_of_the_old(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    offers.hold(session, owner, kind.id, TIMES, "message 1", NOON)
    offers.hold(session, owner, kind.id, [TEN], "message 1", NOON)
    (made,) = _held(session)
    with pytest.raises(Conflict):
        offers.held(session, made.id, NOON + timedelta(hours=25))
    assert booking.sweep(session, NOON + timedelta(hours=25)) == 1


def test_when_one_time_is_gone_nothing_is_offered(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    booking.book(session, kind.booking_slug, TEN + 7200, ROSA, NOON)
    with pytest.raises(Taken), session.begin_nested():
        offers.hold(session, owner, kind.id, TIMES, "message 1", NOON)
    assert _held(session) == []
    with pytest.raises(Invalid):
        offers.hold(session, owner, kind.id, [], "message 1", NOON)
    with pytest.raises(NotFound):
        offers.hold(session, make_owner(session), kind.id, [TEN], "message 1", NOON)


def test_an_answer_offers_times_that_fit_the_message(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    item = make_item(
        session,
        make_channel(session, owner),
        from_identifier="+12075550110",
        extracted_data={"dates": [{"value": "2026-03-05"}], "times": [{"value": "14:00"}]},
    )
    choice = offering.choice(session, owner, item.id, None, NOON)
    assert next(one for one in choice.times if one.second in choice.best).label.startswith("Thu 5 Mar 2026, 13:30")
    chosen = [int(one) for one in choice.best]
    message = offering.answer(session, owner, item.id, kind.id, chosen, "Hello Rosa,", NOON)
    assert message.body.startswith("Hello Rosa,\n\nThu 5 Mar 2026, 13:30")
    assert message.body.count("?offer=") == len(_held(session)) == 3
    assert [one.id for one in replies.of_item(session, owner, item.id)] == [message.id]
    with pytest.raises(NotFound):
        offering.choice(session, make_owner(session), item.id, None, NOON)
