"""Booking on the real database: held, confirmed, moved, cancelled, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg.errors
import pytest
from icalendar import Calendar
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.domain.appointments import (
    announcing,
    booking,
    changing,
    guests,
    links,
    openings,
    public,
    reminders,
    schedules,
    types,
)
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.appointments.spec import WEEKDAYS
from taskjuggler_app.domain.appointments.taking import Taken
from taskjuggler_app.models import Appointment, AppointmentReminder, AppointmentStatus, AppointmentType
from taskjuggler_app.models.appointments import AppointmentHost, busy_range
from taskjuggler_app.models.notifications import Notification
from tests.factories import NOON, make_colleague, make_owner, make_type

ROSA = Guest(name="Rosa Delgado", email="rosa@example.com", phone="+12075550110", zone="America/New_York")
TEN = int(datetime(2026, 3, 3, 10, 0, tzinfo=UTC).timestamp())


def _jobs(session: Session, name: str) -> list[dict[str, str]]:
    query = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")
    return list(session.execute(query, {"name": name}).scalars())


def _free(session: Session, kind: AppointmentType, now: datetime) -> list[int]:
    return openings.find(session, now, type_id=kind.id).starts()


def _told(session: Session) -> None:
    """Run what was queued to tell people, as the worker does."""
    for args in _jobs(session, announcing.TELL):
        announcing.tell(session, UUID(args["appointment_id"]), args["what"], int(args["sequence"]), args["actor"])


def test_a_booking_mails_an_invitation_and_plans_the_reminders(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON - timedelta(days=2))
    assert (made.status, made.start_time) == (AppointmentStatus.SCHEDULED, datetime(2026, 3, 3, 10, tzinfo=UTC))
    _told(session)
    (mail,) = _jobs(session, "mail.send")
    assert mail["to"] == "rosa@example.com"
    assert "/appointment/" in mail["text"]
    (event,) = Calendar.from_ical(mail["invitation"]).walk("VEVENT")
    assert (str(event["uid"]).split("@")[0], event["sequence"]) == (f"appointment-{made.id}", 0)
    due = session.exec(select(AppointmentReminder.kind, AppointmentReminder.due_at)).all()
    assert {(str(by), made.start_time - at) for by, at in due} == {
        ("email", timedelta(days=1)),
        ("sms", timedelta(hours=1)),
    }


def test_a_taken_time_answers_with_the_nearest_free_ones(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    with pytest.raises(Taken) as refused:
        booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    assert refused.value.nearest == [TEN - 3600, TEN - 1800, TEN + 1800]


def test_buffers_count_across_types_and_in_the_database_itself(session: Session) -> None:
    owner = make_owner(session)
    plain, wide = make_type(session, owner), make_type(session, owner, buffer_before_minutes=30)
    made = booking.book(session, plain.booking_slug, TEN, ROSA, NOON)
    with pytest.raises(Taken):
        booking.book(session, wide.booking_slug, TEN + 1800, ROSA, NOON)
    start = made.start_time + timedelta(minutes=29)
    twin = Appointment(
        appointment_type_id=wide.id, team_id=made.team_id, host_id=made.host_id, start_time=start,
        end_time=start + timedelta(minutes=5), busy=busy_range(start, start + timedelta(minutes=5)),
    )  # fmt: skip
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.add(twin)
        session.flush()
    assert isinstance(refused.value.orig, psycopg.errors.ExclusionViolation)


def test_a_held_time_is_gone_for_others_until_it_runs_out(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    held = booking.hold(session, kind.booking_slug, TEN, "a visitor", NOON)
    assert TEN not in _free(session, kind, NOON)
    with pytest.raises(Taken):
        booking.hold(session, kind.booking_slug, TEN, "another", NOON)
    later = NOON + timedelta(minutes=11)
    assert TEN in _free(session, kind, later)
    booking.hold(session, kind.booking_slug, TEN, "another", later)
    with pytest.raises(Conflict):
        booking.confirm(session, held.id, ROSA, later)


def test_a_hold_that_ran_out_can_still_be_confirmed_while_nobody_took_the_time(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    held = booking.hold(session, kind.booking_slug, TEN, "a visitor", NOON)
    made = booking.confirm(session, held.id, ROSA, NOON + timedelta(minutes=30))
    assert made.status is AppointmentStatus.SCHEDULED


def test_one_visitor_cannot_hold_everything(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    for place in range(4):
        booking.hold(session, kind.booking_slug, TEN + place * 1800, guests.visitor_key("192.0.2.1", "tab"), NOON)
    assert len(session.exec(select(Appointment)).all()) == 1
    others = [make_type(session, make_owner(session)) for _ in range(booking.MOST_HOLDS)]
    with pytest.raises(LimitReached):
        for other in others:
            booking.hold(session, other.booking_slug, TEN, guests.visitor_key("192.0.2.1", "tab"), NOON)


def test_a_network_cannot_hold_everything_with_many_tabs(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    for place in range(booking.MOST_HOLDS_OF_A_NETWORK):
        tab = guests.visitor_key("192.0.2.1", f"tab {place}")
        booking.hold(session, kind.booking_slug, TEN + place * 1800, tab, NOON)
    late = TEN + 24 * 3600
    with pytest.raises(LimitReached):
        booking.hold(session, kind.booking_slug, late, guests.visitor_key("192.0.2.1", "one more"), NOON)
    booking.hold(session, kind.booking_slug, late, guests.visitor_key("192.0.2.2", "tab"), NOON)


def test_one_address_cannot_book_everything(session: Session) -> None:
    kind = make_type(session, make_owner(session))
    for place in range(booking.MOST_BOOKINGS):
        booking.book(session, kind.booking_slug, TEN + place * 1800, ROSA, NOON)
    with pytest.raises(LimitReached):
        booking.book(session, kind.booking_slug, TEN + 36_000, ROSA, NOON)


@pytest.mark.parametrize(
    ("guest", "field"),
    [
        (Guest(email="rosa@example.com"), "name"),
        (Guest(name="Rosa", email="rosa"), "email"),
        (Guest(name="Rosa", email="rosa@example.com", phone="12"), "phone"),
        (Guest(name="Rosa", email="rosa@example.com"), "answers"),
    ],
)
def test_details_that_cannot_be_used_are_named(session: Session, guest: Guest, field: str) -> None:
    kind = make_type(session, make_owner(session), questions=[{"label": "Which unit?", "required": True}])
    with pytest.raises(Invalid) as refused:
        booking.book(session, kind.booking_slug, TEN, guest, NOON)
    assert refused.value.field == field


def test_guests_change_until_the_cut_off_and_hosts_at_any_time(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner, cancellation_hours=24)
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    _told(session)
    for change in (changing.cancel, lambda *args: changing.reschedule(session, made.id, TEN + 3600, NOON)):
        with pytest.raises(Forbidden):
            change(session, made.id, NOON)
    early = NOON - timedelta(days=1)
    changing.reschedule(session, made.id, TEN + 3600, early)
    assert (made.sequence, made.start_time.hour) == (1, 11)
    _told(session)
    changing.cancel(session, made.id, NOON, by=owner, reason="The boat is out.")
    assert (made.status, made.sequence) == (AppointmentStatus.CANCELLED, 2)
    _told(session)
    mails = {mail["idempotency_key"]: mail for mail in _jobs(session, "mail.send")}.values()
    methods = [str(Calendar.from_ical(mail["invitation"])["method"]) for mail in mails]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(Calendar.from_ical(mail["invitation"]).walk("VEVENT")[0]["uid"]) for mail in mails}) == 1
    assert session.exec(select(AppointmentReminder)).all() == []


def test_a_cancelled_time_is_free_again_and_a_moved_one_may_touch_itself(session: Session) -> None:
    kind = make_type(session, make_owner(session), cancellation_hours=0, duration_minutes=60)
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    changing.reschedule(session, made.id, TEN + 1800, NOON)
    changing.cancel(session, made.id, NOON)
    assert TEN + 1800 in _free(session, kind, NOON)


def test_strangers_and_other_workspaces_change_nothing(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    with pytest.raises(NotFound):
        changing.cancel(session, made.id, NOON, by=make_owner(session))
    with pytest.raises(Forbidden):
        changing.cancel(session, made.id, NOON, by=make_colleague(session, owner))
    token = links.token(made.id, NOON)
    assert links.read(token, NOON) == made.id
    with pytest.raises(NotFound):
        links.read(token[:-1] + ("0" if token[-1] != "0" else "1"), NOON)


def test_several_hosts_take_turns(session: Session) -> None:
    owner = make_owner(session)
    colleague = make_colleague(session, owner)
    kind = make_type(session, owner, host_ids=[owner.user_id, colleague.user_id])
    made = [booking.book(session, kind.booking_slug, TEN + at * 1800, ROSA, NOON) for at in (0, 1, 2, 3)]
    assert {one.host_id for one in made[:2]} == {one.host_id for one in made[2:]} == {owner.user_id, colleague.user_id}
    again = booking.book(session, kind.booking_slug, TEN, Guest(name="Sam", email="sam@example.com"), NOON)
    assert {made[0].host_id, again.host_id} == {owner.user_id, colleague.user_id}
    with pytest.raises(Taken):
        booking.book(session, kind.booking_slug, TEN, Guest(name="Ann", email="ann@example.com"), NOON)


def test_a_full_day_is_closed(session: Session) -> None:
    kind = make_type(session, make_owner(session), daily_cap=1)
    booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    days = {datetime.fromtimestamp(one, UTC).date() for one in _free(session, kind, NOON)}
    assert datetime(2026, 3, 3, tzinfo=UTC).date() not in days
    assert datetime(2026, 3, 4, tzinfo=UTC).date() in days


def test_a_paid_type_is_confirmed_by_its_payment_once(session: Session) -> None:
    kind = make_type(session, make_owner(session), price="45.00")
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    assert (made.status.value, _jobs(session, announcing.TELL)) == ("held", [])
    for _ in range(2):
        booking.paid(session, made.id, "ref", NOON)
    assert made.status is AppointmentStatus.SCHEDULED
    assert len(_jobs(session, announcing.TELL)) == 1


def test_an_unpaid_hold_runs_out(session: Session) -> None:
    kind = make_type(session, make_owner(session), price="45.00")
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    assert booking.sweep(session, NOON + timedelta(minutes=30)) == 1
    session.expire_all()
    with pytest.raises(Conflict):
        booking.paid(session, made.id, "ref", NOON + timedelta(minutes=30))


def test_each_reminder_is_sent_once_whoever_ticks(database_url: str) -> None:
    with transaction() as session:
        kind = make_type(session, make_owner(session))
        booking.book(session, kind.booking_slug, TEN, ROSA, NOON - timedelta(days=2))
    now = NOON + timedelta(hours=1)

    def tick(_: int) -> int:
        with transaction() as session:
            return reminders.send_due(session, now)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(tick, range(16))) == 1


def test_of_many_at_once_exactly_one_gets_the_time(database_url: str) -> None:
    with transaction() as session:
        slug = make_type(session, make_owner(session)).booking_slug

    def attempt(number: int) -> str:
        guest = Guest(name="Rosa", email=f"rosa{number}@example.com")
        try:
            with transaction() as session:
                booking.book(session, slug, TEN, guest, NOON)
        except Taken as refused:
            assert refused.nearest
            return "taken"
        return "booked"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, range(40)))
    assert (outcomes.count("booked"), outcomes.count("taken")) == (1, 39)
    with transaction() as session:
        assert len(session.exec(select(Appointment).where(col(Appointment.guest_name) == "Rosa")).all()) == 1


def test_a_type_that_is_paused_takes_no_bookings(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    types.set_active(session, owner, kind.id, active=False)
    with pytest.raises(NotFound):
        booking.book(session, kind.booking_slug, TEN, ROSA, NOON)


def test_how_it_went_is_said_when_it_has_begun_and_can_be_taken_back(session: Session) -> None:
    owner = make_owner(session)
    made = booking.book(session, make_type(session, owner).booking_slug, TEN, ROSA, NOON)
    with pytest.raises(Conflict):
        changing.mark(session, owner, made.id, AppointmentStatus.NO_SHOW, NOON)
    later = NOON + timedelta(days=2)
    for status in (AppointmentStatus.NO_SHOW, AppointmentStatus.COMPLETED, AppointmentStatus.SCHEDULED):
        assert changing.mark(session, owner, made.id, status, later).status is status
    with pytest.raises(NotFound):
        changing.mark(session, make_owner(session), made.id, AppointmentStatus.NO_SHOW, later)


def test_a_mail_that_a_later_change_overtook_is_not_written(session: Session) -> None:
    kind = make_type(session, make_owner(session), cancellation_hours=0)
    made = booking.book(session, kind.booking_slug, TEN, ROSA, NOON)
    changing.reschedule(session, made.id, TEN + 3600, NOON)
    _told(session)
    (mail,) = _jobs(session, "mail.send")
    assert mail["subject"].startswith("New time")


def test_a_guest_whose_host_left_the_type_moves_to_its_other_hosts_and_is_told_so(session: Session) -> None:
    owner = make_owner(session)
    other = make_colleague(session, owner, name="Bea Lind")
    bea, early = UUID(str(other.user_id)), NOON - timedelta(days=1)
    kind = make_type(session, owner)
    made = booking.book(session, kind.booking_slug, TEN, ROSA, early)
    keeps = session.exec(select(AppointmentHost).where(AppointmentHost.appointment_type_id == kind.id)).one()
    session.delete(keeps)
    session.add(AppointmentHost(appointment_type_id=kind.id, user_id=bea, team_id=kind.team_id))
    session.flush()
    schedule = schedules.ensured(session, kind.team_id, bea)
    schedule.timezone, schedule.weekly = "UTC", {day: [["00:00", "24:00"]] for day in WEEKDAYS}
    session.add(schedule)
    session.flush()
    shown, starts = public.offered(session, kind.booking_slug, early, moving=made.id)
    assert "no longer takes these appointments: a new time is with Bea Lind." in shown.note
    assert TEN + 3600 in starts
    changing.reschedule(session, made.id, TEN + 3600, early)
    assert (made.host_id, made.sequence) == (bea, 1)
    told = session.exec(select(Notification).where(Notification.user_id == owner.user_id)).all()
    assert any("to somebody else" in one.title for one in told)
