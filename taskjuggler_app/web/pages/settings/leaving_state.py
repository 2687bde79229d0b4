"""State of the card that ends an account. It loads before the rest of its page, whose watch keeps this one's."""

import reflex as rx

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.domain.farewell import asking
from taskjuggler_app.domain.farewell.asking import Leaving
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.samples.state import SamplesState
from taskjuggler_app.web.pages.settings import proof
from taskjuggler_app.web.session import PageState


class LeavingAccountState(PageState, rx.State):
    """What would go and stay, what stands in the way, and the asking itself."""

    loaded: bool = False
    leaving: Leaving = Leaving()
    dialog: bool = False
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """How it stands."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.user(principal.user_id), topics.team(principal.team_id)], keep=(SamplesState,))
        self.dialog, self.error, self.error_field = False, "", ""
        await self._refresh()

    async def _refresh(self) -> None:
        self.leaving = await self._run(asking.view, clock.utcnow())
        self.loaded = True

    @rx.event
    async def open_dialog(self) -> None:
        """Ask for the password."""
        self.dialog, self.error, self.error_field = True, "", ""

    @rx.event
    async def close_dialog(self) -> None:
        """Leave it as it is."""
        self.dialog, self.error, self.error_field = False, "", ""

    @rx.event
    async def ask(self, form: dict[str, str]) -> None:
        """Password, and code where one is needed: the account goes when the grace is over."""
        try:
            await proof.password(self, proof.said(form, "password"))
            if self.leaving.needs_code:
                await proof.count_code()
            await self._run(asking.ask, proof.said(form, "code"), clock.utcnow())
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.dialog = False
        await self._refresh()

    @rx.event
    async def keep(self) -> None:
        """The account stays."""
        await self._do(asking.keep)
        await self._refresh()
