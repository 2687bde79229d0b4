"""The "then" half of the rule editor: the actions as inputs, and back to what the domain takes."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.marketplace.rows import VendorRow
from taskjuggler_app.domain.routing import saying
from taskjuggler_app.domain.routing.actions import VENDORS
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.rules.undoing import plain

LONGEST = 2_000
MEMBER = "member:"
VENDOR = "vendor:"
_TARGETS = ("team_rotation", "team_load", "marketplace")
_BUDGETS = ("budget_type", "budget_min", "budget_max")
_USED = frozenset(
    {
        *("create_task", "title", "priority", "due_in_hours", "tags", "assign_to", "team_member_id", "notify"),
        *("auto_response", "add_to_list", "dismiss", "continue", "vendor_id", "listing"),
    }
)
OUTCOMES = (
    Choice("task", "Make a task", "list-checks"),
    Choice("keep", "Keep in the inbox", "inbox"),
    Choice("dismiss", "Put away", "archive"),
)
_PARTS = frozenset(
    {"outcome", "target", "priority", "due", "title", "tags", "reply", "list_id", "kind_of_work", "most"}
)
_FLAGS = frozenset({"notify", "goes_on", "publishes"})


class ActionsForm(rx.State, mixin=True):
    """What the rule does, as entered."""

    outcome: str = "task"
    target: str = "self"
    priority: str = "normal"
    due: str = ""
    title: str = ""
    tags: str = ""
    reply: str = ""
    list_id: str = ""
    notify: bool = True
    goes_on: bool = False
    kind_of_work: str = ""
    most: str = ""
    publishes: bool = False
    _rest: dict[str, Any] = {}
    _listing: dict[str, Any] = {}

    @rx.event
    async def set_action(self, part: str, value: str) -> None:
        """One input of the actions."""
        if part in _PARTS:
            setattr(self, str(part), str(value)[:LONGEST])

    @rx.event
    async def set_flag(self, part: str, on: bool) -> None:
        """One switch of the actions."""
        if part in _FLAGS:
            setattr(self, str(part), on is True)

    def _show_actions(self, does: dict[str, Any]) -> None:
        kept = "dismiss" if does.get("dismiss") is True else "keep" if does.get("create_task") is False else "task"
        assign = str(does.get("assign_to") or "self")
        member = f"{MEMBER}{does.get('team_member_id', '')}"
        self.outcome = kept
        vendor = f"{VENDOR}{assign}:{does.get('vendor_id', '')}"
        self.target = member if assign == "team_member" else vendor if assign in VENDORS else assign
        self.target = self.target if ":" in self.target or assign in _TARGETS else "self"
        listing = does.get("listing") or {}
        self.kind_of_work, self.most = str(listing.get("category") or ""), str(listing.get("budget_max") or "")
        self.publishes = listing.get("publish") is True
        self._listing = {name: value for name, value in listing.items() if name in _BUDGETS}
        self.priority = str(does.get("priority") or "normal")
        self.due = str(does.get("due_in_hours") or "")
        self.title, self.reply = str(does.get("title") or ""), str(does.get("auto_response") or "")
        self.tags = ", ".join(str(tag) for tag in does.get("tags") or [])
        self.list_id = str(does.get("add_to_list") or "")
        self.notify, self.goes_on = does.get("notify") is not False, does.get("continue") is True
        self._rest = {name: value for name, value in does.items() if name not in _USED}

    def _actions(self) -> dict[str, Any]:
        """The actions as the domain takes them; it is the domain that refuses what makes no sense."""
        made: dict[str, Any] = {**plain(self._rest), "create_task": self.outcome == "task", "notify": self.notify}
        if self.target.startswith(MEMBER):
            made |= {"assign_to": "team_member", "team_member_id": self.target.removeprefix(MEMBER)}
        elif self.target.startswith(VENDOR):
            kind, _, vendor_id = self.target.removeprefix(VENDOR).partition(":")
            made |= {"assign_to": kind, **({"vendor_id": vendor_id} if vendor_id else {})}
        else:
            made["assign_to"] = self.target
        if self.target == "marketplace":
            said = {**plain(self._listing), "category": self.kind_of_work, "budget_max": self.most.strip()}
            made["listing"] = {name: value for name, value in said.items() if value} | {"publish": self.publishes}
        made["priority"] = self.priority
        tags = [tag.strip().removeprefix("#") for tag in self.tags.split(",") if tag.strip().removeprefix("#")]
        due = self.due.strip()
        entered: dict[str, Any] = {
            "due_in_hours": int(due) if due.isascii() and due.isdigit() else due,
            "title": self.title.strip(),
            "tags": tags,
            "auto_response": self.reply.strip(),
            "add_to_list": self.list_id,
            "dismiss": self.outcome == "dismiss",
            "continue": self.goes_on,
        }
        return made | {name: value for name, value in entered.items() if value}


def targets(members: list[tuple[str, str]], vendors: list[VendorRow]) -> list[Choice]:
    """Whom a task may go to: the owner, people by (membership, name), whoever comes next, a listing, vendors."""
    people = [Choice(f"{MEMBER}{member_id}", name) for member_id, name in members]
    others = [Choice(one, saying.TARGETS[one][:1].upper() + saying.TARGETS[one][1:]) for one in _TARGETS]
    return [Choice("self", "The channel's owner"), *people, *others, *(_vendor(one) for one in vendors)]


def with_target(offered: list[Choice], target: str, name: str = "") -> list[Choice]:
    """The targets, and the one that a rule has already: a vendor who is not among the first."""
    if any(one.value == target for one in offered):
        return offered
    gone = "somebody who is not here any more" if target.startswith(MEMBER) else "A vendor: choose one"
    return [*offered, Choice(target, f"{name} (vendor)" if name else gone)]


def _vendor(one: VendorRow) -> Choice:
    kind = "ai_vendor" if one.kind == "ai" else "human_vendor"
    return Choice(f"{VENDOR}{kind}:{one.id}", f"{one.name} ({'AI vendor' if kind == 'ai_vendor' else 'vendor'})")
