"""State of a vendor's page for anybody. Guests may call its event: it reads what is public."""

from typing import ClassVar

import reflex as rx

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.marketplace import queries
from taskjuggler_app.domain.marketplace.rows import RatingRow, VendorRow
from taskjuggler_app.web.visitor import ask as as_visitor


class PublicVendorState(rx.State):
    """A vendor's profile."""

    OPEN_TO_GUESTS: ClassVar[bool] = True

    loaded: bool = False
    missing: bool = False
    row: VendorRow = VendorRow()
    ratings: list[RatingRow] = []

    @rx.event
    async def load(self) -> None:
        """Show the vendor that the address names."""
        self.loaded = self.missing = False
        try:
            wanted = parse_uuid(self.rx_router_page.params.get("vendor_id", ""))
            found = await as_visitor(queries.public_vendor, wanted)
            self.row, self.ratings = found.row, found.ratings
        except DomainError:
            self.missing = True
        self.loaded = True
