"""Rows of the marketplace's pages; amounts and rates as people read them."""

from dataclasses import dataclass, field
from typing import Any

from taskjuggler_app.core import money
from taskjuggler_app.models.marketplace import BudgetType, MarketplaceListing


@dataclass
class PartRow:
    """A part of a score: points of the most that it can bring, and the reason."""

    name: str = ""
    points: int = 0
    of: int = 0
    said: str = ""


@dataclass
class ListingRow:
    """A listing."""

    id: str = ""
    title: str = ""
    description: str = ""
    category: str = ""
    place: str = ""
    miles: str = ""
    budget: str = ""
    status: str = "open"
    bids: int = 0
    business: str = ""
    vendor: str = ""
    vendor_id: str = ""
    task_id: str = ""
    note: str = ""
    mine: bool = False
    may_manage: bool = False
    delivered: bool = False
    needed_by: str = ""
    expires_at: str = ""
    at: str = ""
    currency: str = "USD"


@dataclass
class BidRow:
    """A bid with why it stands where it does."""

    id: str = ""
    vendor: str = ""
    vendor_id: str = ""
    kind: str = "human"
    verified: bool = False
    stars: str = ""
    amount: str = ""
    amount_typed: str = ""
    total: str = ""
    fee: str = ""
    gets: str = ""
    message: str = ""
    days: str = ""
    status: str = "pending"
    score: int = 0
    parts: list[PartRow] = field(default_factory=list)
    why: str = ""
    mine: bool = False
    by_itself: bool = False
    over_budget: bool = False
    at: str = ""
    listing_id: str = ""
    title: str = ""


@dataclass
class VendorRow:
    """A vendor."""

    id: str = ""
    name: str = ""
    business: str = ""
    kind: str = "human"
    description: str = ""
    logo: str = ""
    categories: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    place: str = ""
    radius: str = ""
    miles: str = ""
    rate: str = ""
    rate_typed: str = ""
    pricing: str = "quote"
    currency: str = "USD"
    stars: str = ""
    ratings: int = 0
    jobs: int = 0
    completion: str = ""
    verified: bool = False
    verification: str = ""
    asked: bool = False
    active: bool = True
    paid: bool = False
    account: str = ""
    has_account: bool = False
    needs: list[str] = field(default_factory=list)
    payouts_note: str = ""
    score: int = 0
    parts: list[PartRow] = field(default_factory=list)
    since: str = ""


@dataclass
class RatingRow:
    """What a customer said, and the answer."""

    id: str = ""
    stars: int = 0
    shown: str = ""
    words: str = ""
    who: str = ""
    title: str = ""
    category: str = "general"
    reply: str = ""
    at: str = ""


@dataclass
class ListingDetail:
    """One listing with what the principal may see of it."""

    row: ListingRow = field(default_factory=ListingRow)
    bids: list[BidRow] = field(default_factory=list)
    matches: list[VendorRow] = field(default_factory=list)
    rating: RatingRow = field(default_factory=RatingRow)
    is_vendor: bool = False
    vendors: list[VendorRow] = field(default_factory=list)


@dataclass
class VendorDetail:
    """A vendor's public profile."""

    row: VendorRow = field(default_factory=VendorRow)
    ratings: list[RatingRow] = field(default_factory=list)


def parts_of(stored: list[Any]) -> list[PartRow]:
    """The parts of a stored score."""
    return [PartRow(part["name"], part["points"], part["of"], part["said"]) for part in stored]


def budget_text(listing: MarketplaceListing) -> str:
    """The budget in words."""
    low, high = (money.shown(one, listing.currency) for one in (listing.budget_min, listing.budget_max))
    text = f"{low} to {high}" if low and high else f"up to {high}" if high else f"from {low}" if low else "Open"
    hourly = listing.budget_type is BudgetType.HOURLY and text != "Open"
    return f"{text} an hour" if hourly else text
