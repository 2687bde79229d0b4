"""State of a vendor's public profile, and of a vendor's own workspace."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.marketplace import queries, vendors
from taskjuggler_app.domain.marketplace.rows import BidRow, ListingRow, RatingRow, VendorRow
from taskjuggler_app.domain.marketplace.vendors import CATEGORIES, VendorDraft
from taskjuggler_app.domain.payments import queries as money
from taskjuggler_app.domain.payments.rows import Totals
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.pages.marketplace.state import found_place, whole
from taskjuggler_app.web.session import PageState


class VendorState(PageState, rx.State):
    """A vendor's public profile."""

    loaded: bool = False
    missing: bool = False
    row: VendorRow = VendorRow()
    ratings: list[RatingRow] = []
    address: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the vendor that the address names."""
        self.loaded = self.missing = False
        try:
            found = await self._read(queries.vendor, parse_uuid(self._path_arg("vendor_id")))
            self.row, self.ratings = found.row, found.ratings
            self.address = f"{settings().public_url}/vendors/{found.row.id}"
        except NotFound:
            self.missing = True
        self.loaded = True


class WorkshopState(PageState, rx.State):
    """A vendor's own workspace: profile, jobs that fit, bids, earnings."""

    loaded: bool = False
    vendors: list[VendorRow] = []
    fitting: list[ListingRow] = []
    bids: list[BidRow] = []
    totals: Totals = Totals()
    form_open: bool = False
    form: VendorRow = VendorRow()
    error: str = ""
    error_field: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the workspace's vendors."""
        self._watch([topics.marketplace(), topics.payments(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.vendors = await self._read(queries.own_vendors)
        self.fitting = await self._read(queries.jobs_that_fit)
        self.bids = await self._read(queries.own_bids)
        self.totals = await self._read(money.earnings)
        self.loaded = True

    @rx.event
    async def open_form(self, vendor_id: str) -> None:
        """The profile's form; empty for a new vendor."""
        self.form = next((one for one in self.vendors if one.id == vendor_id), VendorRow())
        self.form_open, self.error, self.error_field = True, "", ""

    @rx.event
    async def close_form(self) -> None:
        """Leave the form."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Keep the profile."""
        typed = {name: str(value)[:5_000] for name, value in form.items()}
        try:
            draft = VendorDraft(
                name=typed.get("name", ""),
                vendor_type=typed.get("vendor_type", "human"),
                business_name=typed.get("business_name", ""),
                description=typed.get("description", ""),
                logo_url=typed.get("logo_url", ""),
                categories=[one for one in CATEGORIES if typed.get(f"does-{one}", "") in ("on", "true", "True")],
                services=typed.get("services", "").split(","),
                address=typed.get("place", ""),
                place=await found_place(typed.get("place", "")),
                service_radius_miles=whole(typed.get("radius", "")),
                pricing_model=typed.get("pricing_model", "quote"),
                base_rate=typed.get("base_rate", ""),
                currency=typed.get("currency", "USD"),
            )
            await self._run(vendors.save, draft, parse_uuid(self.form.id) if self.form.id else None)
        except DomainError as error:
            self.error, self.error_field = error.message, getattr(error, "field", None) or ""
            return
        self.form_open = False
        await self._say("success", "Saved.")
        await self._refresh()

    @rx.event
    async def pause(self, vendor_id: str, active: bool) -> None:
        """Stop offering work, or go on."""
        await self._do(vendors.set_active, parse_uuid(vendor_id), active is True)
        await self._refresh()

    @rx.event
    async def ask_verification(self, vendor_id: str) -> None:
        """Have the profile looked at."""
        if await self._do(vendors.ask_verification, parse_uuid(vendor_id)) is not None:
            await self._say("success", "Asked. You will hear.")
        await self._refresh()
