"""State of the tasks' calendar: what is due on which day."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import reflex as rx

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import editing, listing, queries
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.domain.tasks.rows import TaskRow
from taskjuggler_app.web.components import TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.pages.calendar import grid
from taskjuggler_app.web.session import PageState

MOST_IN_A_CELL = 4
VIEWS = ("week", "month")


@dataclass
class DueDay:
    """A day with the tasks that are due on it; `more` of them are not shown."""

    date: str = ""
    label: str = ""
    spoken: str = ""
    today: bool = False
    outside: bool = False
    tasks: list[TaskLine] = field(default_factory=list)
    more: int = 0


class DueState(PageState, rx.State):
    """Tasks by the day they are due."""

    loaded: bool = False
    view: str = "month"
    anchor: str = ""
    mine: bool = False
    title: str = ""
    days: list[DueDay] = []
    empty: bool = True
    query: str = ""
    came_by: str = ""
    answers: int = 0

    @rx.event
    async def load(self) -> None:
        """Show the month that the address names, or this one."""
        self._watch([topics.tasks(current_principal().team_id)])
        query = self.router.url.query_parameters
        self.came_by = f"?{self.router.url.query}" if self.router.url.query else ""
        self.view = "week" if query.get("view") == "week" else "month"
        self.mine = query.get("mine") == "yes"
        self.anchor = (_date(query.get("day", "")) or self._today()).isoformat()
        await self._refresh()

    async def _refresh(self) -> None:
        zone, anchor = current_principal().timezone, date.fromisoformat(self.anchor)
        days = grid.shown_days(self.view, anchor)
        rows = await self._read(listing.between, *grid.window(days, zone), mine=self.mine)
        self.days = _lay_out(rows, days, zone, self.view, anchor, self._today())
        self.title, self.empty = grid.title(self.view, days, anchor), not rows
        self.query = urlencode({"view": self.view, "day": self.anchor, **({"mine": "yes"} if self.mine else {})})
        self.loaded = True

    def _today(self) -> date:
        return clock.utcnow().astimezone(ZoneInfo(current_principal().timezone)).date()

    @rx.event
    async def show(self, view: str) -> None:
        """A week or a month."""
        self.view = view if view in VIEWS else "month"
        await self._refresh()

    @rx.event
    async def open_day(self, day: str) -> None:
        """The week around a day that has more than its cell shows."""
        self.view, self.anchor = "week", (_date(str(day)) or self._today()).isoformat()
        await self._refresh()

    @rx.event
    async def step(self, by: int) -> None:
        """Forth, back, or (0) to today."""
        anchor = date.fromisoformat(self.anchor)
        moved = grid.neighbour(self.view, anchor, 1 if by == 1 else -1) if by in (1, -1) else self._today()
        if 2000 <= moved.year <= 2100:
            self.anchor = moved.isoformat()
        await self._refresh()

    @rx.event
    async def whose(self, which: str) -> None:
        """Everybody's, or only one's own."""
        self.mine = which == "mine"
        await self._refresh()

    @rx.event
    async def dropped(self, said: str) -> None:
        """A task was dragged to another day ("id|date"): due there at the same time of day."""
        task_id, _, day = str(said)[:100].partition("|")
        zone = ZoneInfo(current_principal().timezone)
        task = await self._do(queries.get, parse_uuid(task_id))
        target = _date(day)
        if task is not None and task.due_date is not None and target is not None:
            at = task.due_date.astimezone(zone)
            due = datetime.combine(target, time(at.hour, at.minute), zone)
            if due != task.due_date:
                back = (task.id, Edit({"due_date": task.due_date}, {"due_date": due}))
                if await self._do(editing.edit, task.id, Edit({"due_date": due}, {"due_date": task.due_date})):
                    await self._say("success", f"Due on {target:%A} {target.day} {target:%B}.", (editing.edit, back))
        await self._refresh()
        self.answers += 1  # the page lets go of the copy that it showed on the new day ahead of us


def _lay_out(rows: list[TaskRow], days: list[date], zone: str, view: str, anchor: date, today: date) -> list[DueDay]:
    by_day: dict[date, list[TaskLine]] = {}
    for row in rows:
        due = datetime.fromisoformat(row.due_at).astimezone(ZoneInfo(zone))
        line = lines.task_line(row)
        line.due = f"{due:%H:%M}"
        by_day.setdefault(due.date(), []).append(line)
    most = MOST_IN_A_CELL if view == "month" else len(rows)
    return [
        DueDay(
            date=day.isoformat(),
            label=str(day.day) if view == "month" else f"{day:%a} {day.day}",
            spoken=f"{day:%A} {day.day} {day:%B}",
            today=day == today,
            outside=view == "month" and day.month != anchor.month,
            tasks=by_day.get(day, [])[:most],
            more=max(len(by_day.get(day, [])) - most, 0),
        )
        for day in days
    ]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
