"""State of the page that an invitation opens."""

import reflex as rx
from reflex_base.event import EventSpec
from reflex_base.event.context import EventContext

from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.domain.teams import invitations
from taskjuggler_app.domain.teams.invitations import Opened
from taskjuggler_app.web import authority, gate
from taskjuggler_app.web.session import PageState


class JoinState(PageState, rx.State):
    """What the holder of an invitation's link sees, signed in or not."""

    loaded: bool = False
    code: str = ""
    team: str = ""
    inviter: str = ""
    state: str = ""
    signed_in_as: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Look the code up. Open to guests: it reads what the link's holder may know, and nothing else."""
        self.code, self.error = self._path_arg("code")[:64], ""
        principal = await authority.of_session(gate.current().session_of(EventContext.get().token))
        self.signed_in_as = principal.email if principal else ""
        try:
            found = await run_in_db(_opened, self.code)
        except DomainError:
            found = Opened(state="unknown")
        self.team, self.inviter, self.state = found.team, found.inviter, found.state
        self.loaded = True

    @rx.event
    async def accept(self) -> EventSpec | None:
        """Join, and go to the team."""
        try:
            await self._run(invitations.accept, self.code)
        except DomainError as error:
            self.error = error.message
            return None
        return rx.redirect("/people")

    @rx.event
    async def decline(self) -> None:
        """Say no. Open to guests: only the link's holder knows the code."""
        try:
            await run_in_db(_decline, self.code)
            self.state = "declined"
        except DomainError as error:
            self.error = error.message


def _opened(code: str) -> Opened:
    with transaction() as session:
        return invitations.opened(session, code)


def _decline(code: str) -> None:
    with transaction() as session:
        invitations.decline(session, code)
