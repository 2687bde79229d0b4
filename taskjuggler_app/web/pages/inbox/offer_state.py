"""State of the times that are offered in an answer to a message."""

from dataclasses import dataclass

import reflex as rx

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import offering
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.session import PageState

_LONGEST = 1_000
_WORDS = "Thank you for writing. These times would suit us; choose the one you like best:"


@dataclass
class TimeLine:
    """A time with its box; `chosen` when it fits the message."""

    second: str = ""
    label: str = ""
    chosen: bool = False


class OfferState(PageState, rx.State):
    """Free times that fit a message, and the answer that offers them."""

    offering: bool = False
    types: list[Choice] = []
    type_id: str = ""
    times: list[TimeLine] = []
    words: str = _WORDS
    error: str = ""

    @rx.event
    async def begin(self) -> None:
        """Look for times."""
        self.error, self.words = "", _WORDS
        self.offering = await self._find("")

    @rx.event
    async def leave(self) -> None:
        """Offer nothing."""
        self.offering = False

    @rx.event
    async def choose_type(self, type_id: str) -> None:
        """The times of another type."""
        await self._find(str(type_id))

    @rx.event
    async def send(self, form: dict[str, str]) -> None:
        """Hold the ticked times and send the answer."""
        values = {str(key)[:100]: str(value)[:_LONGEST] for key, value in dict(form).items()}
        chosen = [
            int(line.second)
            for line in self.times
            if values.get(f"time:{line.second}", "") not in ("", "false", "False")
        ]
        self.words = values.get("words", "")
        now = clock.utcnow()
        try:
            item_id, type_id = parse_uuid(self._path_arg("item_id")), parse_uuid(self.type_id)
            await self._run(offering.answer, item_id, type_id, chosen, self.words, now)
        except DomainError as error:
            self.error = error.message
            await self._find(self.type_id)
            return
        self.offering = False
        await self._say("success", "The answer goes out in a moment. The times are held for a day.")

    async def _find(self, type_id: str) -> bool:
        wanted = parse_uuid(type_id) if type_id else None
        found = await self._do(offering.choice, parse_uuid(self._path_arg("item_id")), wanted, clock.utcnow())
        if found is None:
            return False
        self.types = [Choice(value, label) for value, label in found.types]
        self.type_id = found.type_id
        self.times = [TimeLine(one.second, one.label, one.second in found.best) for one in found.times]
        return True
