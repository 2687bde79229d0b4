"""Tables of the marketplace: vendors, listings, bids, AI tools and their runs, payments."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from taskjuggler_app.models.base import Record, Timestamps
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


class ToolType(StrEnum):
    """How an AI tool is called."""

    API = "api"
    WEBHOOK = "webhook"
    FUNCTION = "function"


class ExecutionStatus(StrEnum):
    """Where a tool's run stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


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


class MarketplaceListing(Record, Timestamps, table=True):
    """Job listings posted to marketplace."""

    __tablename__ = "marketplace_listings"
    __table_args__ = (
        Index("idx_listings_status", "status"),
        Index("idx_listings_category", "category"),
        Index("idx_listings_requestor", "requestor_id"),
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


class MarketplaceBid(Record, Timestamps, table=True):
    """Bids on marketplace listings."""

    __tablename__ = "marketplace_bids"
    __table_args__ = (
        Index("idx_bids_listing", "listing_id"),
        Index("idx_bids_vendor", "vendor_id"),
        Index("idx_bids_status", "status"),
    )

    listing_id: UUID = Field(foreign_key="marketplace_listings.id", ondelete="CASCADE")
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id")
    amount: Decimal = money_column(nullable=False)
    currency: str = varchar_column(3, default="USD")
    message: str | None = text_column()
    estimated_completion_days: int | None = None
    status: BidStatus = enum_column(BidStatus, default=BidStatus.PENDING)


class AIToolConfig(Record, Timestamps, table=True):
    """Configuration for AI tools in marketplace."""

    __tablename__ = "ai_tool_configs"
    __table_args__ = (Index("idx_ai_tools_vendor", "vendor_id"),)

    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id", ondelete="CASCADE")
    tool_name: str = Field(max_length=255)
    tool_type: ToolType = enum_column(ToolType, length=50)
    config: dict[str, Any] = jsonb_column()
    is_active: bool = bool_column(default=True)


class AIToolExecution(Record, Timestamps, table=True):
    """Execution history for AI tools."""

    __tablename__ = "ai_tool_executions"
    __table_args__ = (
        Index("idx_ai_executions_task", "task_id"),
        Index("idx_ai_executions_vendor", "vendor_id"),
        Index("idx_ai_executions_status", "status"),
    )

    task_id: UUID = Field(foreign_key="tasks.id")
    tool_config_id: UUID = Field(foreign_key="ai_tool_configs.id")
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id")
    status: ExecutionStatus = enum_column(ExecutionStatus, default=ExecutionStatus.PENDING)
    input_data: dict[str, Any] = jsonb_column()
    output_data: dict[str, Any] | None = jsonb_column(nullable=True)
    error_message: str | None = text_column()
    started_at: datetime | None = utc_column()
    completed_at: datetime | None = utc_column()


class Transaction(Record, Timestamps, table=True):
    """Payment transactions for marketplace."""

    __tablename__ = "transactions"
    __table_args__ = (
        Index("idx_transactions_task", "task_id"),
        Index("idx_transactions_vendor", "vendor_id"),
        Index("idx_transactions_requestor", "requestor_id"),
        Index("idx_transactions_status", "status"),
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
