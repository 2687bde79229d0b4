"""State of the home page: what needs attention today."""

from datetime import timedelta

import reflex as rx

from taskjuggler_app.core import clock, topics
from taskjuggler_app.domain.receptionist import queries as inbox
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.tasks.queries import TaskFilter
from taskjuggler_app.domain.teams import firststeps
from taskjuggler_app.domain.teams.firststeps import FirstStep
from taskjuggler_app.web.components import Bar, InboxLine, TaskLine
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages import lines
from taskjuggler_app.web.pages.samples.state import SamplesState
from taskjuggler_app.web.session import PageState

DAYS = 14
SHOWN = 6


class HomeState(PageState, rx.State):
    """Numbers, my next tasks, the latest messages, and two pictures of the last days."""

    loaded: bool = False
    greeting: str = ""
    mine: int = 0
    unassigned: int = 0
    urgent: int = 0
    unrouted: int = 0
    failed: int = 0
    my_tasks: list[TaskLine] = []
    latest: list[InboxLine] = []
    by_day: list[Bar] = []
    by_category: list[Bar] = []
    steps: list[FirstStep] = []
    steps_done: int = 0

    @rx.event
    async def load(self) -> None:
        """Show today."""
        principal = current_principal()
        of = (topics.tasks, topics.inbox, topics.team, topics.channels, topics.rules, topics.sites)
        watched = [topics_of(principal.team_id) for topics_of in of]
        self._watch(watched, keep=(SamplesState,))
        await self._refresh()

    async def _refresh(self) -> None:
        principal = current_principal()
        self.greeting = principal.name.split(" ")[0]
        self.steps = await self._read(firststeps.steps)
        self.steps_done = sum(step.is_done for step in self.steps)
        counts = await self._read(tasks.counts)
        self.mine, self.unassigned = counts["mine"], counts["unassigned"]
        self.urgent, self.unrouted = counts["urgent"], counts["unrouted"]
        self.failed = (await self._read(inbox.folder_counts))["failed"]
        mine = (await self._read(tasks.page, TaskFilter("mine", sort="due"), "", SHOWN)).rows
        dated = [row for row in mine if row.due_at]
        undated = (await self._read(tasks.page, TaskFilter("mine", due="none"), "", SHOWN)).rows
        self.my_tasks = [lines.task_line(row) for row in [*dated, *undated][:SHOWN]]
        newest = await self._read(inbox.inbox_page)
        self.latest = [lines.inbox_line(row) for row in newest.rows[:SHOWN]]
        days = await self._read(inbox.received_by_day, principal.timezone, DAYS)
        self.by_day = [Bar(lines.short_day(day), number, _messages(number)) for day, number in days]
        since = clock.utcnow().replace(minute=0, second=0, microsecond=0) - timedelta(days=30)
        kinds = await self._read(inbox.by_category, since)
        self.by_category = [Bar(kind.capitalize(), number, _messages(number)) for kind, number in kinds]
        self.loaded = True

    @rx.event
    async def put_steps_away(self) -> None:
        """The list of the first hour is not wanted any more."""
        await self._do(firststeps.dismiss)
        await self._refresh()


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
