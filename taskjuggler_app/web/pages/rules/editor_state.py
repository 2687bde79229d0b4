"""The state of the rule editor: the conditions as lines, the actions, what recent messages say to it."""

import json
from dataclasses import replace
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel import Session

from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import queries, recent, runs, service
from taskjuggler_app.domain.routing.queries import RuleRow
from taskjuggler_app.domain.routing.recent import Preview
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.rules import editor_choices, tree
from taskjuggler_app.web.pages.rules.actions_form import ActionsForm, with_target
from taskjuggler_app.web.pages.rules.tree import FormRow
from taskjuggler_app.web.session import PageState

TRIED_ON = 10_000
LONGEST_JSON = 100_000
_PARTS = frozenset({"field", "operator", "value", "until", "custom", "match_type"})


class RuleState(ActionsForm, PageState, rx.State):
    """The rule that the address names, or a new one."""

    loaded: bool = False
    arrivals: int = 0
    missing: bool = False
    rule_id: str = ""
    name: str = ""
    note: str = ""
    match_type: str = "all"
    rows: list[FormRow] = []
    as_json: bool = False
    json_text: str = ""
    preview: Preview = Preview()
    comparisons: dict[str, list[Choice]] = {}
    choices: dict[str, list[Choice]] = {}
    targets: list[Choice] = []
    lists: list[Choice] = []
    senders: list[Choice] = []
    error: str = ""
    problem: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the rule that the address names, or an empty form."""
        self.loaded = self.missing = self.as_json = False
        self.error = self.problem = ""
        self.arrivals += 1  # inputs keep what is typed: those of another visit are others
        self.rule_id = self._path_arg("rule")
        row = RuleRow(conditions={"rules": [{"field": "category", "operator": "equals", "value": ""}]})
        if self.rule_id != "new":
            found = [one for one in await self._read(queries.rules) if one.id == self.rule_id]
            self.missing = not found
            row = found[0] if found else row
        self.name, self.note, self.problem = row.name, row.description, row.problem
        self.match_type, self.rows = tree.rows_of(row.conditions)
        self._show_actions(row.actions)
        offered = await self._read(editor_choices.offered)
        self.comparisons, self.targets, self.lists = offered.comparisons, offered.targets, offered.lists
        named = await self._read(lambda session, _: queries.vendor_names(session, [row.actions]))
        self.targets = with_target(self.targets, self.target, named.get(str(row.actions.get("vendor_id")), ""))
        self.choices, self.senders = editor_choices.with_stored(offered.choices, self.rows), offered.senders
        if not self.missing:
            await self._look()
        self.loaded = True

    @rx.event
    async def leave(self) -> None:
        """Show nothing of this visit on the next one: what is typed before it has loaded would be lost."""
        self.loaded = False

    @rx.event
    async def set_name(self, value: str) -> None:
        """The rule's name."""
        self.name = str(value)[:100]

    @rx.event
    async def set_note(self, value: str) -> None:
        """What the rule is for."""
        self.note = str(value)[:500]

    @rx.event
    async def set_match_type(self, value: str) -> None:
        """Every condition, or any of them."""
        self.match_type = "any" if value == "any" else "all"
        await self._changed(self.rows)

    @rx.event
    async def set_row(self, row_id: str, part: str, value: str) -> None:
        """One input of one line."""
        if part in _PARTS:
            text = str(value)[: tree.LONGEST]
            await self._changed([tree.changed(one, part, text) if one.id == row_id else one for one in self.rows])

    @rx.event
    async def toggle(self, row_id: str, value: str) -> None:
        """Tick one of the things to pick from, or not."""
        text = str(value)[: tree.LONGEST]
        await self._changed([tree.toggled(one, text) if one.id == row_id else one for one in self.rows])

    @rx.event
    async def add(self, parent: str, group: bool) -> None:
        """One more condition or group; parent is the group, empty for the rule itself."""
        await self._changed(tree.added(self.rows, str(parent), group=group is True))

    @rx.event
    async def remove(self, row_id: str) -> None:
        """One condition or group less."""
        await self._changed(tree.removed(self.rows, str(row_id)))

    @rx.event
    async def shift(self, row_id: str, step: int) -> None:
        """One condition or group before (-1) or behind (1) its neighbour."""
        await self._changed(tree.shifted(self.rows, str(row_id), 1 if step == 1 else -1))

    @rx.event
    async def show_as(self, view: str) -> None:
        """Sentences or JSON. JSON that says no rule keeps the view."""
        if view == "json" and not self.as_json:
            said = {"conditions": tree.raw_of(self.rows, self.match_type)[0], "actions": self._actions()}
            self.json_text, self.as_json, self.error = json.dumps(said, indent=2, ensure_ascii=False), True, ""
        elif view != "json" and self.as_json and self._take_json():
            self.as_json = False
            await self._look()

    @rx.event
    async def set_json(self, value: str) -> None:
        """The rule as JSON."""
        self.json_text = str(value)[:LONGEST_JSON]
        if self._take_json():
            await self._look()

    @rx.event
    async def save(self) -> EventSpec | None:
        """Store the rule; what could never work is refused, at the place where it stands."""
        if self.as_json and not self._take_json():
            return None
        raw, places = tree.raw_of(self.rows, self.match_type)
        draft = {"name": self.name, "description": self.note, "conditions": raw, "actions": self._actions()}
        try:
            if self.rule_id == "new":
                await self._run(service.create, draft)
            else:
                await self._run(service.change, parse_uuid(self.rule_id), draft)
        except DomainError as error:
            self._place(error, places, blank_too=True)
            return None
        await self._say("success", "Rule saved. It counts from the next message on.")
        return rx.redirect("/rules")

    @rx.event
    async def try_it(self) -> EventSpec | None:
        """Hold the rules with this draft against past messages, in the time machine."""
        if self.as_json and not self._take_json():
            return None
        raw, places = tree.raw_of(self.rows, self.match_type)
        draft = {"name": self.name, "description": self.note, "conditions": raw, "actions": self._actions()}
        try:
            run_id = await self._run(_tried, self.rule_id, draft)
        except DomainError as error:
            self._place(error, places, blank_too=True)
            return None
        return rx.redirect(f"/rules/time-machine/{run_id}")

    async def _changed(self, rows: list[FormRow]) -> None:
        self.rows = tree.told(rows, self.match_type)
        await self._look()

    async def _look(self) -> None:
        """Hold the draft against the recent messages."""
        raw, places = tree.raw_of(self.rows, self.match_type)
        self.rows, self.error = [replace(one, error="") for one in self.rows], ""
        rule_id = None if self.rule_id == "new" else parse_uuid(self.rule_id)
        try:
            self.preview = await self._run(recent.preview, raw, rule_id)
        except Invalid as error:
            self.preview = Preview()
            self._place(error, places, blank_too=False)

    def _place(self, error: DomainError, places: dict[str, str], *, blank_too: bool) -> None:
        """Put a refusal at the line that it is about; one that is still being entered is left in peace."""
        row_id = tree.row_at(error.field or "", places) if isinstance(error, Invalid) else ""
        if not row_id:
            self.error = error.message if blank_too else ""
            return
        self.rows = [
            replace(one, error=error.message) if one.id == row_id and (blank_too or not tree.is_blank(one)) else one
            for one in self.rows
        ]

    def _take_json(self) -> bool:
        try:
            self.match_type, self.rows, does = editor_choices.read_json(self.json_text)
        except Invalid as error:
            self.error = f"{error.message} ({error.field})" if error.field else error.message
            return False
        self.choices = editor_choices.with_stored(self.choices, self.rows)
        self._show_actions(does)
        self.error = ""
        return True


def _tried(session: Session, principal: Principal, rule_id: str, draft: dict[str, Any]) -> str:
    """Queue a run of the workspace's rules with the draft in its place; the run's id."""
    rules = runs.with_draft(session, principal, None if rule_id == "new" else parse_uuid(rule_id), draft)
    title = f"“{draft['name'] or 'New rule'}” as drafted"
    return str(runs.start(session, principal, rules, last=TRIED_ON, title=title).id)
