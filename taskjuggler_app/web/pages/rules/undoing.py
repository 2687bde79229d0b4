"""What pages about rules share: their tabs, and doing things that can be undone."""

from typing import Any

import reflex as rx

from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.routing import undo
from taskjuggler_app.web.components import Choice, button, notice, tab_links
from taskjuggler_app.web.session import PageState

_TABS = (
    Choice("rules", "Rules", "route", "/rules"),
    Choice("doctor", "Check-up", "activity", "/rules/doctor"),
    Choice("machine", "Time machine", "rotate-ccw", "/rules/time-machine"),
)


class Undoing(PageState, mixin=True):
    """`done` says what was just done and can be undone; empty for nothing."""

    done: str = ""
    _before: undo.Snapshot = {}
    _after: undo.Snapshot = {}

    @rx.event
    async def undo(self) -> None:
        """Take back what was just done."""
        if self.done:
            await self._do(undo.put_back, plain(self._before), plain(self._after))
        self.done = ""
        await self._refresh()

    async def _undoable(self, said: str, verb: Any, rule_id: str, *args: Any) -> None:
        """Run a verb about a rule; when it is not refused, say so and offer to undo it."""
        before = await self._run(undo.snapshot)
        if await self._do(_told, verb, parse_uuid(rule_id), *args):
            self._before, self._after, self.done = before, await self._run(undo.snapshot), said
        await self._refresh()


def plain(value: Any) -> Any:
    """Data without the proxies in which a state hands out its own: the database would take one for a text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def rule_tabs(active: str) -> rx.Component:
    """The pages about rules."""
    return tab_links(_TABS, active, label="Rules")


def undo_notice(state: Any) -> rx.Component:
    """What was just done, with the way back; announced when it appears."""
    back = button("Undo", kind="secondary", small=True, icon_name="undo-2", on_click=state.undo)
    shown = notice(state.done, tone="success", icon_name="circle-check", action=back)
    return rx.el.div(rx.cond(state.done != "", shown), role="status")


def _told(session: Any, principal: Any, verb: Any, *args: Any) -> bool:
    """Run the verb; True when it was not refused."""
    verb(session, principal, *args)
    return True
