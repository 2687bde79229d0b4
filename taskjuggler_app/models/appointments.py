"""Tables: appointment_types, availability_slots, appointments, and who keeps which hours."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, Index, UniqueConstraint, event, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record, Timestamps
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
    """What became of a booking. A held time waits for its visitor's form, or for their payment."""

    HELD = "held"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class LocationKind(StrEnum):
    """Where people meet."""

    PLACE = "place"
    PHONE = "phone"
    VIDEO = "video"


class ReminderKind(StrEnum):
    """How a guest is reminded."""

    EMAIL = "email"
    SMS = "sms"


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
    notice_minutes: int = int_column(default=120)
    step_minutes: int = int_column(default=30)
    daily_cap: int | None = None
    questions: list[Any] = jsonb_column(default=[])
    reminders: list[Any] = jsonb_column(default=[])
    location_kind: LocationKind = enum_column(LocationKind, default=LocationKind.PLACE)
    location: str = varchar_column(500, default="")


class AppointmentHost(Base, table=True):
    """Who takes a type's appointments; several take turns."""

    __tablename__ = "appointment_hosts"
    __table_args__ = (Index("idx_appointment_hosts_user", "user_id"),)

    appointment_type_id: UUID = Field(foreign_key="appointment_types.id", ondelete="CASCADE", primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")


class HostSchedule(Record, Timestamps, table=True):
    """A host's week: {"mon": [["09:00", "12:00"]]} in local time, and the zone it is local to."""

    __tablename__ = "host_schedules"
    __table_args__ = (UniqueConstraint("team_id", "user_id"), Index("idx_host_schedules_user", "user_id"))

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    timezone: str = Field(max_length=50)
    weekly: dict[str, Any] = jsonb_column(default={})
    public_slug: str = Field(max_length=100, unique=True)


class HostOverride(Record, Created, table=True):
    """A single day of a host that differs from the week: its windows, none for a day off."""

    __tablename__ = "host_overrides"
    __table_args__ = (UniqueConstraint("team_id", "user_id", "day"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    day: date
    windows: list[Any] = jsonb_column(default=[])


class CalendarFeed(Record, Created, table=True):
    """The secret address of a person's appointments for calendar programs; the token is kept as its hash."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (Index("idx_calendar_feeds_user", "user_id"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    token_hash: str = Field(max_length=64, unique=True)
    revoked_at: datetime | None = utc_column()


class CalendarSubscription(Record, Timestamps, table=True):
    """Somebody's other calendar: its events keep their time free of bookings."""

    __tablename__ = "calendar_subscriptions"
    __table_args__ = (
        Index("idx_calendar_subscriptions_user", "user_id"),
        Index("idx_calendar_subscriptions_due", "next_fetch_at"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=100)
    url: str = text_column(nullable=False)
    fetched_at: datetime | None = utc_column()
    next_fetch_at: datetime | None = utc_column()
    error: str = varchar_column(500, default="")


class CalendarBusy(Record, table=True):
    """A busy range out of a subscribed calendar."""

    __tablename__ = "calendar_busy"
    __table_args__ = (Index("idx_calendar_busy_user", "user_id", "start_time"),)

    subscription_id: UUID = Field(foreign_key="calendar_subscriptions.id", ondelete="CASCADE", index=True)
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    start_time: datetime = utc_column(nullable=False)
    end_time: datetime = utc_column(nullable=False)


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
    """Booked appointments. `busy` is the time with both buffers: no two of one host overlap, whatever their types."""

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("end_time > start_time", name="ends_later"),
        ExcludeConstraint(
            ("host_id", "="),
            ("busy", "&&"),
            where=text("status IN ('held', 'scheduled')"),
            using="gist",
            name="no_double_booking",
        ),
        Index("idx_appointments_type", "appointment_type_id"),
        Index("idx_appointments_user", "user_id"),
        Index("idx_appointments_time", "start_time"),
        Index("idx_appointments_host", "host_id", "start_time"),
        Index("idx_appointments_team", "team_id", "start_time"),
        Index("idx_appointments_held", "held_until", postgresql_where=text("status = 'held'")),
    )

    appointment_type_id: UUID = Field(foreign_key="appointment_types.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    start_time: datetime = utc_column(nullable=False)
    end_time: datetime = utc_column(nullable=False)
    status: AppointmentStatus = enum_column(AppointmentStatus, default=AppointmentStatus.SCHEDULED)
    notes: str | None = text_column()
    cancelled_at: datetime | None = utc_column()
    cancellation_reason: str | None = text_column()
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    host_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    busy: Any = Field(sa_type=TSTZRANGE, nullable=False)
    guest_name: str = varchar_column(200, default="")
    guest_email: str = varchar_column(255, default="")
    guest_phone: str = varchar_column(20, default="")
    guest_zone: str = varchar_column(50, default="UTC")
    answers: dict[str, Any] = jsonb_column(default={})
    sequence: int = int_column(default=0)
    held_until: datetime | None = utc_column()
    visitor: str = varchar_column(64, default="")
    price: Decimal | None = money_column()
    currency: str = varchar_column(3, default="USD")
    payment_reference: str = varchar_column(255, default="")
    paid_at: datetime | None = utc_column()
    refunded_at: datetime | None = utc_column()


class AppointmentReminder(Record, table=True):
    """A reminder that is due at a time; `claimed_at` is set by the one tick that sends it."""

    __tablename__ = "appointment_reminders"
    __table_args__ = (
        Index("idx_appointment_reminders_due", "due_at", postgresql_where=text("claimed_at IS NULL")),
        UniqueConstraint("appointment_id", "kind", "due_at"),
    )

    appointment_id: UUID = Field(foreign_key="appointments.id", ondelete="CASCADE")
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    kind: ReminderKind = enum_column(ReminderKind)
    due_at: datetime = utc_column(nullable=False)
    claimed_at: datetime | None = utc_column()


def busy_range(start: datetime, end: datetime) -> "Range[datetime]":
    """The half-open range [start, end) of the column `busy`."""
    return Range(start, end, bounds="[)")


_EXTENSION: Any = DDL("CREATE EXTENSION IF NOT EXISTS btree_gist")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
event.listen(Base.metadata, "before_create", _EXTENSION)
