"""State of the page that sets up the workspace's language model."""

import asyncio
from typing import Any

import reflex as rx

from taskjuggler_app.adapters import trying
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.domain.receptionist import assistant
from taskjuggler_app.domain.receptionist.assistant import AIView
from taskjuggler_app.web.session import PageState

_LONGEST = 600


class AIState(PageState, rx.State):
    """Provider, address, model, key, budget, and how a test went."""

    loaded: bool = False
    view: AIView = AIView()
    provider: str = "openai"
    address: str = ""
    result: str = ""
    result_good: bool = False
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the settings."""
        self.error = self.error_field = self.result = ""
        await self._refresh()

    async def _refresh(self) -> None:
        self.view = await self._read(assistant.view)
        self.provider, self.address = self.view.provider, self.view.base_url
        self.loaded = True

    @rx.event
    async def choose(self, provider: str) -> None:
        """A provider brings its address."""
        if str(provider) in assistant.PROVIDERS:
            self.provider = str(provider)
            self.address = assistant.PROVIDERS[self.provider][1]

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Store the form."""
        values = {str(key)[:30]: str(value)[:_LONGEST] for key, value in dict(form).items()}
        budget = values.get("daily_budget", "")
        try:
            await self._run(
                assistant.save,
                is_on=values.get("is_on", "") in ("on", "true", "True"),
                provider=values.get("provider", ""),
                base_url=values.get("base_url", ""),
                model=values.get("model", ""),
                key=values.get("key", ""),
                daily_budget=int(budget) if budget.isdecimal() and len(budget) < 7 else -1,
            )
        except DomainError as error:
            self.error = error.message
            self.error_field = (error.field or "") if isinstance(error, Invalid) else ""
            return
        self.error = self.error_field = self.result = ""
        await self._say("success", "Saved.")
        await self._refresh()

    @rx.event
    async def test(self) -> None:
        """Read a made-up message with the model, and say in plain words how it went."""
        access = await self._do(assistant.access)
        if access is None:
            return
        tried = await asyncio.to_thread(trying.run_model, access)
        self.result_good, self.result = tried.good, tried.said
