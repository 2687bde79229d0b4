"""How a vendor is paid: to the provider's questions and back, and to its page of payouts."""

from typing import Any

import reflex as rx

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.ports import PaymentFact, VendorError
from taskjuggler_app.domain.marketplace import vendors
from taskjuggler_app.domain.payments import events
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState

HOME = "/marketplace/vendor"


class PayoutState(PageState, rx.State):
    """The vendor's way to the provider; what became of it shows on the page by itself, which watches payments."""

    @rx.event
    async def load(self) -> Any:
        """From the provider's pages: go on there, or see what became of the account."""
        query = self.router.url.query_parameters
        came, vendor_id = query.get("payouts", ""), query.get("vendor", "")
        if came == "again":
            return await self._payouts(vendor_id)
        if came == "back":
            await self._came_back(vendor_id)
        return None

    @rx.event
    async def payouts(self, vendor_id: str) -> Any:
        """On to where a vendor says how they are paid."""
        return await self._payouts(str(vendor_id))

    @rx.event
    async def dashboard(self, vendor_id: str) -> Any:
        """On to the provider's page of what was paid out."""
        vendor = await self._do(vendors.mine, parse_uuid(str(vendor_id)))
        if vendor is None or not vendor.stripe_account_id:
            return None
        try:
            url = await run_in_db(registry.payments().dashboard, vendor.stripe_account_id)
        except VendorError as error:
            await self._say("error", str(error))
            return None
        return rx.redirect(url)

    async def _payouts(self, vendor_id: str) -> Any:
        vendor = await self._do(vendors.mine, parse_uuid(vendor_id))
        if vendor is None:
            return None
        here, email = f"{settings().public_url}{HOME}?vendor={vendor.id}&payouts=", current_principal().email
        onboard = registry.payments().onboard
        try:
            place = await run_in_db(onboard, vendor.stripe_account_id or "", email, f"{here}back", f"{here}again")
        except VendorError as error:
            await self._say("error", str(error))
            return None
        await self._do(vendors.set_account, vendor.id, place.id)
        return rx.redirect(place.url)

    async def _came_back(self, vendor_id: str) -> None:
        """Ask the provider how the account stands: its webhook may come later."""
        vendor = await self._do(vendors.mine, parse_uuid(vendor_id))
        if vendor is None or not vendor.stripe_account_id:
            return
        try:
            fact = await run_in_db(registry.payments().account, vendor.stripe_account_id)
        except VendorError:
            return
        await run_in_db(_keep, fact)
        if fact.data.get("ready"):
            await self._say("success", "You can be paid from now on.")


def _keep(fact: PaymentFact) -> None:
    with transaction() as session:
        events.apply(session, fact)
