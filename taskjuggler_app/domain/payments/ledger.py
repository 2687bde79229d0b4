"""The double-entry ledger: every movement balances to zero and is written once for its key.

Accounts are names. Debits are above zero, so what we owe (held funds, a vendor's earnings) is below.

    provider            what lies at the payment provider
    held:<transaction>  taken from a buyer, nobody's yet
    vendor:<vendor>     earned, not paid out
    refund:<transaction> owed back to the buyer
    fees                ours
    plans:<user>        paid for plans
    bookings:<appointment>  paid by a guest to a workspace
    outside:<who>       money that never came through us
"""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.models.marketplace import Transaction

PROVIDER, FEES = "provider", "fees"

_POST = text(
    """
    WITH entry AS (
        INSERT INTO ledger_entries (key, kind, transaction_id, team_id, currency, memo, created_at)
        VALUES (:key, :kind, :transaction_id, :team_id, :currency, :memo, :now)
        ON CONFLICT (key) DO NOTHING
        RETURNING id
    )
    INSERT INTO ledger_postings (entry_id, account, amount, currency)
    SELECT entry.id, line.account, line.amount, :currency
      FROM entry, unnest(CAST(:accounts AS text[]), CAST(:amounts AS numeric[])) AS line (account, amount)
    RETURNING id
    """
)
_BALANCE = text("SELECT coalesce(sum(amount), 0) FROM ledger_postings WHERE account = :account")


def held_account(transaction_id: UUID) -> str:
    """The account of a payment's held funds."""
    return f"held:{transaction_id}"


def vendor_account(vendor_id: UUID) -> str:
    """The account of a vendor's earnings that are not paid out."""
    return f"vendor:{vendor_id}"


def refund_account(transaction_id: UUID) -> str:
    """The account of what goes back to a payment's buyer."""
    return f"refund:{transaction_id}"


def booking_account(appointment_id: str) -> str:
    """The account of what a guest paid for an appointment."""
    return f"bookings:{appointment_id}"


def plan_account(user_id: UUID) -> str:
    """The account of what somebody paid for plans."""
    return f"plans:{user_id}"


def post(
    session: Session,
    key: str,
    kind: str,
    currency: str,
    lines: Mapping[str, Decimal],
    *,
    of: Transaction | None = None,
    memo: str = "",
) -> bool:
    """Write a movement; False when `key` was written before. ValueError when the lines do not balance to zero."""
    moving = {account: amount for account, amount in lines.items() if amount}
    if sum(moving.values()) != 0 or not moving:
        raise ValueError(f"the movement {key} does not balance: {lines}")
    values = {
        "key": key,
        "kind": kind,
        "transaction_id": of.id if of else None,
        "team_id": of.team_id if of else None,
        "currency": currency,
        "memo": memo[:300],
        "now": clock.utcnow(),
        "accounts": list(moving),
        "amounts": list(moving.values()),
    }
    return session.execute(_POST, values).first() is not None


def balance(session: Session, account: str) -> Decimal:
    """The account's balance; debits are above zero."""
    return Decimal(session.execute(_BALANCE, {"account": account}).scalar_one())


def held(session: Session, transaction_id: UUID) -> Decimal:
    """What is held of a payment."""
    return -balance(session, held_account(transaction_id))
