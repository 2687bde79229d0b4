"""What reaches people beside the app: as they chose, outside quiet hours, once; digests at their own hour."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications import delivery, preferences, queries, service
from taskjuggler_app.domain.notifications.preferences import ByEmail, Preferences
from taskjuggler_app.models import Notification, NotificationDigest, User
from tests import factories as make

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "UTC", "Australia/Lord_Howe")
START = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))


def tell(session: Session, who: Principal, key: str, type_: str = "task_assigned") -> Notification:
    """One fact for the person."""
    assert who.user_id
    service.notify(
        session,
        who.user_id,
        type=type_,
        title="New task for you",
        message=f"Fact {key}",
        link=f"/tasks/{key}",
        dedupe_key=key,
        team_id=who.team_id,
    )
    return session.exec(select(Notification).where(Notification.message == f"Fact {key}")).one()


def jobs(session: Session, name: str) -> list[tuple[dict[str, str], datetime | None]]:
    """Arguments and times of the queued jobs of that name."""
    rows = session.execute(
        text("SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = :n ORDER BY id"), {"n": name}
    )
    return [(row[0], row[1]) for row in rows]


def chooses(session: Session, who: Principal, **over: object) -> None:
    """Set the person's preferences."""
    delivery.choose(session, who, Preferences(**{"quiet": None, **over}))  # type: ignore[arg-type]  # each test says what it changes


def test_a_fact_is_mailed_at_once_only_to_those_who_want_it_so(session: Session) -> None:
    now, later = make.make_owner(session), make.make_owner(session)
    chooses(session, now, email={"task_assigned": ByEmail.NOW})
    notice = tell(session, now, "a")
    tell(session, later, "b")
    assert [args["notification_id"] for args, _ in jobs(session, delivery.DELIVER)] == [str(notice.id)]
    for _ in range(2):
        delivery.deliver(session, notice.id, "email")
    ((mail, _),) = jobs(session, "mail.send")
    assert mail["to"] == session.get_one(User, now.user_id).email
    assert "/tasks/a" in mail["text"]


def test_what_was_read_in_the_app_is_not_sent_any_more(session: Session) -> None:
    owner = make.make_owner(session)
    chooses(session, owner, email={"task_assigned": ByEmail.NOW})
    notice = tell(session, owner, "a")
    service.mark_read(session, owner, notice.id)
    session.refresh(notice)
    delivery.deliver(session, notice.id, "email")
    assert jobs(session, "mail.send") == []


def test_texts_go_to_proved_numbers_only(session: Session) -> None:
    proved = make.make_owner(session, phone="+12075550110", phone_verified_at=make.NOON)
    claimed = make.make_owner(session, phone="+12075550111")
    for who, key in ((proved, "a"), (claimed, "b")):
        chooses(session, who, sms=frozenset({"task_assigned"}))
        tell(session, who, key)
    ((args, _),) = jobs(session, delivery.DELIVER)
    assert args["channel"] == "sms"


def test_quiet_hours_put_a_mail_off_to_their_end_in_the_persons_zone(session: Session) -> None:
    owner = make.make_owner(session)
    person = session.get_one(User, owner.user_id)
    person.timezone = "America/New_York"
    chooses(session, owner, email={"task_assigned": ByEmail.NOW}, quiet=(time(22), time(7)))
    with clock.at(datetime(2026, 7, 2, 3, 30, tzinfo=UTC)):  # 23:30 in New York
        tell(session, owner, "a")
    ((_, at),) = jobs(session, delivery.DELIVER)
    assert at == datetime(2026, 7, 2, 11, 0, tzinfo=UTC)


@given(MOMENTS, st.sampled_from(ZONES), TIMES, TIMES)
def test_nothing_goes_out_in_quiet_hours_nor_waits_more_than_a_day(
    now: datetime, zone: str, start: time, end: time
) -> None:
    chosen = Preferences(quiet=(start, end))
    at = preferences.not_in_quiet(chosen, zone, now)
    assert now <= at <= now + timedelta(hours=25)
    if at != now and start != end:
        local = at.astimezone(ZoneInfo(zone))
        assert local.utcoffset() is not None
        skipped = datetime.combine(local.date(), end, ZoneInfo(zone)).astimezone(UTC) != at
        assert local.time() == end or skipped or local.time().replace(second=0) >= end


@given(MOMENTS, st.sampled_from(ZONES), TIMES)
def test_the_next_time_of_day_comes_within_a_day_and_a_bit(now: datetime, zone: str, wanted: time) -> None:
    found = preferences.next_at(wanted, zone, now)
    assert now < found <= now + timedelta(hours=49 if zone == "Pacific/Apia" else 25)


def test_a_digest_comes_once_a_day_at_the_readers_own_hour(session: Session) -> None:
    owner = make.make_owner(session)
    person = session.get_one(User, owner.user_id)
    person.timezone = "Europe/Berlin"
    start = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    delivery.queue_digests(session, start)
    with clock.at(start + timedelta(hours=1)):
        notice, seen = tell(session, owner, "a"), tell(session, owner, "b")
        service.mark_read(session, owner, seen.id)
    assert delivery.queue_digests(session, datetime(2026, 3, 29, 5, 59, tzinfo=UTC)) == 0
    assert delivery.queue_digests(session, datetime(2026, 3, 29, 6, 0, tzinfo=UTC)) == 1  # the night of summer time
    assert delivery.queue_digests(session, datetime(2026, 3, 29, 6, 1, tzinfo=UTC)) == 0
    ((args, _),) = jobs(session, delivery.DIGEST)
    since, until = (datetime.fromisoformat(args[key]) for key in ("since", "until"))
    assert [delivery.send_digest(session, person.id, since, until) for _ in range(2)] == [True, False]
    ((mail, _),) = jobs(session, "mail.send")
    assert (notice.message in mail["text"], seen.message in mail["text"]) == (True, False)
    assert "1 thing you" in mail["subject"]
    assert delivery.queue_digests(session, datetime(2026, 3, 30, 7, 0, tzinfo=UTC)) == 0  # nothing new


def test_choosing_another_hour_moves_the_next_digest(session: Session) -> None:
    owner = make.make_owner(session)
    delivery.queue_digests(session, clock.utcnow())
    chooses(session, owner, digest_at=time(17, 30))
    row = session.get_one(NotificationDigest, owner.user_id)
    assert (row.next_at.hour, row.next_at.minute) == (17, 30)


def test_preferences_survive_storing_and_nonsense_in_their_place() -> None:
    chosen = Preferences({"team": ByEmail.NOW}, frozenset({"team"}), time(9, 15), None)
    assert preferences.read({"notifications": preferences.dump(chosen)}) == chosen
    for nonsense in ({}, {"notifications": 3}, {"notifications": {"digest_at": "x", "quiet": ["a"], "email": []}}):
        assert preferences.read(nonsense) == Preferences()
    with pytest.raises(Invalid):
        preferences.parse({"digest_at": "noon"})
    parsed = preferences.parse({"digest_at": "07:30", "email-team": "off", "sms-team": "on", "email-other": "bogus"})
    assert (parsed.by_email("team"), parsed.by_sms("team"), parsed.by_email("new_type")) == (
        ByEmail.OFF,
        True,
        ByEmail.OFF,
    )


def test_notifications_about_one_thing_are_one_line_and_read_together(session: Session) -> None:
    owner = make.make_owner(session)
    for key in ("1", "2", "3"):
        with clock.at(make.NOON + timedelta(minutes=int(key))):
            service.notify(
                session,
                owner.user_id or owner.team_id,
                type="task_comment",
                title=f"Comment {key}",
                message="…",
                link="/tasks/one" if key != "2" else "/tasks/two",
                dedupe_key=key,
                team_id=owner.team_id,
            )
    groups = queries.page(session, owner).rows
    assert [(g.title, g.count, g.unread) for g in groups] == [("Comment 3", 2, True), ("Comment 2", 1, True)]
    assert service.mark_about(session, owner, "/tasks/one") == 2
    assert [g.title for g in queries.page(session, owner, unread_only=True).rows] == ["Comment 2"]
