"""The states of the time machine: choosing what to run, and one run's page."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel import Session

from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import queries, recent, runs
from taskjuggler_app.domain.routing.runs import ChangeRow, RunRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.rules.undoing import Undoing
from taskjuggler_app.web.session import PageState

LASTS = (100, 1_000, 10_000, 100_000, 1_000_000)


@dataclass
class DraftLine:
    """A rule in the draft."""

    id: str = ""
    name: str = ""
    when: str = ""
    is_on: bool = True
    changed: bool = False


class MachineState(PageState, rx.State):
    """The draft: the rules' order and which of them are on; how far back, and beside what."""

    loaded: bool = False
    rules: list[DraftLine] = []
    last: str = "1000"
    against: str = "now"
    behind: int = 0
    rows: list[RunRow] = []

    @rx.event
    async def load(self) -> None:
        """Start from the rules as they are."""
        self._watch([topics.rules(current_principal().team_id)])
        found = await self._read(queries.rules)
        self.rules = [DraftLine(row.id, row.name, row.when, row.is_active) for row in found]
        self.behind = await self._read(_behind)
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(runs.rows)
        self.loaded = True

    @rx.event
    async def switch(self, rule_id: str, on: bool) -> None:
        """A rule on or off, in the draft only."""
        for row in self.rules:
            if row.id == rule_id:
                row.is_on, row.changed = on is True, True
        self.rules = list(self.rules)

    @rx.event
    async def shift(self, rule_id: str, offset: int) -> None:
        """A rule earlier (-1) or later (1), in the draft only."""
        at = next((place for place, row in enumerate(self.rules) if row.id == rule_id), -1)
        to = at + (1 if offset == 1 else -1)
        if at >= 0 and 0 <= to < len(self.rules):
            rows = list(self.rules)
            rows[at].changed = True
            rows[at], rows[to] = rows[to], rows[at]
            self.rules = rows

    @rx.event
    async def set_last(self, value: str) -> None:
        """How many messages back."""
        self.last = str(value) if str(value) in [str(one) for one in LASTS] else self.last

    @rx.event
    async def set_against(self, value: str) -> None:
        """Beside the rules as they are, or beside what happened."""
        self.against = "happened" if value == "happened" else "now"

    @rx.event
    async def run(self) -> EventSpec | None:
        """Queue the run and go to its page."""
        order = tuple((row.id, row.is_on) for row in self.rules)
        run_id = await self._do(_start, order, int(self.last), self.against)
        return rx.redirect(f"/rules/time-machine/{run_id}") if run_id else None


class RunState(Undoing, rx.State):
    """One run: its progress, then what would change."""

    loaded: bool = False
    missing: bool = False
    run: RunRow = RunRow()
    percent: int = 0
    is_open: bool = False
    kind: str = ""
    changes: list[ChangeRow] = []
    has_more: bool = False

    @rx.event
    async def load(self) -> None:
        """The run that the address names."""
        self.loaded = self.missing = False
        self.kind, self.done = "", ""
        try:
            run_id = parse_uuid(self._path_arg("run"))
            self._watch([topics.routing_run(run_id), topics.rules(current_principal().team_id)])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    async def _refresh(self) -> None:
        run_id = parse_uuid(self._path_arg("run"))
        self.run = await self._read(runs.row, run_id)
        self.is_open = self.run.status in ("queued", "running")
        self.percent = round(100 * self.run.done / self.run.total) if self.run.total else 0
        self.changes = await self._read(runs.changes, run_id, self.kind)
        self.has_more = len(self.changes) == runs.PAGE

    @rx.event
    async def show(self, kind: str) -> None:
        """Only one kind of change; empty for all."""
        self.kind = str(kind)[:20]
        await self._refresh()

    @rx.event
    async def more(self) -> None:
        """The next page under those shown."""
        if self.changes:
            found = await self._read(runs.changes, parse_uuid(self.run.id), self.kind, self.changes[-1].place)
            self.changes, self.has_more = [*self.changes, *found], len(found) == runs.PAGE

    @rx.event
    async def cancel(self) -> None:
        """Stop it."""
        await self._do(runs.cancel, parse_uuid(self.run.id))
        await self._refresh()

    @rx.event
    async def put_to_work(self) -> None:
        """Make these rules the workspace's."""
        await self._undoable("These are the workspace's rules now.", runs.put_to_work, self.run.id)


def _behind(session: Session, principal: Principal) -> int:
    """How many messages there are to look at."""
    return recent.count(session, principal.team_id)


def _start(session: Session, principal: Principal, order: tuple[tuple[str, bool], ...], last: int, against: str) -> str:
    """Queue a run of the workspace's rules in another order, some of them on or off; its id."""
    stored = {one["id"]: one for one in runs.stored(session, principal)}
    known = [(stored[rule_id], on) for rule_id, on in order if rule_id in stored]
    same = [one["id"] for one, _ in known] == list(stored)
    draft = [
        {**one, "is_active": on, "priority": one["priority"] if same else (place + 1) * 10}
        for place, (one, on) in enumerate(known)
    ]
    moved = "Another order" if not same else "The rules as they are"
    off = [one["name"] for one, on in known if one["is_active"] != on]
    title = f"{moved}{': ' if off else ''}{', '.join(off)}{' switched' if off else ''}"
    return str(runs.start(session, principal, draft, last=last, against=against, title=title).id)
