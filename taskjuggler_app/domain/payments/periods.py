"""Money of a workspace in a period, from the ledger."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core.principal import Principal

_SUMS = text(
    """
    SELECT currency, sum(held), sum(earned) FROM (
        SELECT p.currency, -p.amount AS held, 0 AS earned
          FROM transactions t JOIN ledger_postings p ON p.account = 'held:' || t.id
         WHERE t.team_id = :team
        UNION ALL
        SELECT p.currency, 0, -p.amount
          FROM marketplace_vendors v
          JOIN ledger_postings p ON p.account = 'vendor:' || v.id
          JOIN ledger_entries e ON e.id = p.entry_id
         WHERE v.team_id = :team AND e.kind = 'release' AND e.created_at >= :begins AND e.created_at < :ends
    ) AS moved
     GROUP BY currency ORDER BY currency
    """
)


def held_and_earned(
    session: Session, principal: Principal, begins: datetime, ends: datetime
) -> list[tuple[str, Decimal, Decimal]]:
    """By currency: what is held now of what the workspace paid, and what its vendors earned in the period, fees off."""
    values = {"team": principal.team_id, "begins": begins, "ends": ends}
    return [(currency, Decimal(held), Decimal(earned)) for currency, held, earned in session.execute(_SUMS, values)]


_HELD = text(
    """
    SELECT p.currency, -sum(p.amount) AS amount, max(t.held_at) AS at, coalesce(l.title, 'Payment'), v.name, l.id
      FROM transactions t JOIN ledger_postings p ON p.account = 'held:' || t.id
      JOIN marketplace_vendors v ON v.id = t.vendor_id
      LEFT JOIN marketplace_listings l ON l.id = t.listing_id
     WHERE t.team_id = :team
     GROUP BY t.id, p.currency, l.title, v.name, l.id HAVING sum(p.amount) <> 0
     ORDER BY max(t.created_at) DESC, t.id
    """
)
_EARNED = text(
    """
    SELECT p.currency, -p.amount, e.created_at, coalesce(l.title, 'Payment'), v.name, l.id
      FROM marketplace_vendors v
      JOIN ledger_postings p ON p.account = 'vendor:' || v.id
      JOIN ledger_entries e ON e.id = p.entry_id
      LEFT JOIN transactions t ON t.id = e.transaction_id
      LEFT JOIN marketplace_listings l ON l.id = t.listing_id
     WHERE v.team_id = :team AND e.kind = 'release' AND e.created_at >= :begins AND e.created_at < :ends
     ORDER BY e.created_at DESC, e.id
    """
)
Movement = tuple[str, Decimal, datetime, str, str, UUID | None]
"""Currency, amount, when, the work's title, the vendor, the listing."""


def held(session: Session, principal: Principal, _begins: datetime, _ends: datetime) -> list[Movement]:
    """The payments that make up what is held."""
    return [_movement(row) for row in session.execute(_HELD, {"team": principal.team_id})]


def earned(session: Session, principal: Principal, begins: datetime, ends: datetime) -> list[Movement]:
    """The releases that make up what the workspace's vendors earned in the period."""
    values = {"team": principal.team_id, "begins": begins, "ends": ends}
    return [_movement(row) for row in session.execute(_EARNED, values)]


def _movement(row: Any) -> Movement:
    currency, amount, at, title, vendor, listing = row
    return currency, Decimal(amount), at, title, vendor, listing
