"""What another plan costs in the middle of a month: pure arithmetic, to the second (Stripe, "Prorations")."""

from datetime import datetime, timedelta
from decimal import Decimal

from taskjuggler_app.core import money

MONTH = timedelta(days=30)


def difference(old: Decimal, new: Decimal, begins: datetime, until: datetime, now: datetime, currency: str) -> Decimal:
    """What is due now for the rest of the month; below zero it is kept for the months to come."""
    length = (until - begins).total_seconds()
    if length <= 0:
        return Decimal(0)
    left = Decimal(str(min(1.0, max(0.0, (until - now).total_seconds() / length))))
    return money.rounded(new * left, currency) - money.rounded(old * left, currency)
