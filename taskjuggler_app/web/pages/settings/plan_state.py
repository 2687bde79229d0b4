"""State of the page of the workspace's plan."""

from typing import Any

import reflex as rx

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.billing import service
from taskjuggler_app.domain.billing.service import LimitRow, PaidRow, PlanRow, PlanView, Quote
from taskjuggler_app.domain.billing.subscriptions import PATH
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class PlanState(PageState, rx.State):
    """What counts, what is used, what else there is."""

    loaded: bool = False
    view: PlanView = PlanView()
    limits: list[LimitRow] = []
    plans: list[PlanRow] = []
    paid: list[PaidRow] = []
    quote: Quote = Quote()
    asking: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the plan."""
        self._watch([topics.team(current_principal().team_id)])
        self.asking = False
        await self._refresh()

    async def _refresh(self) -> None:
        self.view = await self._read(service.view)
        self.limits, self.plans, self.paid = self.view.limits, self.view.plans, self.view.paid
        self.loaded = True

    @rx.event
    async def begin(self, plan: str) -> Any:
        """On to where a first plan is paid."""
        charge = await self._do(service.charge, str(plan))
        if charge is None:
            return None
        try:
            place = await run_in_db(registry.payments().checkout, charge)
        except VendorError as error:
            await self._say("error", str(error))
            return None
        await self._do(service.remember_checkout, place.id)
        return rx.redirect(place.url, is_external=False)

    @rx.event
    async def ask(self, plan: str) -> None:
        """Say what a change costs, and ask."""
        found = await self._do(service.quote, str(plan))
        if found is not None:
            self.quote, self.asking = found, True

    @rx.event
    async def leave(self) -> None:
        """Do not change it."""
        self.asking = False

    @rx.event
    async def change(self) -> None:
        """Go on under the plan that was asked about."""
        self.asking = False
        found = await self._do(service.change, self.quote.plan)
        if found is None:
            return
        try:
            await run_in_db(registry.payments().change_subscription, *found, clock.utcnow())
        except VendorError as error:
            await self._say("error", str(error))
            return
        await self._say("success", "Done. The page shows it as soon as the provider confirms it.")

    @rx.event
    async def end(self) -> None:
        """Back to the free plan when what is paid for is over."""
        found = await self._do(service.subscription)
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
        customer = await self._do(service.customer)
        if customer is None:
            return None
        try:
            url = await run_in_db(registry.payments().portal, customer, f"{settings().public_url}{PATH}")
        except VendorError as error:
            await self._say("error", str(error))
            return None
        return rx.redirect(url, is_external=False)
