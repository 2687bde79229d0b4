"""State of the page with everything that this business is connected to."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from taskjuggler_app.adapters import trying
from taskjuggler_app.adapters.trying import Standing, Tried
from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.domain.access import integrations
from taskjuggler_app.domain.access.integrations import MODEL, LastTry
from taskjuggler_app.domain.receptionist import assistant
from taskjuggler_app.web.session import PageState


@dataclass
class IntegrationLine:
    """One integration as the page shows it; `took` is in words."""

    key: str = ""
    title: str = ""
    vendor: str = ""
    is_embedded: bool = False
    missing: str = ""
    said: str = ""
    good: bool = False
    took: str = ""
    at: str = ""


class IntegrationsState(PageState, rx.State):
    """How each stands, and what its last test said."""

    loaded: bool = False
    rows: list[IntegrationLine] = []
    testing: str = ""

    @rx.event
    async def load(self) -> None:
        """Show what this person may test."""
        self.testing = ""
        await self._refresh()

    async def _refresh(self) -> None:
        tries = await self._read(integrations.last)
        standings = {one.key: one for one in await asyncio.to_thread(trying.standings)}
        if MODEL in tries:
            standings[MODEL] = await self._model()
        self.rows = [_line(standings[key], said) for key, said in tries.items()]
        self.loaded = True

    async def _model(self) -> Standing:
        view = await self._read(assistant.view)
        vendor = f"{view.provider}, {view.model}" if view.model else "None"
        missing = "" if view.is_on else "its switch (Settings, AI): until it is on, the extractor alone reads messages"
        return Standing(MODEL, "Language model", vendor, is_embedded=not view.model, missing=missing)

    @rx.event
    async def test(self, key: str) -> Any:
        """Say that one is tried, then try it."""
        self.testing = str(key)[:20]
        return IntegrationsState.carry_out

    @rx.event
    async def carry_out(self) -> None:
        """Try the one that was chosen, and keep what it said."""
        name = self.testing
        try:
            await self._run(integrations.begin, name)
            access = await self._run(assistant.access) if name == MODEL else None
            if access is not None:
                tried: Tried = await asyncio.to_thread(trying.run_model, access)
            else:
                tried = await asyncio.to_thread(trying.run, name)
            await self._run(integrations.note, name, tried.good, tried.said, tried.took_ms, clock.utcnow())
        except DomainError as error:
            await self._say("error", error.message)
        self.testing = ""
        await self._refresh()


def _line(standing: Standing, tried: LastTry) -> IntegrationLine:
    took = f"{tried.took_ms / 1000:.1f} s" if tried.took_ms >= 100 else f"{tried.took_ms} ms"
    return IntegrationLine(
        standing.key,
        standing.title,
        standing.vendor,
        standing.is_embedded,
        standing.missing,
        tried.said,
        tried.good,
        took if tried.at else "",
        tried.at,
    )
