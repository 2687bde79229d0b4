"""State of the simulator's page."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.domain.receptionist import flights
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

SHOWN = (
    ("items_expected", "Messages expected"),
    ("items", "Messages in the inbox"),
    ("duplicates", "Duplicates"),
    ("lost", "Lost"),
    ("reply_loops", "Reply loops"),
    ("texts", "Texts"),
    ("calls", "Calls"),
    ("mails", "Mails"),
    ("replies", "Replies sent"),
    ("withheld", "Replies withheld"),
    ("events_per_s", "Events a second"),
)


class SimulatorState(PageState, rx.State):
    """The last flight, and the button for the next."""

    loaded: bool = False
    possible: bool = False
    state: str = ""
    note: str = ""
    events: int = 0
    at: str = ""
    clean: bool = False
    figures: list[list[str]] = []

    @rx.event
    async def load(self) -> None:
        """Show the last flight."""
        self._watch([topics.channels(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.possible = flights.is_possible()
        found = await self._read(flights.last)
        self.state, self.note, self.events, self.at = found.state, found.note, found.events, found.at
        figures = found.figures or {}
        self.figures = [[label, f"{figures[name]:g}"] for name, label in SHOWN if name in figures]
        self.clean = not any(figures.get(name) for name in ("duplicates", "lost", "reply_loops"))
        self.loaded = True

    @rx.event
    async def fly(self, form: dict[str, str]) -> None:
        """Let a storm loose."""
        number = str(form.get("events", "")).strip()
        await self._do(flights.start, int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0)
        await self._refresh()
