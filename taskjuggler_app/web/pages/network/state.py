"""States of the network pages."""

import asyncio

import reflex as rx
from reflex_base.event import EventSpec

from taskjuggler_app.core import topics
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.tef import (
    actors,
    claims,
    graph,
    queries,
)
from taskjuggler_app.domain.tef.rows import ActorRow
from taskjuggler_app.models.tef import ActorType, RelationshipType
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.network import drawing
from taskjuggler_app.web.pages.network.drawing import Picture
from taskjuggler_app.web.session import PageState

_KINDS = {"agent": ActorType.AI_AGENT, "partner": ActorType.HUMAN, "gateway": ActorType.IOT_GATEWAY}


class NetworkState(PageState, rx.State):
    """Everybody the workspace exchanges tasks with."""

    loaded: bool = False
    is_admin: bool = False
    rows: list[ActorRow] = []
    alone: bool = False
    kind: str = ""
    relation: str = ""
    wide: Picture = Picture()
    narrow: Picture = Picture()
    waiting: int = 0
    offered: str = ""
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show them, all or the kind in the address, and keep them current."""
        self._watch([topics.network(current_principal().team_id)])
        self.error, self.relation = "", ""
        self.offered = str(self.router.url.query_parameters.get("code", ""))[:20]
        self.kind = self._path_arg("kind") if self._path_arg("kind") in list(ActorType) else ""
        await self._refresh()

    async def _refresh(self) -> None:
        self.is_admin = current_principal().is_admin
        rows, ties, held = await asyncio.gather(
            self._read(queries.network), self._read(graph.ties), self._read(queries.held)
        )
        self.alone = all(row.ours and row.kind in ("TEAM", "HUMAN") for row in rows)
        self.rows = [row for row in rows if self.kind in ("", row.kind) and self.relation in ("", row.relation)]
        us = [row for row in rows if row.ours and row.kind == "TEAM" and row not in self.rows]
        self.wide, self.narrow = drawing.wide([*us, *self.rows], ties), drawing.narrow([*us, *self.rows], ties)
        self.waiting, self.loaded = len(held), True

    @rx.event
    async def narrow_to(self, name: str, value: str) -> None:
        """Only one kind of actor, or of relationship; an empty value shows all."""
        if name == "kind" and value in ("", *ActorType):
            self.kind = value
        if name == "relation" and value.upper() in ("", *RelationshipType):
            self.relation = value
        await self._refresh()

    @rx.event
    async def add(self, form: dict[str, str]) -> EventSpec | None:
        """A new actor of the workspace, and go there."""
        kind = _KINDS.get(str(form.get("kind", "")), ActorType.AI_AGENT)
        words = [word.strip() for word in str(form.get("capabilities", ""))[:2000].split(",") if word.strip()]
        address = str(form.get("address", "")).strip()[:500]
        made = await self._do(
            actors.register,
            kind,
            str(form.get("name", ""))[:255],
            capabilities=[{"type": word} for word in words],
            contact_methods=[{"type": "tef", "value": address}] if address else [],
        )
        return None if made is None else rx.redirect(f"/network/{made.id}")

    @rx.event
    async def claim(self, form: dict[str, str]) -> EventSpec | None:
        """Make an actor one's own by its code."""
        return await self._claim(str(form.get("code", "")))

    @rx.event
    async def claim_offered(self) -> EventSpec | None:
        """The same with the code that the page was opened with: a QR code leads here."""
        done = await self._claim(self.offered)
        if self.error:
            await self._say("error", self.error)
        return done

    async def _claim(self, code: str) -> EventSpec | None:
        self.error = ""
        try:
            await run_in_db(limits.count, limits.CLAIM, account=str(current_principal().user_id), ip="")
            made = await self._run(claims.claim, code[:40])
        except DomainError as error:
            self.error = error.message
            return None
        return rx.redirect(f"/network/{made.id}")
