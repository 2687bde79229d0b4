"""The marketplace: listings, bids and vendors."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import reads, writes
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, queries
from taskjuggler_app.domain.marketplace import listings as service
from taskjuggler_app.domain.marketplace.drafts import ListingDraft
from taskjuggler_app.domain.marketplace.queries import Filter
from taskjuggler_app.domain.marketplace.rows import ListingDetail, ListingRow, VendorDetail, VendorRow

listings = APIRouter(prefix="/marketplace/listings", tags=["marketplace"])
vendors = APIRouter(prefix="/vendors", tags=["vendors"])
Reads = Annotated[Call, Depends(reads("marketplace"))]
Writes = Annotated[Call, Depends(writes("marketplace"))]


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


@listings.get("", response_model=Listed[ListingRow])
async def list_listings(
    call: Reads,
    show: Annotated[Literal["open", "mine", "won", "all"], Query()] = "open",
    q: Annotated[str, Text, Query(max_length=100)] = "",
    category: Annotated[str, Text, Query(max_length=60)] = "",
) -> Response:
    """Listings that the person may see."""
    return await call.listed(ListingRow, queries.listings, Filter(show=show, text=q, category=category))


@listings.post("", status_code=201, response_model=ListingRow)
async def publish(new: NewListing, call: Writes) -> Response:
    """Ask vendors for bids."""
    return await call.write(ListingRow, _publish, new, status=201)


@listings.get("/{listing_id}", response_model=ListingDetail)
async def get_listing(listing_id: UUID, call: Reads) -> Response:
    """One listing with the bids that the person may see."""
    return await call.one(ListingDetail, queries.listing, listing_id)


@listings.post("/{listing_id}/bids", response_model=ListingDetail)
async def place_bid(listing_id: UUID, new: NewBid, call: Writes) -> Response:
    """Bid with a vendor of one's own, or change the bid."""
    return await call.write(ListingDetail, bid, listing_id, new)


@vendors.get("", response_model=Listed[VendorRow])
async def list_vendors(
    call: Reads,
    q: Annotated[str, Text, Query(max_length=100)] = "",
    category: Annotated[str, Text, Query(max_length=60)] = "",
) -> Response:
    """Vendors of the marketplace."""
    return await call.listed(VendorRow, queries.vendors, Filter(text=q, category=category))


@vendors.get("/{vendor_id}", response_model=VendorDetail)
async def get_vendor(vendor_id: UUID, call: Reads) -> Response:
    """One vendor with its ratings."""
    return await call.one(VendorDetail, queries.vendor, vendor_id)


def _publish(session: Session, principal: Principal, new: NewListing) -> ListingRow:
    made = service.publish(session, principal, ListingDraft(**new.model_dump()))
    session.flush()
    return queries.listing(session, principal, made.id).row


def bid(session: Session, principal: Principal, listing_id: UUID, new: NewBid) -> ListingDetail:
    bids.place(session, principal, listing_id, new.vendor_id, new.amount, message=new.message, days=new.days)
    session.flush()
    return queries.listing(session, principal, listing_id)
