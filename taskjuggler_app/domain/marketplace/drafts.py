"""What a new listing says, and the check of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.ports import Place
from taskjuggler_app.domain.marketplace.vendors import CATEGORIES
from taskjuggler_app.models.marketplace import (
    BudgetType,
)

STANDS = timedelta(days=14)
"""How long a listing stays open unless told otherwise."""


@dataclass(frozen=True)
class ListingDraft:
    """What a listing says, as typed."""

    title: str
    description: str = ""
    category: str = "general"
    budget_type: str = "fixed"
    budget_min: str = ""
    budget_max: str = ""
    currency: str = "USD"
    location_required: bool = False
    place: Place | None = None
    radius_miles: int | None = None
    needed_by: datetime | None = None
    expires_at: datetime | None = None


def checked(draft: ListingDraft, now: datetime) -> dict[str, Any]:
    """The columns that the draft fills. Raises Invalid naming the field."""
    title = " ".join(draft.title.split())[:500]
    if not title:
        raise Invalid("Say in a line what is to be done.", "title")
    if draft.category not in CATEGORIES:
        raise Invalid("Choose what kind of work it is.", "category")
    if draft.budget_type not in list(BudgetType):
        raise Invalid("The budget is fixed, hourly or by quote.", "budget_type")
    currency = money.parse_currency(draft.currency)
    low, high = (
        _amount(text, currency, name)
        for text, name in ((draft.budget_min, "budget_min"), (draft.budget_max, "budget_max"))
    )
    if low is not None and high is not None and low > high:
        raise Invalid("The budget's lower end is above its upper end.", "budget_max")
    expires = draft.expires_at or now + STANDS
    if not now < expires <= now + timedelta(days=180):
        raise Invalid("A listing stays open for up to half a year.", "expires_at")
    if draft.needed_by is not None and draft.needed_by <= now:
        raise Invalid("The day by which it is needed is over.", "needed_by")
    if draft.location_required and draft.place is None:
        raise Invalid("Say where the work is: a town or coordinates.", "place")
    return {
        "title": title,
        "description": draft.description.strip()[:20_000] or None,
        "category": draft.category,
        "budget_type": BudgetType(draft.budget_type),
        "budget_min": low,
        "budget_max": high,
        "currency": currency,
        "location_required": draft.location_required,
        "location": {"lat": draft.place.latitude, "lng": draft.place.longitude} if draft.place else None,
        "place": draft.place.name[:200] if draft.place else "",
        "location_radius_miles": draft.radius_miles,
        "needed_by": draft.needed_by,
        "expires_at": expires,
    }


def _amount(text: str, currency: str, field: str) -> Decimal | None:
    return money.parse_amount(text, currency, field) if text.strip() else None
