"""State of a type's own openings and closings."""

from dataclasses import dataclass
from datetime import date

import reflex as rx

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.appointments import own_hours, schedules
from taskjuggler_app.domain.appointments.own_hours import Draft
from taskjuggler_app.web.session import PageState

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass
class OwnHoursLine:
    """An opening or closing in words."""

    id: str = ""
    opens: bool = True
    title: str = ""
    note: str = ""


class OwnHoursState(PageState, rx.State):
    """The openings and closings of one type, and the form that adds one."""

    open: bool = False
    type_id: str = ""
    name: str = ""
    zone: str = "UTC"
    repeats: str = ""
    rows: list[OwnHoursLine] = []
    error: str = ""

    @rx.event
    async def begin(self, type_id: str, name: str) -> None:
        """Show those of a type."""
        self.type_id, self.name, self.error, self.repeats = str(type_id), str(name)[:255], "", ""
        self.zone = (await self._read(schedules.own)).timezone
        self.open = await self._refill()

    @rx.event
    async def leave(self) -> None:
        """Close the list."""
        self.open = False

    @rx.event
    async def set_repeats(self, how: str) -> None:
        """Once, every week, or by a rule of one's own."""
        self.repeats = str(how) if str(how) in ("", "week", "month", "own") else ""

    @rx.event
    async def add(self, form: dict[str, str]) -> None:
        """Add what the form says."""
        values = {str(key): str(value)[:300] for key, value in dict(form).items()}
        try:
            day = _day(values.get("day", ""))
            rule = _rule(values, day)
            starts, ends = (values.get(key, "").strip().zfill(5) for key in ("starts", "ends"))
            draft = Draft(values.get("opens") != "closed", day, starts, ends, self.zone, rule)
            await self._run(own_hours.add, parse_uuid(self.type_id), draft)
        except DomainError as error:
            self.error = error.message
            return
        self.error = ""
        await self._refill()

    @rx.event
    async def remove(self, slot_id: str) -> None:
        """Forget one."""
        await self._do(own_hours.remove, parse_uuid(slot_id))
        await self._refill()

    async def _refill(self) -> bool:
        found = await self._do(own_hours.of, parse_uuid(self.type_id), clock.utcnow())
        if found is None:
            return False
        self.rows = [_line(row) for row in found]
        return True


def _rule(values: dict[str, str], day: date) -> str:
    """The rule of the form; UNTIL when a last day is named."""
    repeats, last = values.get("repeats", ""), values.get("until", "").strip()
    if repeats == "own":
        return values.get("rule", "")
    every = {"week": f"FREQ=WEEKLY;BYDAY={_DAYS[day.weekday()]}", "month": f"FREQ=MONTHLY;BYMONTHDAY={day.day}"}
    rule = every.get(repeats, "")
    return f"{rule};UNTIL={_day(last):%Y%m%d}T235959" if rule and last else rule


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("Write the day as 2026-12-24.", "day") from None


def _line(row: own_hours.OwnHoursRow) -> OwnHoursLine:
    what = "Open" if row.opens else "Closed"
    repeats = f"Repeats: {row.rule}. " if row.rule else ""
    coming = f"Next on {row.next}." if row.next else "It is over."
    return OwnHoursLine(row.id, row.opens, f"{what} {row.day}, {row.span}", f"{repeats}{coming} {row.zone}")
