"""Tables of money: the double-entry ledger, orders to the provider, what it told us, disputes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, Index, event, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record, Timestamps
from taskjuggler_app.models.columns import (
    enum_column,
    int_column,
    jsonb_column,
    money_column,
    now_column,
    serial_id,
    text_column,
    utc_column,
    varchar_column,
)


class OperationKind(StrEnum):
    """What the provider is told to do with held money."""

    TRANSFER = "transfer"
    REFUND = "refund"


class OperationState(StrEnum):
    """Whether the provider did it."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class DisputeState(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class DisputeDecision(StrEnum):
    """Who gets the held money."""

    RELEASE = "release"
    REFUND = "refund"
    SPLIT = "split"


class LedgerEntry(Record, Created, table=True):
    """One movement of money. `key` says what moved it, so that nothing moves twice.

    A ledger outlives what it speaks of: `team_id` is no foreign key, and rows are never changed (a trigger).
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (Index("idx_ledger_entries_transaction", "transaction_id"),)

    key: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=50)
    transaction_id: UUID | None = Field(default=None, foreign_key="transactions.id")
    team_id: UUID | None = Field(default=None)
    currency: str = Field(max_length=3)
    memo: str = varchar_column(300, default="")


class LedgerPosting(Base, table=True):
    """One side of a movement: above zero is a debit. What one statement inserts balances to zero (a trigger)."""

    __tablename__ = "ledger_postings"
    __table_args__ = (
        Index("idx_ledger_postings_entry", "entry_id"),
        Index("idx_ledger_postings_account", "account"),
    )

    id: int | None = serial_id()
    entry_id: UUID = Field(foreign_key="ledger_entries.id")
    account: str = Field(max_length=80)
    amount: Decimal = money_column(14, 2, nullable=False)
    currency: str = Field(max_length=3)


class PaymentOperation(Record, Timestamps, table=True):
    """An order to the provider. Its id is the provider's idempotency key: carried out once, however often asked.

    What the provider refused for good, and an operator ordered again, is another attempt with a key of its own.
    """

    __tablename__ = "payment_operations"
    __table_args__ = (
        Index("idx_payment_operations_transaction", "transaction_id"),
        Index("idx_payment_operations_waiting", "created_at", postgresql_where=text("state = 'waiting'")),
        CheckConstraint("amount > 0", name="above_zero"),
    )

    transaction_id: UUID = Field(foreign_key="transactions.id")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="SET NULL")
    kind: OperationKind = enum_column(OperationKind)
    amount: Decimal = money_column(14, 2, nullable=False)
    currency: str = Field(max_length=3)
    state: OperationState = enum_column(OperationState, default=OperationState.WAITING)
    payment_id: str = varchar_column(255, default="")
    provider_id: str | None = Field(default=None, max_length=255)
    problem: str | None = text_column()
    attempts: int = int_column(default=0)
    refusals: int = int_column(default=0)
    done_at: datetime | None = utc_column()


class PaymentEvent(Base, table=True):
    """Something a provider told us; its own id makes a repetition harmless."""

    __tablename__ = "payment_events"
    __table_args__ = (
        Index("idx_payment_events_reference", "reference"),
        Index("idx_payment_events_open", "received_at", postgresql_where=text("handled_at IS NULL")),
        Index("idx_payment_events_problem", "received_at", postgresql_where=text("problem IS NOT NULL")),
    )

    id: str = Field(max_length=255, primary_key=True)
    provider: str = Field(max_length=20)
    kind: str = Field(max_length=40)
    purpose: str = varchar_column(20, default="")
    reference: str = varchar_column(64, default="")
    fact: dict[str, Any] = jsonb_column()
    received_at: datetime = now_column()
    handled_at: datetime | None = utc_column()
    problem: str | None = text_column()


class PaymentCheck(Base, table=True):
    """What is compared with the provider's own record: a marketplace payment, a guest's booking, a person's plan.

    `handle` finds it at the provider where our reference does not (a plan's place to pay). `about` says whom to tell
    when what was paid for is gone (a guest's name and address). It is compared until `until`; `problem` says how the
    two records differ.
    """

    __tablename__ = "payment_checks"
    __table_args__ = (Index("idx_payment_checks_until", "until"),)

    purpose: str = Field(max_length=20, primary_key=True)
    reference: str = Field(max_length=64, primary_key=True)
    provider: str = Field(max_length=20)
    handle: str = varchar_column(255, default="")
    about: dict[str, Any] = jsonb_column(default={})
    touched_at: datetime = now_column()
    until: datetime = now_column()
    checked_at: datetime | None = utc_column()
    problem: str | None = text_column()


class Dispute(Record, Timestamps, table=True):
    """A disagreement about held money: while it is open nothing moves; an operator decides."""

    __tablename__ = "payment_disputes"
    __table_args__ = (
        Index("uq_payment_disputes_open", "transaction_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("idx_payment_disputes_state", "state", "created_at"),
    )

    transaction_id: UUID = Field(foreign_key="transactions.id")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="SET NULL")
    opened_by: UUID = Field(foreign_key="users.id")
    reason: str = text_column(nullable=False)
    answer: str | None = text_column()
    state: DisputeState = enum_column(DisputeState, default=DisputeState.OPEN)
    decision: DisputeDecision | None = enum_column(DisputeDecision, nullable=True)
    refund_amount: Decimal | None = money_column()
    note: str | None = text_column()
    decided_by: UUID | None = Field(default=None, foreign_key="users.id")
    decided_at: datetime | None = utc_column()


class EmbeddedPayment(Base, table=True):
    """What the embedded provider remembers: its payments, transfers, refunds, accounts and subscriptions."""

    __tablename__ = "embedded_payments"
    __table_args__ = (Index("idx_embedded_payments_reference", "reference"),)

    id: str = Field(max_length=64, primary_key=True)
    kind: str = Field(max_length=20)
    key: str = Field(max_length=200, unique=True)
    purpose: str = varchar_column(20, default="")
    reference: str = varchar_column(64, default="")
    amount: Decimal = money_column(14, 2, nullable=False)
    currency: str = Field(max_length=3)
    status: str = Field(max_length=20)
    data: dict[str, Any] = jsonb_column(default={})
    created_at: datetime = now_column()


APPEND_ONLY = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: write a movement back instead' USING ERRCODE = 'restrict_violation';
END $$
"""
BALANCES = """
CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added GROUP BY entry_id HAVING sum(amount) <> 0 OR min(currency) <> max(currency)) THEN
    RAISE EXCEPTION 'a movement does not balance to zero in one currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_entries "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_postings "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER balances AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_balances()",
)


def _install() -> None:
    """The ledger's rules for a database that is made from the models; migrations write them themselves."""
    postings: Any = LedgerPosting.__table__  # type: ignore[attr-defined]  # SQLModel makes it
    for statement in (APPEND_ONLY, BALANCES, *TRIGGERS):
        made: Any = DDL(statement.strip())  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it
        event.listen(postings, "after_create", made)


_install()
