"""The state of the rules' check-up."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import ruledoctor
from taskjuggler_app.domain.receptionist.ruledoctor import FindingRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.rules.undoing import Undoing

_DONE = {
    "switch_off": "is switched off",
    "put_before": "is tried before the other rule now",
    "either": "takes either of the values now",
    "stop_replying": "does not reply any more",
}


class DoctorState(Undoing, rx.State):
    """What is wrong with the rules."""

    loaded: bool = False
    rows: list[FindingRow] = []

    @rx.event
    async def load(self) -> None:
        """Look at the rules as they are."""
        self._watch([topics.rules(current_principal().team_id)])
        self.done = ""
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(ruledoctor.examine)
        self.loaded = True

    @rx.event
    async def mend(self, finding_id: str) -> None:
        """The one click that a finding offers."""
        row = next((one for one in self.rows if one.id == finding_id), None)
        if row is not None and row.fix in _DONE:
            other = parse_uuid(row.other_id) if row.other_id else None
            await self._undoable(f"“{row.rule}” {_DONE[row.fix]}.", ruledoctor.mend, row.rule_id, row.fix, other)
