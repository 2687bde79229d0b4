"""State of the second step's card among the settings of password and devices."""

import reflex as rx
import segno

from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.domain.access import two_factor
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.settings import proof
from taskjuggler_app.web.pages.settings.state import SecurityState
from taskjuggler_app.web.session import PageState


class TwoFactorState(PageState, rx.State):
    """Setting the second step up, its recovery codes, and ending it."""

    on: bool = False
    since: str = ""
    codes_left: int = 0
    qr: str = ""
    secret: str = ""
    codes: list[str] = []
    dialog: str = ""
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """How it stands; what was shown once is gone."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.user(principal.user_id)], keep=(SecurityState,))
        self.qr = self.secret = ""
        self.codes = []
        self._close()
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._read(two_factor.status)
        self.on, self.codes_left = found.on, found.codes_left
        self.since = found.since.isoformat() if found.since else ""

    @rx.event
    async def open_dialog(self, name: str) -> None:
        """Ask for what the deed needs: `begin`, `renew` or `off`."""
        self._close()
        self.dialog = str(name)[:10]

    @rx.event
    async def close_dialog(self) -> None:
        """Leave it as it is."""
        self._close()

    @rx.event
    async def begin(self, form: dict[str, str]) -> None:
        """The password, for a secret that the person's app takes."""
        try:
            await proof.password(self, proof.said(form, "password"))
            setup = await self._run(two_factor.begin)
        except DomainError as error:
            self._refused(error)
            return
        self._close()
        self.secret = " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4))
        self.qr = segno.make(setup.uri, error="m").svg_data_uri(scale=5, border=2, light="#ffffff")

    @rx.event
    async def stop(self) -> None:
        """Leave the setting up."""
        self.qr = self.secret = ""
        self._close()

    @rx.event
    async def confirm(self, form: dict[str, str]) -> None:
        """The app's first code turns it on."""
        try:
            self.codes = await self._run(two_factor.confirm, proof.said(form, "code"), clock.utcnow())
        except DomainError as error:
            self._refused(error)
            return
        self.qr = self.secret = ""
        self._close()
        await self._refresh()
        await self._say("success", "Two-factor sign-in is on.")

    @rx.event
    async def renew(self, form: dict[str, str]) -> None:
        """Ten new recovery codes for a code of the app."""
        try:
            await proof.count_code()
            self.codes = await self._run(two_factor.renew_codes, proof.said(form, "code"), clock.utcnow())
        except DomainError as error:
            self._refused(error)
            return
        self._close()
        await self._refresh()

    @rx.event
    async def hide_codes(self) -> None:
        """They are kept somewhere else now."""
        self.codes = []

    @rx.event
    async def turn_off(self, form: dict[str, str]) -> None:
        """Password and code, for the last time together."""
        try:
            await proof.password(self, proof.said(form, "password"))
            await proof.count_code()
            await self._run(two_factor.turn_off, proof.said(form, "code"), clock.utcnow())
        except DomainError as error:
            self._refused(error)
            return
        self.codes = []
        self._close()
        await self._refresh()
        await self._say("success", "Two-factor sign-in is off.")

    def _refused(self, error: DomainError) -> None:
        self.error = error.message
        self.error_field = (error.field or "") if isinstance(error, Invalid) else ""

    def _close(self) -> None:
        self.dialog = self.error = self.error_field = ""
