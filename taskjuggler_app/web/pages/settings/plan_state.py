"""State of the page of the workspace's plan."""

from typing import Any

import reflex as rx

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.plans import billing
from taskjuggler_app.domain.plans.billing import LimitRow, PlanRow, PlanView
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class PlanState(PageState, rx.State):
    """What counts, what is used, what else there is."""

    loaded: bool = False
    view: PlanView = PlanView()
    limits: list[LimitRow] = []
    plans: list[PlanRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the plan."""
        self._watch([topics.team(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.view = await self._read(billing.view)
        self.limits, self.plans = self.view.limits, self.view.plans
        self.loaded = True

    @rx.event
    async def choose(self, plan: str) -> Any:
        """On to where a plan is paid; the free one ends what is paid now."""
        if plan == "free":
            await self._end()
            return None
        charge = await self._do(billing.charge, str(plan))
        if charge is None:
            return None
        try:
            place = await run_in_db(registry.payments().checkout, charge)
        except VendorError as error:
            await self._say("error", str(error))
            return None
        return rx.redirect(place.url, is_external=False)

    async def _end(self) -> None:
        found = await self._do(billing.subscription)
        if found is None:
            return
        try:
            await run_in_db(registry.payments().end_subscription, found)
        except VendorError as error:
            await self._say("error", str(error))
            return
        await self._say("success", "It ends when what is paid for is over. Until then nothing changes.")

    @rx.event
    async def portal(self) -> Any:
        """On to the provider's page for cards and invoices."""
        customer = await self._do(billing.customer)
        if customer is None:
            return None
        back = f"{settings().public_url}{billing.PATH}"
        try:
            url = await run_in_db(registry.payments().portal, customer, back)
        except VendorError as error:
            await self._say("error", str(error))
            return None
        return rx.redirect(url, is_external=False)
