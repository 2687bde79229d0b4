"""Tables of the marketplace: vendors, listings, bids, matches, ratings, payments."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    jsonb_column,
    metadata_column,
    money_column,
    text_column,
    utc_column,
    varchar_column,
)


class VendorType(StrEnum):
    """Who does a vendor's work."""

    HUMAN = "human"
    AI = "ai"
    HYBRID = "hybrid"


class AIProvider(StrEnum):
    """Who runs an AI vendor: our own LLM port, the vendor's own tools, or a named preset of those."""

    INTERNAL = "internal"
    BOTJOB = "botjob"
    ALPHASITE = "alphasite"
    EXTERNAL = "external"


class PricingModel(StrEnum):
    """How a vendor charges."""

    FIXED = "fixed"
    HOURLY = "hourly"
    QUOTE = "quote"
    PER_TASK = "per_task"


class BudgetType(StrEnum):
    """How a listing pays."""

    FIXED = "fixed"
    HOURLY = "hourly"
    QUOTE = "quote"


class ListingStatus(StrEnum):
    """Where a listing stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class BidStatus(StrEnum):
    """What became of a bid."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PaymentMethod(StrEnum):
    """How a vendor is paid; `manual` is recorded by the requestor and confirmed by the vendor."""

    STRIPE_CONNECT = "stripe_connect"
    STRIPE = "stripe"
    MANUAL = "manual"


class TransactionStatus(StrEnum):
    """Where a payment stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    REFUNDED = "refunded"


class MarketplaceVendor(Record, Timestamps, table=True):
    """Vendors (human or AI) in the marketplace."""

    __tablename__ = "marketplace_vendors"
    __table_args__ = (
        Index("idx_vendors_type", "vendor_type", "is_active"),
        Index("idx_vendors_user", "user_id"),
        Index("idx_vendors_team", "team_id"),
        Index("idx_vendors_categories", "categories", postgresql_using="gin"),
        Index("uq_vendors_person", "user_id", unique=True, postgresql_where=text("user_id IS NOT NULL")),
    )

    vendor_type: VendorType = enum_column(VendorType)
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    business_name: str | None = Field(default=None, max_length=255)
    ai_provider: AIProvider | None = enum_column(AIProvider, length=50, nullable=True)
    ai_config: dict[str, Any] | None = jsonb_column(nullable=True)
    name: str = Field(max_length=255)
    description: str | None = text_column()
    logo_url: str | None = Field(default=None, max_length=500)
    categories: list[Any] | None = jsonb_column(nullable=True)
    services: list[Any] = jsonb_column(default=[])
    address: str | None = Field(default=None, max_length=500)
    pricing_model: PricingModel | None = enum_column(PricingModel, nullable=True)
    base_rate: Decimal | None = money_column()
    currency: str = varchar_column(3, default="USD")
    is_active: bool = bool_column(default=True)
    is_verified: bool = bool_column(default=False)
    total_jobs: int = int_column(default=0)
    completed_jobs: int = int_column(default=0)
    average_rating: Decimal | None = money_column(3, 2)
    stripe_account_id: str | None = Field(default=None, max_length=255)
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    payouts_ready: bool = bool_column(default=False)
    payouts: dict[str, Any] = jsonb_column(default={})
    latitude: float | None = Field(default=None, sa_type=Float(53))
    longitude: float | None = Field(default=None, sa_type=Float(53))
    service_radius_miles: int | None = None
    rating_count: int = int_column(default=0)
    verification_asked_at: datetime | None = utc_column()
    verification_note: str | None = text_column()


class MarketplaceListing(Record, Timestamps, table=True):
    """Job listings posted to marketplace."""

    __tablename__ = "marketplace_listings"
    __table_args__ = (
        Index("idx_listings_status", "status"),
        Index("idx_listings_category", "category"),
        Index("idx_listings_requestor", "requestor_id"),
        Index("idx_listings_team", "team_id"),
        Index("idx_listings_expiring", "expires_at", postgresql_where=text("status = 'open'")),
        Index(
            "uq_listings_live_task",
            "task_id",
            unique=True,
            postgresql_where=text("task_id IS NOT NULL AND status IN ('open', 'assigned')"),
        ),
    )

    task_id: UUID | None = Field(default=None, foreign_key="tasks.id")
    requestor_id: UUID = Field(foreign_key="users.id")
    title: str = Field(max_length=500)
    description: str | None = text_column()
    category: str | None = Field(default=None, max_length=100)
    location_required: bool = bool_column(default=False)
    location: dict[str, Any] | None = jsonb_column(nullable=True)
    location_radius_miles: int | None = None
    budget_type: BudgetType | None = enum_column(BudgetType, nullable=True)
    budget_min: Decimal | None = money_column()
    budget_max: Decimal | None = money_column()
    status: ListingStatus = enum_column(ListingStatus, default=ListingStatus.OPEN)
    assigned_vendor_id: UUID | None = Field(default=None, foreign_key="marketplace_vendors.id")
    assigned_at: datetime | None = utc_column()
    needed_by: datetime | None = utc_column()
    expires_at: datetime | None = utc_column()
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    currency: str = varchar_column(3, default="USD")
    place: str = varchar_column(200, default="")
    delivered_at: datetime | None = utc_column()
    completed_at: datetime | None = utc_column()
    closing_note: str | None = text_column()


class MarketplaceBid(Record, Timestamps, table=True):
    """Bids on marketplace listings."""

    __tablename__ = "marketplace_bids"
    __table_args__ = (
        Index("idx_bids_listing", "listing_id"),
        Index("idx_bids_vendor", "vendor_id"),
        Index("idx_bids_status", "status"),
        Index(
            "uq_bids_live",
            "listing_id",
            "vendor_id",
            unique=True,
            postgresql_where=text("status IN ('pending', 'accepted')"),
        ),
        Index("uq_bids_accepted", "listing_id", unique=True, postgresql_where=text("status = 'accepted'")),
    )

    listing_id: UUID = Field(foreign_key="marketplace_listings.id", ondelete="CASCADE")
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id")
    amount: Decimal = money_column(nullable=False)
    currency: str = varchar_column(3, default="USD")
    message: str | None = text_column()
    estimated_completion_days: int | None = None
    status: BidStatus = enum_column(BidStatus, default=BidStatus.PENDING)
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    score: int = int_column(default=0)
    score_parts: list[Any] = jsonb_column(default=[])
    is_automatic: bool = bool_column(default=False)


class MarketplaceMatch(Record, Created, table=True):
    """A vendor that fitted a listing when it was published, with the parts of the score that placed it."""

    __tablename__ = "marketplace_matches"
    __table_args__ = (UniqueConstraint("listing_id", "vendor_id"),)

    listing_id: UUID = Field(foreign_key="marketplace_listings.id", ondelete="CASCADE")
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id", ondelete="CASCADE")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    score: int
    score_parts: list[Any] = jsonb_column(default=[])


class MarketplaceRating(Record, Created, table=True):
    """What a customer says about a finished job, once, and the vendor's one reply."""

    __tablename__ = "marketplace_ratings"
    __table_args__ = (
        Index("idx_marketplace_ratings_vendor", "vendor_id", text("created_at DESC")),
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
    )

    listing_id: UUID = Field(foreign_key="marketplace_listings.id", ondelete="CASCADE", unique=True)
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id", ondelete="CASCADE")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id")
    stars: int
    words: str = varchar_column(2000, default="")
    reply: str | None = Field(default=None, max_length=2000)
    replied_at: datetime | None = utc_column()


class Transaction(Record, Timestamps, table=True):
    """Payment transactions for marketplace."""

    __tablename__ = "transactions"
    __table_args__ = (
        Index("idx_transactions_task", "task_id"),
        Index("idx_transactions_vendor", "vendor_id"),
        Index("idx_transactions_requestor", "requestor_id"),
        Index("idx_transactions_status", "status"),
        Index("idx_transactions_team", "team_id"),
        Index(
            "idx_transactions_releasing",
            "release_at",
            postgresql_where=text("status = 'processing' AND release_at IS NOT NULL"),
        ),
        Index(
            "uq_transactions_live_listing",
            "listing_id",
            unique=True,
            postgresql_where=text(
                "listing_id IS NOT NULL AND status IN ('pending', 'processing') AND emptied_at IS NULL"
            ),
        ),
    )

    task_id: UUID | None = Field(default=None, foreign_key="tasks.id")
    listing_id: UUID | None = Field(default=None, foreign_key="marketplace_listings.id")
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id")
    requestor_id: UUID = Field(foreign_key="users.id")
    amount: Decimal = money_column(nullable=False)
    currency: str = varchar_column(3, default="USD")
    payment_method: PaymentMethod = enum_column(PaymentMethod, length=50)
    stripe_payment_intent_id: str | None = Field(default=None, max_length=255)
    stripe_transfer_id: str | None = Field(default=None, max_length=255)
    status: TransactionStatus = enum_column(TransactionStatus, default=TransactionStatus.PENDING)
    meta: dict[str, Any] = metadata_column()
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="SET NULL")
    provider: str = varchar_column(20, default="embedded")
    checkout_id: str | None = Field(default=None, max_length=255)
    buyer_fee: Decimal = money_column(nullable=False, default=Decimal(0))
    vendor_fee: Decimal = money_column(nullable=False, default=Decimal(0))
    held_at: datetime | None = utc_column()
    emptied_at: datetime | None = utc_column()
    release_at: datetime | None = utc_column()
    problem: str | None = text_column()
    declined_by: str | None = Field(default=None, max_length=255)
