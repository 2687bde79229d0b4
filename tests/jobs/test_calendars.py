"""Subscribed calendars: never read from inside our network; one that is away is shown, and blocks nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from jobs.handlers import appointments as handlers
from taskjuggler_app.adapters.safe_http import FetchFailed
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import feeds, openings, queries
from taskjuggler_app.models import AppointmentType
from taskjuggler_app.models.appointments import CalendarBusy
from tests.factories import make_owner, make_type


def _calendar(start: datetime) -> str:
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{start:%Y%m%dT%H%M%S}Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n"


def _now() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def _subscribed(url: str) -> tuple[Principal, AppointmentType, str]:
    with transaction() as session:
        owner = make_owner(session)
        kind = make_type(session, owner)
        made = feeds.subscribe(session, owner, name="Home", url=url, now=_now())
        return owner, kind, str(made.id)


def _free(kind: AppointmentType) -> list[int]:
    with transaction() as session:
        return openings.find(session, _now(), type_id=kind.id).starts()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/calendar.ics",
        "http://localhost/calendar.ics",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/calendar.ics",
        "http://10.0.0.1/calendar.ics",
    ],
)
def test_a_calendar_that_cannot_be_read_is_shown_and_blocks_nothing(database_url: str, url: str) -> None:
    owner, kind, made = _subscribed(url)
    before = _free(kind)
    handlers.fetch_calendar(made)
    assert _free(kind) == before
    with transaction() as session:
        (found,) = queries.subscriptions(session, owner)
        assert found.error
        assert found.fetched_at is None


def test_what_is_busy_elsewhere_is_not_offered_and_stays_so_while_the_server_is_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, kind, made = _subscribed("webcal://calendar.example.com/home.ics")
    busy = _now() + timedelta(days=2)
    second = int(busy.timestamp())
    assert second in _free(kind)
    monkeypatch.setattr(handlers, "_read", lambda url: _calendar(busy) if url.startswith("https://") else "")
    handlers.fetch_calendar(made)
    assert second not in _free(kind)
    assert second + 3600 in _free(kind)

    def away(_url: str) -> Any:
        raise FetchFailed("The server does not answer.")

    monkeypatch.setattr(handlers, "_read", away)
    handlers.fetch_calendar(made)
    assert second not in _free(kind)
    with transaction() as session:
        (found,) = queries.subscriptions(session, owner)
        assert found.error == "The server does not answer."
        feeds.unsubscribe(session, owner, found.id)
        assert session.exec(select(CalendarBusy)).all() == []
    assert second in _free(kind)


def test_a_subscription_is_due_every_twenty_minutes_and_claimed_once(database_url: str) -> None:
    _subscribed("https://calendar.example.com/home.ics")
    later = _now() + timedelta(hours=2)
    with transaction() as session:
        assert [feeds.queue_due(session, later), feeds.queue_due(session, later)] == [1, 0]


def test_only_addresses_of_the_web_are_taken(database_url: str) -> None:
    with pytest.raises(Invalid):
        _subscribed("file:///etc/passwd")
