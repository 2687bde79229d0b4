"""State of somebody's going: what happens to their tasks."""

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.tasks import leaving
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.people.state import TeamState


class LeavingState(TeamState):
    """Who is about to go, and who may have their tasks."""

    leaver: str = ""
    leaver_name: str = ""
    leaver_open: int = 0
    heirs: list[Choice] = []

    @rx.event
    async def ask_removal(self, member_id: str) -> None:
        """Ask what happens to the tasks of somebody who goes."""
        row = next((one for one in self.people if one.id == str(member_id)), None)
        if row is None:
            return
        self.leaver_open = await self._read(leaving.open_count, parse_uuid(member_id))
        self.heirs = [Choice(one.id, one.name) for one in self.people if one.id != row.id]
        self.leaver, self.leaver_name = row.id, "yourself" if row.is_me else row.name

    @rx.event
    async def keep(self) -> None:
        """Nobody goes."""
        self.leaver = ""

    @rx.event
    async def remove(self, form: dict[str, str]) -> EventSpec | None:
        """They go; their open tasks to the heir, or to nobody."""
        heir = str(form.get("heir") or "")  # no field when there are no tasks
        mine = next((one.is_me for one in self.people if one.id == self.leaver), False)
        moved = await self._do(leaving.remove_member, parse_uuid(self.leaver), parse_uuid(heir) if heir else None)
        self.leaver = ""
        if moved is None:
            return None
        if mine:
            return rx.redirect("/")
        await self._say("success", f"Done. {moved} open task{'' if moved == 1 else 's'} changed hands.")
        await self._refresh()
        return None
