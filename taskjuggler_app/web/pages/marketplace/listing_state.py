"""State of one listing: the live bid board, the award, the work, the money."""

from typing import Any
from uuid import UUID

import reflex as rx

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import topics
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.marketplace import bids, listings, queries, work
from taskjuggler_app.domain.marketplace.rows import BidRow, ListingRow, RatingRow, VendorRow
from taskjuggler_app.domain.payments import by_hand, disputes, refusals, service
from taskjuggler_app.domain.payments import queries as money
from taskjuggler_app.domain.payments.rows import DisputeRow, PaymentRow
from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.pages.marketplace.state import whole
from taskjuggler_app.web.session import PageState


class ListingState(PageState, rx.State):
    """One listing."""

    loaded: bool = False
    missing: bool = False
    row: ListingRow = ListingRow()
    bids: list[BidRow] = []
    matches: list[VendorRow] = []
    rating: RatingRow = RatingRow()
    payment: PaymentRow = PaymentRow()
    dispute: DisputeRow = DisputeRow()
    is_vendor: bool = False
    vendors: list[Choice] = []
    my_bid: BidRow = BidRow()
    error: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the listing that the address names."""
        self.loaded = self.missing = False
        try:
            self._watch([topics.listing(self._id())])
            await self._refresh()
        except NotFound:
            self.missing = True
        self.loaded = True

    def _id(self) -> UUID:
        return parse_uuid(self._path_arg("listing_id"))

    async def _refresh(self) -> None:
        found = await self._read(queries.listing, self._id())
        self.row, self.bids, self.matches = found.row, found.bids, found.matches
        self.rating, self.is_vendor = found.rating, found.is_vendor
        self.vendors = [Choice(one.id, one.name) for one in found.vendors]
        self.my_bid = next((bid for bid in found.bids if bid.mine), BidRow())
        self.payment = await self._read(money.payment_of_listing, self._id())
        self.dispute = DisputeRow()
        if self.payment.id:
            self.dispute = await self._read(money.dispute_of, parse_uuid(self.payment.id))


class ListingDeeds(ListingState):
    """What people do on a listing's page. Each re-reads the page."""

    @rx.event
    async def bid(self, form: dict[str, Any]) -> None:
        """Bid, or change the bid."""
        self.error = ""
        try:
            await self._run(
                bids.place,
                self._id(),
                parse_uuid(form.get("vendor", "")),
                str(form.get("amount", ""))[:30],
                message=str(form.get("message", "")),
                days=whole(form.get("days", "")),
            )
        except DomainError as error:
            self.error = error.message
            return
        await self._say("success", "Your bid is in. You can change it until somebody is chosen.")
        await self._refresh()

    @rx.event
    async def withdraw(self, bid_id: str) -> None:
        """Take a bid back."""
        if await self._do(bids.withdraw, parse_uuid(bid_id)) is not None:
            await self._say("success", "Taken back.")
        await self._refresh()

    @rx.event
    async def award(self, bid_id: str, directly: bool) -> Any:
        """Give the job to a bid, and go on to the payment."""
        made = await self._do(bids.award, self._id(), parse_uuid(bid_id), directly=directly is True)
        await self._refresh()
        return await self._pay(made.id) if made is not None and directly is not True else None

    @rx.event
    async def pay(self) -> Any:
        """On to where it is paid."""
        return await self._pay(parse_uuid(self.payment.id))

    async def _pay(self, payment_id: UUID) -> Any:
        charge = await self._do(service.charge, payment_id)
        if charge is None:
            return None
        try:
            place = await run_in_db(registry.payments().checkout, charge)
        except VendorError as error:
            if not error.retryable:
                await self._do(refusals.not_opened, payment_id, str(error))
                await self._refresh()
            await self._say("error", str(error))
            return None
        await self._do(service.remember_checkout, payment_id, place.id)
        return rx.redirect(place.url, is_external=False)

    @rx.event
    async def act(self, what: str, form: dict[str, Any]) -> None:
        """The verbs that need no more than a few words: deliver, accept, cancel, reopen, dispute, answer, …"""
        words = str(form.get("words", ""))
        verbs: dict[str, Any] = {
            "deliver": (work.deliver, self._id(), words),
            "accept": (work.accept, self._id()),
            "cancel": (listings.cancel, self._id(), words),
            "reopen": (listings.reopen, self._id()),
            "paid": (by_hand.record, self.payment.id),
            "confirm": (by_hand.confirm, self.payment.id),
            "dispute": (disputes.open_dispute, self.payment.id, words),
            "answer": (disputes.answer, self.dispute.id, words),
            "take-back": (disputes.withdraw, self.dispute.id),
        }
        if what not in verbs:
            return
        verb, subject, *rest = verbs[what]
        if await self._do(verb, parse_uuid(subject), *rest) is not None:
            await self._say("success", "Done.")
        await self._refresh()

    @rx.event
    async def rate(self, form: dict[str, Any]) -> None:
        """Say how it went."""
        stars = whole(form.get("stars", ""), 6) or 0
        if await self._do(work.rate, self._id(), stars, str(form.get("words", ""))) is not None:
            await self._say("success", "Thank you.")
        await self._refresh()

    @rx.event
    async def reply(self, form: dict[str, Any]) -> None:
        """Answer a rating, once."""
        await self._do(work.reply, parse_uuid(self.rating.id), str(form.get("words", "")))
        await self._refresh()
