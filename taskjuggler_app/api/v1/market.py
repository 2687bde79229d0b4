"""The marketplace: listings, bids and vendors."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Cursor, Given, Limit, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, queries
from taskjuggler_app.domain.marketplace import listings as service
from taskjuggler_app.domain.marketplace import vendors as offers
from taskjuggler_app.domain.marketplace.drafts import ListingDraft
from taskjuggler_app.domain.marketplace.queries import Filter
from taskjuggler_app.domain.marketplace.rows import ListingDetail, ListingRow, VendorDetail, VendorRow
from taskjuggler_app.domain.marketplace.vendors import VendorDraft

listings = APIRouter(prefix="/marketplace/listings", tags=["marketplace"])
vendors = APIRouter(prefix="/vendors", tags=["vendors"])
Reads = Annotated[Call, Depends(reads("marketplace"))]
Writes = Annotated[Call, Depends(writes("marketplace"))]
Changes = Annotated[Call, Depends(changes("marketplace"))]


class NewListing(Given):
    """Work that vendors may bid on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "Repair a gutter", "category": "general", "budget_type": "fixed", "budget_max": "300"}
            ]
        }
    )
    title: Annotated[str, Text] = Field(min_length=1, max_length=500)
    description: Annotated[str, Text] = Field("", max_length=10_000)
    category: Annotated[str, Text] = Field("general", max_length=60)
    budget_type: Annotated[str, Text] = Field("fixed", max_length=20)
    budget_min: Annotated[str, Text] = Field("", max_length=20)
    budget_max: Annotated[str, Text] = Field("", max_length=20)
    currency: Annotated[str, Text] = Field("USD", min_length=3, max_length=3)
    needed_by: AwareDatetime | None = None


class NewBid(Given):
    """A vendor's offer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"vendor_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1", "amount": "240.00"}]}
    )
    vendor_id: UUID
    amount: Annotated[str, Text] = Field(min_length=1, max_length=20)
    message: Annotated[str, Text] = Field("", max_length=2000)
    days: int | None = Field(None, ge=1, le=365)


class Choice(Given):
    """The bid that gets the job."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"bid_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1"}]})
    bid_id: UUID


class Reason(Given):
    """Why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The tenant mended it"}]})
    reason: Annotated[str, Text] = Field("", max_length=500)


class Profile(Given):
    """A vendor as customers see it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Rosa Delgado", "categories": ["maintenance"], "base_rate": "85"}]}
    )
    name: Annotated[str, Text] = Field(min_length=1, max_length=200)
    vendor_type: Literal["human", "ai"] = "human"
    business_name: Annotated[str, Text] = Field("", max_length=200)
    description: Annotated[str, Text] = Field("", max_length=5000)
    categories: list[Annotated[str, Text, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    services: list[Annotated[str, Text, Field(max_length=200)]] = Field(default_factory=list, max_length=50)
    address: Annotated[str, Text] = Field("", max_length=300)
    service_radius_miles: int | None = Field(None, ge=1, le=500)
    pricing_model: Annotated[str, Text] = Field("quote", max_length=20)
    base_rate: Annotated[str, Text] = Field("", max_length=20)
    currency: Annotated[str, Text] = Field("USD", min_length=3, max_length=3)


class Switch(Given):
    """Whether the vendor offers work."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_active": False}]})
    is_active: bool


@listings.get("", response_model=Listed[ListingRow])
async def list_listings(
    call: Reads,
    show: Annotated[Literal["open", "mine", "bidding", "won", "all"], Query()] = "open",
    q: Annotated[str, Text, Query(max_length=100)] = "",
    category: Annotated[str, Text, Query(max_length=60)] = "",
    limit: Limit = queries.PAGE_SIZE,
    cursor: Cursor = "",
) -> Response:
    """Listings that the person may see, newest first."""
    wanted = Filter(show=show, text=q, category=category)
    return await call.listed(ListingRow, queries.listings, wanted, cursor, limit)


@listings.post("", status_code=201, response_model=ListingRow)
async def publish(new: NewListing, call: Writes) -> Response:
    """Ask vendors for bids."""
    return await call.write(ListingRow, _publish, new, status=201)


@listings.get("/{listing_id}", response_model=ListingDetail)
async def get_listing(listing_id: UUID, call: Reads) -> Response:
    """One listing with the bids that the person may see."""
    return await call.one(ListingDetail, queries.listing, listing_id)


@listings.post("/{listing_id}/bids", response_model=ListingDetail)
async def place_bid(listing_id: UUID, new: NewBid, call: Changes) -> Response:
    """Bid with a vendor of one's own, or change the bid."""
    return await call.change(ListingDetail, queries.listing, bid, listing_id, new)


@listings.post("/{listing_id}/award", response_model=ListingDetail)
async def award(listing_id: UUID, choice: Choice, call: Changes) -> Response:
    """Give the job to one bid; it is begun when its buyer has paid."""
    return await call.change(ListingDetail, queries.listing, _award, listing_id, choice.bid_id)


@listings.post("/{listing_id}/cancel", response_model=ListingDetail)
async def cancel(listing_id: UUID, why: Reason, call: Changes) -> Response:
    """Take a listing away; what is held goes back."""
    return await call.change(ListingDetail, queries.listing, _cancel, listing_id, why.reason)


@listings.post("/{listing_id}/reopen", response_model=ListingDetail)
async def reopen(listing_id: UUID, call: Changes) -> Response:
    """Open a cancelled or expired listing for another two weeks."""
    return await call.change(ListingDetail, queries.listing, _reopen, listing_id)


@listings.post("/{listing_id}/bids/{bid_id}/withdraw", response_model=ListingDetail)
async def withdraw(listing_id: UUID, bid_id: UUID, call: Changes) -> Response:
    """Take a bid back."""
    return await call.change(ListingDetail, queries.listing, _withdraw, listing_id, bid_id)


@vendors.get("", response_model=Listed[VendorRow])
async def list_vendors(
    call: Reads,
    q: Annotated[str, Text, Query(max_length=100)] = "",
    category: Annotated[str, Text, Query(max_length=60)] = "",
    limit: Limit = queries.PAGE_SIZE,
    cursor: Cursor = "",
) -> Response:
    """Vendors of the marketplace, best first."""
    return await call.listed(VendorRow, queries.vendors, Filter(text=q, category=category), cursor, limit)


@vendors.get("/{vendor_id}", response_model=VendorDetail)
async def get_vendor(vendor_id: UUID, call: Reads) -> Response:
    """One vendor with its ratings."""
    return await call.one(VendorDetail, queries.vendor, vendor_id)


@vendors.post("", status_code=201, response_model=VendorDetail)
async def create_vendor(profile: Profile, call: Writes) -> Response:
    """Offer work. 409 for a person who has a profile already."""
    return await call.write(VendorDetail, _save, None, profile, status=201)


@vendors.put("/{vendor_id}", response_model=VendorDetail)
async def change_vendor(vendor_id: UUID, profile: Profile, call: Changes) -> Response:
    """Replace a profile of one's own; a new name, business or category ends its verification."""
    return await call.change(VendorDetail, queries.vendor, _save, vendor_id, profile)


@vendors.post("/{vendor_id}/active", response_model=VendorDetail)
async def switch_vendor(vendor_id: UUID, switch: Switch, call: Changes) -> Response:
    """Offer work, or pause."""
    return await call.change(VendorDetail, queries.vendor, _switch, vendor_id, switch.is_active)


def _award(session: Session, principal: Principal, listing_id: UUID, bid_id: UUID) -> ListingDetail:
    bids.award(session, principal, listing_id, bid_id)
    session.flush()
    return queries.listing(session, principal, listing_id)


def _cancel(session: Session, principal: Principal, listing_id: UUID, reason: str) -> ListingDetail:
    service.cancel(session, principal, listing_id, reason)
    session.flush()
    return queries.listing(session, principal, listing_id)


def _reopen(session: Session, principal: Principal, listing_id: UUID) -> ListingDetail:
    service.reopen(session, principal, listing_id)
    session.flush()
    return queries.listing(session, principal, listing_id)


def _withdraw(session: Session, principal: Principal, listing_id: UUID, bid_id: UUID) -> ListingDetail:
    if bids.withdraw(session, principal, bid_id).listing_id != listing_id:
        raise NotFound
    session.flush()
    return queries.listing(session, principal, listing_id)


def _save(session: Session, principal: Principal, vendor_id: UUID | None, profile: Profile) -> VendorDetail:
    draft = VendorDraft(**profile.model_dump())
    if vendor_id is not None:  # what the API does not name stays
        kept = offers.mine(session, principal, vendor_id)
        draft = replace(draft, logo_url=kept.logo_url or "")
    made = offers.save(session, principal, draft, vendor_id)
    session.flush()
    return queries.vendor(session, principal, made.id)


def _switch(session: Session, principal: Principal, vendor_id: UUID, active: bool) -> VendorDetail:
    offers.set_active(session, principal, vendor_id, active)
    session.flush()
    return queries.vendor(session, principal, vendor_id)


def _publish(session: Session, principal: Principal, new: NewListing) -> ListingRow:
    made = service.publish(session, principal, ListingDraft(**new.model_dump()))
    session.flush()
    return queries.listing(session, principal, made.id).row


def bid(session: Session, principal: Principal, listing_id: UUID, new: NewBid) -> ListingDetail:
    bids.place(session, principal, listing_id, new.vendor_id, new.amount, message=new.message, days=new.days)
    session.flush()
    return queries.listing(session, principal, listing_id)
