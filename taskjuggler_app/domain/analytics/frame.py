"""Which part of the counts is looked at: days, a channel, a person, a web site."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.models.analytics import AnalyticsCursor

CHANNELS = ("phone", "sms", "email", "web", "api", "manual", "booking")
CHANNEL_NAMES = {
    "phone": "Calls",
    "sms": "Texts",
    "email": "Mail",
    "web": "Web form",
    "api": "API",
    "manual": "Made by hand",
    "booking": "Bookings",
}
LONGEST = timedelta(days=3 * 366)
WEEK = 7
MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Frame:
    """Days on the workspace's clock, first and last included; None for every channel, everybody, or every site.

    `team_asked` is the workspace as the address names it: empty for the one that the person works in.
    """

    team_id: UUID
    zone: str
    first: date
    last: date
    channel: str | None = None
    doer: UUID | None = None
    team_asked: str = ""
    site: int | None = None

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Frame":
        """As many days, just before. Days, not hours: a period with a change of the clock compares as any other."""
        length = timedelta(days=self.days)
        return replace(self, first=self.first - length, last=self.last - length)

    def moments(self) -> tuple[datetime, datetime]:
        """When the first day begins, and the day after the last."""
        zone = ZoneInfo(self.zone)
        ends = self.last + timedelta(days=1)
        return (
            datetime(self.first.year, self.first.month, self.first.day, tzinfo=zone),
            datetime(ends.year, ends.month, ends.day, tzinfo=zone),
        )


def parse(session: Session, team_id: UUID, now: datetime, wanted: Mapping[str, str]) -> Frame:
    """The frame that an address asks for: `from` and `to` as YYYY-MM-DD, `channel`, `person` (a user's or vendor's id),
    `site` (a number).

    Without days: the last seven that are over. Invalid for days that are none, in the wrong order or too many.
    """
    zone = session.exec(select(AnalyticsCursor.zone).where(AnalyticsCursor.team_id == team_id)).first() or "UTC"
    yesterday = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    last = _day(wanted.get("to", ""), yesterday)
    first = _day(wanted.get("from", ""), last - timedelta(days=WEEK - 1))
    if first > last:
        raise Invalid("The first day comes after the last.", "from")
    if last - first > LONGEST:
        raise Invalid("Choose at most three years.", "from")
    channel, person = wanted.get("channel", ""), wanted.get("person", "")
    if channel and channel not in CHANNELS:
        raise Invalid("There is no such channel.", "channel")
    doer = parse_uuid(person) if person else None
    site = site_number(wanted.get("site", ""))
    return Frame(team_id, zone, first, last, channel or None, doer, wanted.get("team", ""), site)


def site_number(said: str) -> int | None:
    """A site's number as an address has it; None for every site. Invalid for what is no number."""
    if said and not (said.isdecimal() and len(said) < 18):
        raise Invalid("There is no such site.", "site")
    return int(said) if said else None


def steps(frame: Frame) -> list[Frame]:
    """The frame in days, or in weeks where there are more days than a chart has room for."""
    length = 1 if frame.days <= MOST_DAYS else WEEK
    firsts = [frame.first + timedelta(days=start) for start in range(0, frame.days, length)]
    return [replace(frame, first=day, last=min(day + timedelta(days=length - 1), frame.last)) for day in firsts]


def _day(said: str, otherwise: date) -> date:
    if not said:
        return otherwise
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Invalid(f"“{said[:20]}” is no day; write it like 2026-03-31.", "from") from None
