"""How well vendors fit a job: one statement that ranks, and whose parts are the explanation.

Each part is between 0 and 1 and weighs as WEIGHTS say. The same expressions rank ten thousand vendors, score one bid
and say why, so that what is shown is what decided.

    category     the vendor does this kind of work
    rating       mean of the stars with five ratings of 3.5 added, so that one good word is not everything
    completion   finished of begun jobs with one of two added
    distance     1 next door, 0 at the edge of the area (haversine on a sphere of 3,958.8 miles)
    budget       1 within the budget, 0 at twice the budget; a vendor without a rate gets one half
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Integer, case, cast, func, literal, null
from sqlmodel import Session, col, select

from taskjuggler_app.core.paging import Page, ordered_page
from taskjuggler_app.domain.marketplace.distance import miles_to
from taskjuggler_app.models.marketplace import MarketplaceListing, MarketplaceVendor

WEIGHTS = {"category": 30, "rating": 25, "completion": 15, "distance": 15, "budget": 15}
USUAL_RADIUS = 50
PRIOR_STARS, PRIOR_RATINGS = 3.5, 5
BEST = 20

V = MarketplaceVendor


@dataclass(frozen=True, slots=True)
class Job:
    """What a vendor has to fit: a listing, or one of its bids when `price` is given."""

    category: str
    latitude: float | None = None
    longitude: float | None = None
    radius: int | None = None
    on_site: bool = False
    budget: Decimal | None = None
    price: Decimal | None = None
    not_of_team: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A vendor's score of 100 and its parts."""

    vendor_id: UUID
    score: int
    parts: list[dict[str, Any]]
    miles: float | None


def job_of(listing: MarketplaceListing, price: Decimal | None = None) -> Job:
    """What a listing asks for."""
    place = listing.location or {}
    return Job(
        category=listing.category or "",
        latitude=place.get("lat"),
        longitude=place.get("lng"),
        radius=listing.location_radius_miles,
        on_site=listing.location_required,
        budget=listing.budget_max or listing.budget_min,
        price=price,
        not_of_team=listing.team_id,
    )


def rank(
    session: Session, job: Job, *, limit: int = BEST, asked: Sequence[ColumnElement[bool]] = (), cursor: str = ""
) -> Page[Scored]:
    """The best vendors for a job, best first: active, of its category, within reach, not its own workspace's, and
    whatever else is asked of them. Invalid for a strange cursor.
    """
    fits = [col(V.is_active).is_(True), _does(job), *asked]
    if job.not_of_team is not None:
        fits.append(col(V.team_id).is_distinct_from(job.not_of_team))
    miles = _miles(job)
    if job.on_site and miles is not None:
        fits.append(func.coalesce(miles <= _reach(job), False))
    return _scored(session, job, fits, limit, cursor)


def explain(session: Session, job: Job, vendor_id: UUID) -> Scored | None:
    """The score of one vendor, whether they fit or not; None when there is no such vendor."""
    found = _scored(session, job, [col(V.id) == vendor_id], 1).rows
    return found[0] if found else None


def reasons(parts: list[dict[str, Any]]) -> str:
    """The strongest parts in words."""
    strong = sorted(parts, key=lambda part: -part["points"])[:2]
    return ", ".join(str(part["said"]) for part in strong)


def _scored(session: Session, job: Job, fits: list[ColumnElement[bool]], limit: int, cursor: str = "") -> Page[Scored]:
    shares = _shares(job)
    total = sum((shares[name] * weight for name, weight in WEIGHTS.items()), literal(0.0, Float(53)))
    score = cast(func.round(total), Integer)
    miles = _miles(job)
    columns: tuple[Any, ...] = (
        col(V.id),
        score,
        *(shares[name] for name in WEIGHTS),
        miles if miles is not None else cast(null(), Float(53)),
        col(V.average_rating),
        col(V.rating_count),
        col(V.completed_jobs),
        col(V.total_jobs),
        col(V.base_rate).is_not(None),
    )
    keys = (-score, -col(V.completed_jobs), col(V.id))
    found = ordered_page(session, select(*columns).where(*fits), keys, cursor, limit)
    return Page([_row(job, *row) for row in found.rows], found.next_cursor)


def _row(job: Job, vendor_id: UUID, score: int, *values: Any) -> Scored:
    shares = dict(zip(WEIGHTS, values[:5], strict=True))
    miles, stars, ratings, completed, total, has_rate = values[5:]
    said = {
        "category": f"does {job.category or 'any work'}" if shares["category"] else f"does not do {job.category}",
        "rating": f"{stars} stars from {ratings}" if ratings else "no ratings yet",
        "completion": f"{completed} of {total} jobs finished" if total else "no jobs yet",
        "distance": _distance_said(job, miles),
        "budget": _budget_said(job, shares["budget"], known=bool(job.price) or has_rate),
    }
    parts = [
        {
            "name": name,
            "share": round(float(share), 3),
            "points": round(share * WEIGHTS[name]),
            "of": WEIGHTS[name],
            "said": said[name],
        }
        for name, share in shares.items()
    ]
    return Scored(vendor_id, score, parts, None if miles is None else round(miles, 1))


def _shares(job: Job) -> dict[str, ColumnElement[Any]]:
    one, half = literal(1.0, Float(53)), literal(0.5, Float(53))
    stars = cast(func.coalesce(col(V.average_rating), 0), Float(53))
    mean = (stars * col(V.rating_count) + PRIOR_STARS * PRIOR_RATINGS) / (col(V.rating_count) + PRIOR_RATINGS)
    miles = _miles(job)
    distance: ColumnElement[Any] = one
    if miles is not None:
        distance = func.coalesce(func.greatest(0.0, 1.0 - miles / _reach(job)), literal(0.0, Float(53)))
    return {
        "category": case((_does(job), one), else_=literal(0.0, Float(53))),
        "rating": mean / 5.0,
        "completion": (col(V.completed_jobs) + 1.0) / (col(V.total_jobs) + 2.0),
        "distance": distance,
        "budget": _budget(job, one, half),
    }


def _budget(job: Job, one: ColumnElement[Any], half: ColumnElement[Any]) -> ColumnElement[Any]:
    if job.budget is None:
        return half
    price: ColumnElement[Any] = literal(float(job.price), Float(53)) if job.price else cast(col(V.base_rate), Float(53))
    over = func.greatest(0.0, func.least(1.0, 2.0 - price / float(job.budget)))
    return case((price.is_(None), half), else_=over)


def _does(job: Job) -> ColumnElement[bool]:
    return col(V.categories).contains([job.category]) if job.category else literal(True)


def _reach(job: Job) -> ColumnElement[Any]:
    own = func.coalesce(col(V.service_radius_miles), job.radius or USUAL_RADIUS)
    return cast(func.least(own, job.radius) if job.radius else own, Float(53))


def _miles(job: Job) -> ColumnElement[Any] | None:
    """Great-circle miles to the job; None when the job has no place."""
    if job.latitude is None or job.longitude is None:
        return None
    return miles_to(col(V.latitude), col(V.longitude), from_latitude=job.latitude, from_longitude=job.longitude)


def _distance_said(job: Job, miles: float | None) -> str:
    if job.latitude is None:
        return "can be done from anywhere"
    return "place not known" if miles is None else f"{miles:.0f} miles away"


def _budget_said(job: Job, share: float, *, known: bool) -> str:
    if job.budget is None:
        return "no budget named"
    if not known:
        return "rate not known"
    return "within the budget" if share >= 1 else "over the budget"
