"""Tables: appointment_types, availability_slots, appointments."""

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
    money_column,
    text_column,
    utc_column,
    varchar_column,
)


class AppointmentStatus(StrEnum):
    """What became of a booking."""

    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class AppointmentType(Record, Timestamps, table=True):
    """Types of appointments users can book."""

    __tablename__ = "appointment_types"
    __table_args__ = (
        Index("idx_appointment_types_user", "user_id", "is_active"),
        Index("idx_appointment_types_slug", "booking_slug"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    description: str | None = text_column()
    duration_minutes: int = int_column(default=30)
    color: str = varchar_column(7, default="#3B82F6")
    is_active: bool = bool_column(default=True)
    buffer_before_minutes: int = int_column(default=0)
    buffer_after_minutes: int = int_column(default=0)
    advance_booking_days: int = int_column(default=30)
    cancellation_hours: int = int_column(default=24)
    price: Decimal | None = money_column()
    currency: str = varchar_column(3, default="USD")
    booking_slug: str = Field(max_length=100, unique=True)
    is_public: bool = bool_column(default=True)


class AvailabilitySlot(Record, Timestamps, table=True):
    """Available time slots for appointments."""

    __tablename__ = "availability_slots"
    __table_args__ = (
        Index("idx_availability_slots_type", "appointment_type_id"),
        Index("idx_availability_slots_time", "start_time", "end_time"),
    )

    appointment_type_id: UUID = Field(foreign_key="appointment_types.id", ondelete="CASCADE")
    start_time: datetime = utc_column(nullable=False)
    end_time: datetime = utc_column(nullable=False)
    is_available: bool = bool_column(default=True)
    is_recurring: bool = bool_column(default=False)
    recurrence_pattern: dict[str, Any] | None = jsonb_column(nullable=True)


class Appointment(Record, Timestamps, table=True):
    """Booked appointments."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("idx_appointments_type", "appointment_type_id"),
        Index("idx_appointments_user", "user_id"),
        Index("idx_appointments_time", "start_time"),
    )

    appointment_type_id: UUID = Field(foreign_key="appointment_types.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    start_time: datetime = utc_column(nullable=False)
    end_time: datetime = utc_column(nullable=False)
    status: AppointmentStatus = enum_column(AppointmentStatus, default=AppointmentStatus.SCHEDULED)
    notes: str | None = text_column()
    cancelled_at: datetime | None = utc_column()
    cancellation_reason: str | None = text_column()
