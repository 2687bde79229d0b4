"""Tables: actors, relationships, conversations, messages, relationship_history, delegation_rules, claim_codes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
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
)


class ActorType(StrEnum):
    """What an actor is; upper case is the exchange format's own."""

    HUMAN = "HUMAN"
    AI_AGENT = "AI_AGENT"
    TEAM = "TEAM"
    IOT_DEVICE = "IOT_DEVICE"
    IOT_GATEWAY = "IOT_GATEWAY"


class ActorStatus(StrEnum):
    """Whether an actor may act."""

    PENDING_CLAIM = "PENDING_CLAIM"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DELETED = "DELETED"


class RelationshipType(StrEnum):
    """What actor A is to actor B."""

    OWNER = "OWNER"
    PEER = "PEER"
    DELEGATE = "DELEGATE"
    WATCHER = "WATCHER"
    VENDOR = "VENDOR"


class EstablishedVia(StrEnum):
    """How two actors came to know each other; `ORGANIZATION` is made by membership."""

    CLAIM_CODE = "CLAIM_CODE"
    INVITATION = "INVITATION"
    ORGANIZATION = "ORGANIZATION"
    API = "API"


class ConversationStatus(StrEnum):
    """A new message reopens a closed conversation."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    CLOSED = "closed"


class MessageType(StrEnum):
    """What a message carries."""

    TEXT = "text"
    TASK = "task"
    FILE = "file"
    SYSTEM = "system"


class RelationshipChange(StrEnum):
    """What changed in a relationship."""

    CREATED = "created"
    UPDATED = "updated"
    PERMISSIONS_CHANGED = "permissions_changed"
    TRUST_UPDATED = "trust_updated"


class Actor(Record, Timestamps, table=True):
    """Actors in the TEF system (humans, AI agents, teams, IoT devices)."""

    __tablename__ = "actors"
    __table_args__ = (
        Index("idx_actors_type", "actor_type"),
        Index("idx_actors_status", "status"),
        Index("idx_actors_organization", "organization_id"),
        Index("idx_actors_user", "user_id"),
        Index("idx_actors_capabilities", "capabilities", postgresql_using="gin"),
    )

    actor_type: ActorType = enum_column(ActorType, length=50)
    display_name: str = Field(max_length=255)
    capabilities: list[Any] = jsonb_column(default=[])
    contact_methods: list[Any] = jsonb_column(default=[])
    meta: dict[str, Any] = metadata_column()
    authentication: dict[str, Any] = jsonb_column(default={})
    status: ActorStatus = enum_column(ActorStatus, length=50, default=ActorStatus.ACTIVE)
    organization_id: UUID | None = Field(default=None, foreign_key="profiles.id", ondelete="SET NULL")
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")


class Relationship(Record, Timestamps, table=True):
    """Relationships between actors."""

    __tablename__ = "relationships"
    __table_args__ = (
        UniqueConstraint("actor_a_id", "actor_b_id"),
        Index(
            "uq_relationships_pair",
            text("LEAST(actor_a_id, actor_b_id)"),
            text("GREATEST(actor_a_id, actor_b_id)"),
            unique=True,
        ),
        Index("idx_relationships_actor_a", "actor_a_id"),
        Index("idx_relationships_actor_b", "actor_b_id"),
        Index("idx_relationships_type", "relationship_type"),
    )

    actor_a_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    actor_b_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    relationship_type: RelationshipType = enum_column(RelationshipType, length=50)
    permissions: dict[str, Any] = jsonb_column(default={})
    established_via: EstablishedVia = enum_column(EstablishedVia, length=50)
    trust_score: Decimal = money_column(5, 2, nullable=False, default=Decimal("50.00"))
    task_count: int = int_column(default=0)
    expires_at: datetime | None = utc_column()


class Conversation(Record, Timestamps, table=True):
    """Conversations between actors."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("actor_a_id", "actor_b_id"),
        Index(
            "uq_conversations_pair",
            text("LEAST(actor_a_id, actor_b_id)"),
            text("GREATEST(actor_a_id, actor_b_id)"),
            unique=True,
        ),
        Index("idx_conversations_actor_a", "actor_a_id"),
        Index("idx_conversations_actor_b", "actor_b_id"),
    )

    actor_a_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    actor_b_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    subject: str | None = Field(default=None, max_length=500)
    status: ConversationStatus = enum_column(ConversationStatus, length=50, default=ConversationStatus.ACTIVE)


class Message(Record, Created, table=True):
    """Messages in conversations."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("idx_messages_conversation", "conversation_id"),
        Index("idx_messages_sender", "sender_actor_id"),
        Index("idx_messages_created", "created_at"),
    )

    conversation_id: UUID = Field(foreign_key="conversations.id", ondelete="CASCADE")
    sender_actor_id: UUID = Field(foreign_key="actors.id")
    message_type: MessageType = enum_column(MessageType, length=50, default=MessageType.TEXT)
    content: str = text_column(nullable=False)
    meta: dict[str, Any] = metadata_column()


class RelationshipHistory(Record, Created, table=True):
    """History of relationship changes."""

    __tablename__ = "relationship_history"
    __table_args__ = (
        Index("idx_rel_history_relationship", "relationship_id"),
        Index("idx_rel_history_created", "created_at"),
    )

    relationship_id: UUID = Field(foreign_key="relationships.id", ondelete="CASCADE")
    changed_by_actor_id: UUID | None = Field(default=None, foreign_key="actors.id")
    change_type: RelationshipChange = enum_column(RelationshipChange, length=50)
    old_values: dict[str, Any] | None = jsonb_column(nullable=True)
    new_values: dict[str, Any] | None = jsonb_column(nullable=True)


class DelegationRule(Record, Timestamps, table=True):
    """Rules for automatic task delegation."""

    __tablename__ = "delegation_rules"
    __table_args__ = (
        Index("idx_delegation_rules_delegator", "delegator_actor_id"),
        Index("idx_delegation_rules_delegatee", "delegatee_actor_id"),
    )

    delegator_actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    delegatee_actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    conditions: list[Any] | dict[str, Any] = jsonb_column()
    is_active: bool = bool_column(default=True)
    priority: int = int_column(default=100)


class ClaimCode(Record, Created, table=True):
    """Codes for claiming actors (TEF)."""

    __tablename__ = "claim_codes"
    __table_args__ = (
        Index("idx_claim_codes_code", "code"),
        Index("idx_claim_codes_actor", "actor_id"),
    )

    actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    code: str = Field(max_length=32, unique=True)
    claimed_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    expires_at: datetime | None = utc_column()
    is_used: bool = bool_column(default=False)
