"""State of what is chosen in the inbox's list, and what is done to all of it at once."""

from uuid import UUID

import reflex as rx

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.receptionist import snoozing, triage
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.inbox.state import InboxState
from taskjuggler_app.web.session import PageState

REVERSE = {
    "dismiss": "restore",
    "restore": "dismiss",
    "spam": "not_spam",
    "not_spam": "spam",
    "read": "unread",
    "unread": "read",
}
SAID = {
    "dismiss": "dismissed",
    "restore": "back in the inbox",
    "spam": "moved to spam",
    "not_spam": "taken out of spam",
    "read": "marked read",
    "unread": "marked unread",
}


def counted(number: int) -> str:
    """A number of messages in words."""
    return "1 message" if number == 1 else f"{number} messages"


class ChosenState(PageState, rx.State):
    """The chosen messages."""

    ids: list[str] = []
    people: list[Choice] = []

    @rx.event
    async def load(self) -> None:
        """Nothing is chosen when the page opens."""
        self.ids = []
        self.people = [Choice(row.user_id, row.name) for row in await self._read(teams.members)]

    @rx.event
    async def choose(self, item_id: str) -> None:
        """Choose a message, or let it go."""
        one = str(parse_uuid(item_id))
        self.ids = [other for other in self.ids if other != one] if one in self.ids else [*self.ids, one]

    @rx.event
    async def choose_all(self) -> None:
        """All that are shown, or none of them."""
        shown = [row.id for row in (await self.get_state(InboxState)).rows]
        self.ids = [] if set(self.ids) >= set(shown) else shown[: triage.MOST_AT_ONCE]

    @rx.event
    async def let_go(self) -> None:
        """Choose none."""
        self.ids = []

    @rx.event
    async def act(self, verb: str) -> None:
        """Do one thing to all of them; what it does not fit is passed over, and the message says so."""
        if verb not in REVERSE:
            return
        chosen = self._chosen()
        outcome = await self._do(triage.many, verb, chosen)
        if outcome is not None:
            done, why = outcome.done, " ".join(dict.fromkeys(outcome.skipped.values()))
            rest = f" {counted(len(outcome.skipped))} passed over: {why}" if why else ""
            undo = (triage.many, (REVERSE[verb], done)) if done else None
            await self._say("success" if done else "info", f"{counted(len(done))} {SAID[verb]}.{rest}", undo)
        await self._over()

    @rx.event
    async def snooze(self, choice: str) -> None:
        """Take all of them out of sight for a while."""
        try:
            moment = snoozing.until(str(choice), clock.utcnow(), current_principal().timezone)
        except Invalid as error:
            await self._say("error", error.message)
            return
        outcome = await self._do(triage.snooze_many, self._chosen(), moment)
        if outcome is not None:
            undo = (triage.many, ("unsnooze", outcome.done))
            await self._say("success", f"{counted(len(outcome.done))} snoozed.", undo)
        await self._over()

    @rx.event
    async def assign(self, user_id: str) -> None:
        """Say who looks after all of them."""
        before = await self._do(triage.assign_many, self._chosen(), parse_uuid(user_id) if user_id else None)
        if before is not None:
            await self._say("success", f"{counted(len(before))} assigned.", (triage.assign_back, (before,)))
        await self._over()

    def _chosen(self) -> list[UUID]:
        return [parse_uuid(one) for one in self.ids]

    async def _over(self) -> None:
        self.ids = []
        await (await self.get_state(InboxState))._refresh()
