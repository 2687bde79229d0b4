"""State of the page of API keys."""

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.domain.teams.tokens import TokenRow
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class KeysState(PageState, rx.State):
    """A person's API keys, the form of a new one, and its secret, shown once."""

    loaded: bool = False
    rows: list[TokenRow] = []
    form_open: bool = False
    secret: str = ""
    example: str = ""
    url: str = ""
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the keys; a secret that was shown before is gone."""
        principal = current_principal()
        if principal.user_id is not None:
            self._watch([topics.user(principal.user_id)])
        self.secret, self.form_open = "", False
        self.url = settings().public_url
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(tokens.own)
        self.loaded = True

    @rx.event
    async def open_form(self) -> None:
        """The form of a new key."""
        self.error = self.error_field = self.secret = ""
        self.form_open = True

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def create(self, form: dict[str, str]) -> None:
        """Make a key and show its secret."""
        values = {str(key): str(value)[:100] for key, value in dict(form).items()}
        wanted = [one for one in tokens.ABILITIES if values.get(one) in ("on", "true", "True")]
        days = values.get("days", "")
        try:
            made = await self._run(
                tokens.create, name=values.get("name", ""), abilities=wanted, days=int(days) if days.isdecimal() else -1
            )
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.secret, self.form_open = made.secret, False
        self.example = (
            f"curl {settings().public_url}/api/v1/inbox -H 'Authorization: Bearer {made.secret}' "
            "-H 'Content-Type: application/json' "
            '-d \'{"from": "ada@example.com", "text": "The kitchen faucet is leaking"}\''
        )
        await self._refresh()

    @rx.event
    async def revoke(self, token_id: str) -> None:
        """Make a key worthless."""
        number = str(token_id)
        if number.isdecimal() and len(number) < 19:
            await self._run_revoke(int(number))
        await self._refresh()

    async def _run_revoke(self, token_id: int) -> None:
        try:
            await self._run(tokens.revoke, token_id)
        except DomainError as error:
            await self._say("error", error.message)
            return
        self.secret = ""
        await self._say("success", "The key is revoked.")
