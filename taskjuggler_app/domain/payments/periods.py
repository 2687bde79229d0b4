"""Money of a workspace in a period, from the ledger."""

from datetime import datetime
from decimal import Decimal

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
