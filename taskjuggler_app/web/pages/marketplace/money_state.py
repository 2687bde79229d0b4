"""State of the payments page, and of the operators' desk."""

from typing import Any

import reflex as rx

from taskjuggler_app.core import money as amounts
from taskjuggler_app.core import topics
from taskjuggler_app.core.errors import DomainError, Forbidden
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.marketplace import queries as market
from taskjuggler_app.domain.marketplace import vendors
from taskjuggler_app.domain.marketplace.rows import VendorRow
from taskjuggler_app.domain.payments import disputes, operations, queries
from taskjuggler_app.domain.payments.rows import DisputeRow, MovementRow, PaymentRow, Trouble
from taskjuggler_app.models.payments import DisputeDecision
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


class PaymentsState(PageState, rx.State):
    """What the workspace pays and is paid."""

    loaded: bool = False
    rows: list[PaymentRow] = []
    receipt_open: bool = False
    chosen: PaymentRow = PaymentRow()
    movements: list[MovementRow] = []
    reference: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the payments."""
        self._watch([topics.payments(current_principal().team_id)])
        await self._refresh()

    async def _refresh(self) -> None:
        self.rows = await self._read(queries.payments)
        self.loaded = True

    @rx.event
    async def receipt(self, payment_id: str) -> None:
        """What moved, and when."""
        found = await self._do(queries.receipt, parse_uuid(payment_id))
        if found is not None:
            self.chosen, self.movements, self.reference = found.row, found.movements, found.reference
            self.receipt_open = True

    @rx.event
    async def close(self) -> None:
        """Put the receipt away."""
        self.receipt_open = False


class DeskState(PageState, rx.State):
    """Disputes, verifications and what does not add up: for who runs this installation."""

    loaded: bool = False
    refused: bool = False
    disputes: list[DisputeRow] = []
    waiting: list[VendorRow] = []
    troubles: list[Trouble] = []

    @rx.event
    async def load(self) -> None:
        """Show what waits for a decision."""
        self.refused = False
        try:
            await self._refresh()
            self._watch([topics.disputes()])
        except Forbidden:
            self.refused = True
        self.loaded = True

    async def _refresh(self) -> None:
        self.disputes = await self._read(queries.disputes)
        self.waiting = await self._read(market.verifications)
        self.troubles = await self._read(queries.troubles)

    @rx.event
    async def decide(self, dispute_id: str, form: dict[str, Any]) -> None:
        """Decide a dispute."""
        wanted = str(form.get("decision", ""))
        if wanted not in list(DisputeDecision):
            await self._say("error", "Choose who gets the money.")
            return
        try:
            currency = next((one.currency for one in self.disputes if one.id == dispute_id), "USD")
            part = amounts.parse_amount(form.get("amount", ""), currency) if wanted == DisputeDecision.SPLIT else None
            note = str(form.get("note", ""))
            await self._run(disputes.decide, parse_uuid(dispute_id), DisputeDecision(wanted), note, part)
        except DomainError as error:
            await self._say("error", error.message)
            return
        await self._say("success", "Decided. Both sides have been told.")
        await self._refresh()

    @rx.event
    async def verify(self, vendor_id: str, verified: bool, form: dict[str, Any]) -> None:
        """Verify a vendor, or say what is missing."""
        note = str(form.get("note", ""))
        if await self._do(vendors.verify, parse_uuid(vendor_id), verified is True, note) is not None:
            await self._say("success", "Told.")
        await self._refresh()

    @rx.event
    async def again(self, operation_id: str) -> None:
        """Order a refused payment once more."""
        if await self._do(_again, parse_uuid(operation_id)) is not None:
            await self._say("success", "Ordered again.")
        await self._refresh()


def _again(session: Any, principal: Any, operation_id: Any) -> bool:
    """The order, by an operator only."""
    queries.troubles(session, principal)
    operations.again(session, operation_id)
    return True
