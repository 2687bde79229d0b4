"""State of a person's own hours: the week, single days, other calendars, the private feed."""

import re
from dataclasses import dataclass
from datetime import date

import reflex as rx
from sqlmodel import Session

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import feeds, queries, schedules
from taskjuggler_app.domain.appointments.spec import WEEKDAYS
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

_WINDOW = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-\u2013]\s*(\d{1,2}:\d{2})\s*")


@dataclass
class DayLine:
    """A single day that differs."""

    day: str = ""
    text: str = ""


@dataclass
class SubscriptionLine:
    """A subscribed calendar."""

    id: str = ""
    name: str = ""
    error: str = ""
    fetched: str = ""


class HoursState(PageState, rx.State):
    """A person's week, single days, other calendars and private feed."""

    loaded: bool = False
    timezone: str = "UTC"
    week: dict[str, str] = {}
    days: list[DayLine] = []
    calendars: list[SubscriptionLine] = []
    public_link: str = ""
    feed: str = ""
    has_feed: bool = False
    error: str = ""
    day_error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the person's hours."""
        self.error = self.day_error = self.feed = ""
        self._watch([topics.calendar(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._read(schedules.own)
        self.timezone = found.timezone
        self.week = {day: _windows_text(found.weekly.get(day, [])) for day in WEEKDAYS}
        self.days = [DayLine(day, _windows_text(windows) or "Day off") for day, windows in found.overrides]
        self.public_link = f"{settings().public_url.rstrip('/')}/host/{found.public_slug}"
        self.calendars = [
            SubscriptionLine(str(one.id), one.name, one.error, one.fetched_at.isoformat() if one.fetched_at else "")
            for one in await self._read(queries.subscriptions)
        ]
        self.has_feed = await self._read(feeds.has_feed)
        self.loaded = True

    @rx.event
    async def save(self, form: dict[str, str]) -> None:
        """Store the week."""
        values = {str(key): str(value)[:200] for key, value in dict(form).items()}
        try:
            weekly = {day: _windows(values.get(day, "")) for day in WEEKDAYS}
            await self._run(schedules.save_week, timezone=values.get("timezone", ""), weekly=weekly)
        except DomainError as error:
            self.error = error.message
            return
        self.error = ""
        await self._say("success", "Your hours are saved.")

    @rx.event
    async def add_day(self, form: dict[str, str]) -> None:
        """A single day that differs."""
        values = dict(form)
        try:
            day = _date(str(values.get("day", "")))
            await self._run(schedules.set_day, day, _windows(str(values.get("windows", ""))[:200]))
        except DomainError as error:
            self.day_error = error.message
            return
        self.day_error = ""
        await self._refresh()

    @rx.event
    async def drop_day(self, day: str) -> None:
        """Back to the week on that day."""
        await self._do(_clear_day, str(day))
        await self._refresh()

    @rx.event
    async def subscribe(self, form: dict[str, str]) -> None:
        """Keep the times of another calendar free."""
        values = {str(key): str(value)[:2_000] for key, value in dict(form).items()}
        name, url = values.get("name", ""), values.get("url", "")
        if await self._do(feeds.subscribe, name=name, url=url, now=clock.utcnow()) is not None:
            await self._say("success", "Subscribed. Its times are read in a moment.")
        await self._refresh()

    @rx.event
    async def unsubscribe(self, subscription_id: str) -> None:
        """Forget a calendar."""
        await self._do(feeds.unsubscribe, parse_uuid(subscription_id))
        await self._refresh()

    @rx.event
    async def new_feed(self) -> None:
        """A new secret address; the old one stops working."""
        token = await self._do(feeds.new_feed, clock.utcnow())
        if token is not None:
            self.feed = f"{settings().public_url.rstrip('/')}/feeds/{token}.ics"
        await self._refresh()

    @rx.event
    async def close_feed(self) -> None:
        """Close the secret address."""
        await self._do(feeds.revoke_feed, clock.utcnow())
        self.feed = ""
        await self._refresh()


def _windows(text: str) -> list[list[str]]:
    """ "9:00-12:00, 13:00-17:30" as pairs; empty is closed. Raises Invalid."""
    found = []
    for part in (one for one in text.split(",") if one.strip()):
        match = _WINDOW.fullmatch(part)
        if match is None:
            raise Invalid(f"“{part.strip()}” is no time span: write it like 09:00-12:00.", "week")
        found.append([match[1].zfill(5), match[2].zfill(5)])
    return found


def _windows_text(windows: list[list[str]]) -> str:
    return ", ".join(f"{opens}-{closes}" for opens, closes in windows)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Choose a day.", "day") from None


def _clear_day(session: Session, principal: Principal, day: str) -> None:
    schedules.clear_day(session, principal, _date(day))
