"""Reading the marketplace: open listings for everybody signed in, bids for their two sides, profiles for all."""

import math
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.ports import Place
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.marketplace import matching, policy
from taskjuggler_app.domain.marketplace.rows import (
    BidRow,
    ListingDetail,
    ListingRow,
    RatingRow,
    VendorDetail,
    VendorRow,
    budget_text,
    parts_of,
)
from taskjuggler_app.domain.marketplace.vendors import rate_text
from taskjuggler_app.domain.payments import fees
from taskjuggler_app.models.marketplace import (
    BidStatus,
    ListingStatus,
    MarketplaceBid,
    MarketplaceListing,
    MarketplaceMatch,
    MarketplaceRating,
    MarketplaceVendor,
    VendorType,
)
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
LIVE_BIDS = (BidStatus.PENDING, BidStatus.ACCEPTED)
L, V, B = MarketplaceListing, MarketplaceVendor, MarketplaceBid


@dataclass(frozen=True)
class Filter:
    """What is looked for. show: open, mine or bidding; `within` is in miles around `near`."""

    show: str = "open"
    text: str = ""
    category: str = ""
    near: Place | None = None
    within: int = 0


def listings(session: Session, principal: Principal, wanted: Filter) -> list[ListingRow]:
    """Listings that the principal may see, newest first, or nearest first around a place."""
    own_vendors = select(V.id).where(V.team_id == principal.team_id)
    my_bids = select(B.listing_id).where(col(B.vendor_id).in_(own_vendors), B.status != BidStatus.WITHDRAWN)
    shown: dict[str, ColumnElement[bool]] = {
        "open": col(L.status) == ListingStatus.OPEN,
        "mine": col(L.team_id) == principal.team_id,
        "bidding": col(L.id).in_(my_bids),
    }
    query = select(L, Team.name).outerjoin(Team, col(Team.id) == col(L.team_id))
    query = query.where(shown.get(wanted.show, shown["open"]))
    if wanted.category:
        query = query.where(L.category == wanted.category)
    for word in wanted.text.split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(or_(col(L.title).ilike(like), col(L.description).ilike(like)))
    rows = session.exec(query.order_by(col(L.created_at).desc(), col(L.id)).limit(200)).all()
    counts = _bid_counts(session, [listing.id for listing, _ in rows])
    found = [(miles_to(listing, wanted.near), listing, name) for listing, name in rows]
    if wanted.near is not None:
        if wanted.within:
            found = [one for one in found if one[0] is None or one[0] <= wanted.within]
        found.sort(key=lambda one: math.inf if one[0] is None else one[0])
    names = _vendor_names(session, [listing for _, listing, _ in found])
    return [
        _listing_row(principal, listing, name or "", counts.get(listing.id, 0), miles, names)
        for miles, listing, name in found[:PAGE_SIZE]
    ]


def listing(session: Session, principal: Principal, listing_id: UUID) -> ListingDetail:
    """One listing: its owner's workspace sees every bid and match, a vendor their own. NotFound if not to be seen."""
    found = session.get(L, listing_id)
    if found is None:
        raise NotFound
    ours = found.team_id == principal.team_id
    own = session.exec(select(V).where(V.team_id == principal.team_id).order_by(col(V.created_at))).all()
    own_ids = {vendor.id for vendor in own}
    bids = session.exec(
        select(B, V)
        .join(V, col(V.id) == col(B.vendor_id))
        .where(B.listing_id == listing_id, B.status != BidStatus.WITHDRAWN)
        .order_by(col(B.status) != BidStatus.ACCEPTED, col(B.score).desc(), col(B.amount), col(B.id))
    ).all()
    visible = [(bid, vendor) for bid, vendor in bids if ours or vendor.id in own_ids]
    if not ours and found.status is not ListingStatus.OPEN and not visible:
        raise NotFound
    business = session.exec(select(Team.name).where(Team.id == found.team_id)).first() or ""
    row = _listing_row(
        principal,
        found,
        business,
        len([b for b, _ in bids if b.status in LIVE_BIDS]),
        None,
        _vendor_names(session, [found]),
    )
    return ListingDetail(
        row=row,
        bids=[bid_row(bid, vendor, own_ids) for bid, vendor in visible],
        matches=_matches(session, found) if ours else [],
        rating=_rating_of(session, found),
        is_vendor=found.assigned_vendor_id in own_ids and not ours,
        vendors=[] if ours else [vendor_row(one) for one in own if one.is_active],
    )


def vendors(session: Session, principal: Principal, wanted: Filter) -> list[VendorRow]:
    """Active vendors, best first; with a place those within reach, with the distance."""
    if wanted.category or wanted.near is not None:
        near = wanted.near
        job = matching.Job(
            category=wanted.category,
            latitude=near.latitude if near else None,
            longitude=near.longitude if near else None,
            radius=wanted.within or None,
            on_site=bool(near and wanted.within),
        )
        scored = matching.rank(session, job, limit=PAGE_SIZE)
        by_id = {
            vendor.id: vendor
            for vendor in session.exec(select(V).where(col(V.id).in_([one.vendor_id for one in scored])))
        }
        rows = [vendor_row(by_id[one.vendor_id], one.miles) for one in scored]
    else:
        best = session.exec(
            select(V)
            .where(col(V.is_active).is_(True))
            .order_by(col(V.is_verified).desc(), col(V.average_rating).desc().nulls_last(), col(V.name))
            .limit(PAGE_SIZE)
        ).all()
        rows = [vendor_row(one) for one in best]
    words = wanted.text.lower().split()
    return [
        row for row in rows if all(word in f"{row.name} {row.business} {row.description}".lower() for word in words)
    ]


def vendor(session: Session, principal: Principal, vendor_id: UUID) -> VendorDetail:
    """A public profile with its ratings, newest first."""
    found = session.get(V, vendor_id)
    if found is None:
        raise NotFound
    rows = session.exec(
        select(MarketplaceRating, User.name, L.title)
        .join(User, col(User.id) == col(MarketplaceRating.user_id))
        .join(L, col(L.id) == col(MarketplaceRating.listing_id))
        .where(MarketplaceRating.vendor_id == vendor_id)
        .order_by(col(MarketplaceRating.created_at).desc())
        .limit(PAGE_SIZE)
    ).all()
    return VendorDetail(vendor_row(found), [_rating_row(rating, who, title) for rating, who, title in rows])


def own_vendors(session: Session, principal: Principal) -> list[VendorRow]:
    """The vendors of the principal's workspace that they act for."""
    rows = session.exec(select(V).where(V.team_id == principal.team_id).order_by(col(V.created_at))).all()
    return [vendor_row(one) for one in rows if policy.can_manage_vendor(principal, one.team_id, one.user_id)]


def jobs_that_fit(session: Session, principal: Principal) -> list[ListingRow]:
    """Open listings that the workspace's vendors matched, best first."""
    own = select(V.id).where(V.team_id == principal.team_id)
    best = func.max(col(MarketplaceMatch.score))
    ids = session.exec(
        select(MarketplaceMatch.listing_id, best)
        .join(L, col(L.id) == col(MarketplaceMatch.listing_id))
        .where(col(MarketplaceMatch.vendor_id).in_(own), L.status == ListingStatus.OPEN)
        .group_by(col(MarketplaceMatch.listing_id))
        .order_by(best.desc())
        .limit(PAGE_SIZE)
    ).all()
    found = {row.id: row for row in session.exec(select(L).where(col(L.id).in_([one for one, _ in ids])))}
    counts = _bid_counts(session, list(found))
    return [_listing_row(principal, found[one], "", counts.get(one, 0), None, {}) for one, _ in ids]


def own_bids(session: Session, principal: Principal) -> list[BidRow]:
    """The workspace's newest bids."""
    rows = session.exec(
        select(B, V, L.title)
        .join(V, col(V.id) == col(B.vendor_id))
        .join(L, col(L.id) == col(B.listing_id))
        .where(V.team_id == principal.team_id)
        .order_by(col(B.updated_at).desc())
        .limit(PAGE_SIZE)
    ).all()
    return [bid_row(bid, who, {who.id}, title) for bid, who, title in rows]


def verifications(session: Session, principal: Principal) -> list[VendorRow]:
    """Vendors that wait for an operator's word, longest first."""
    require(policy.can_verify(is_operator(principal)), "Only who runs this installation verifies vendors.")
    query = select(V).where(col(V.verification_asked_at).is_not(None)).order_by(col(V.verification_asked_at))
    return [vendor_row(one) for one in session.exec(query.limit(PAGE_SIZE))]


def miles_to(found: MarketplaceListing, near: Place | None) -> float | None:
    """Great-circle miles from a place to a listing (haversine); None when either is not known."""
    place = found.location or {}
    if near is None or "lat" not in place:
        return None
    lat, here = math.radians(place["lat"]), math.radians(near.latitude)
    across = math.sin((lat - here) / 2)
    along = math.sin(math.radians(place["lng"] - near.longitude) / 2)
    root = min(1.0, across * across + math.cos(lat) * math.cos(here) * along * along)
    return 2 * matching.EARTH_MILES * math.asin(math.sqrt(root))


def vendor_row(one: MarketplaceVendor, miles: float | None = None) -> VendorRow:
    """A vendor as pages show it."""
    return VendorRow(
        id=str(one.id),
        name=one.name,
        business=one.business_name or "",
        kind=one.vendor_type.value,
        description=one.description or "",
        logo=one.logo_url or "",
        categories=[str(name) for name in one.categories or []],
        services=[str(name) for name in one.services],
        place=one.address or "",
        radius=str(one.service_radius_miles or ""),
        miles="" if miles is None else f"{miles:.0f} miles away",
        rate=rate_text(one),
        rate_typed=str(one.base_rate or ""),
        pricing=one.pricing_model.value if one.pricing_model else "quote",
        currency=one.currency,
        stars=str(one.average_rating or ""),
        ratings=one.rating_count,
        jobs=one.completed_jobs,
        completion=f"{one.completed_jobs} of {one.total_jobs} jobs finished" if one.total_jobs else "No jobs yet",
        verified=one.is_verified,
        verification=one.verification_note or "",
        asked=one.verification_asked_at is not None,
        active=one.is_active,
        paid=one.payouts_ready,
        since=one.created_at.isoformat(),
    )


def bid_row(bid: MarketplaceBid, who: MarketplaceVendor, own: set[UUID], title: str = "") -> BidRow:
    """A bid as pages show it."""
    quote = fees.quote(bid.amount, bid.currency, is_ai=who.vendor_type is VendorType.AI)
    days = bid.estimated_completion_days
    return BidRow(
        id=str(bid.id),
        vendor=who.name,
        vendor_id=str(who.id),
        kind=who.vendor_type.value,
        verified=who.is_verified,
        stars=str(who.average_rating or ""),
        amount=money.shown(bid.amount, bid.currency),
        amount_typed=str(bid.amount),
        total=money.shown(quote.total, bid.currency),
        fee=money.shown(quote.buyer_fee, bid.currency),
        message=bid.message or "",
        days="" if days is None else f"{days} day{'' if days == 1 else 's'}",
        status=bid.status.value,
        score=bid.score,
        parts=parts_of(bid.score_parts),
        why=matching.reasons(bid.score_parts),
        mine=who.id in own,
        by_itself=bid.is_automatic,
        at=bid.updated_at.isoformat(),
        listing_id=str(bid.listing_id),
        title=title,
    )


def _listing_row(
    principal: Principal,
    one: MarketplaceListing,
    business: str,
    bids: int,
    miles: float | None,
    names: dict[UUID, str],
) -> ListingRow:
    return ListingRow(
        id=str(one.id),
        title=one.title,
        description=one.description or "",
        category=one.category or "",
        place=one.place if one.location_required else one.place or "From anywhere",
        miles="" if miles is None else f"{miles:.0f} miles",
        budget=budget_text(one),
        status=one.status.value,
        bids=bids,
        business=business,
        vendor=names.get(one.assigned_vendor_id, "") if one.assigned_vendor_id else "",
        vendor_id=str(one.assigned_vendor_id or ""),
        task_id=str(one.task_id or "") if one.team_id == principal.team_id else "",
        note=one.closing_note or "",
        mine=one.team_id == principal.team_id,
        may_manage=policy.can_manage_listing(principal, one.team_id, one.requestor_id),
        delivered=one.delivered_at is not None,
        needed_by=one.needed_by.isoformat() if one.needed_by else "",
        expires_at=one.expires_at.isoformat() if one.expires_at else "",
        at=one.created_at.isoformat(),
        currency=one.currency,
    )


def _bid_counts(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    query = select(B.listing_id, func.count()).where(col(B.listing_id).in_(ids), col(B.status).in_(LIVE_BIDS))
    return dict(session.exec(query.group_by(col(B.listing_id))).all())


def _vendor_names(session: Session, rows: list[MarketplaceListing]) -> dict[UUID, str]:
    ids = {row.assigned_vendor_id for row in rows if row.assigned_vendor_id}
    return dict(session.exec(select(V.id, V.name).where(col(V.id).in_(ids))).all())


def _matches(session: Session, found: MarketplaceListing) -> list[VendorRow]:
    rows = session.exec(
        select(MarketplaceMatch, V)
        .join(V, col(V.id) == col(MarketplaceMatch.vendor_id))
        .where(MarketplaceMatch.listing_id == found.id)
        .order_by(col(MarketplaceMatch.score).desc())
        .limit(10)
    ).all()
    shown = []
    for match, who in rows:
        row = vendor_row(who)
        row.score, row.parts = match.score, parts_of(match.score_parts)
        shown.append(row)
    return shown


def _rating_of(session: Session, found: MarketplaceListing) -> RatingRow:
    row = session.exec(
        select(MarketplaceRating, User.name)
        .join(User, col(User.id) == col(MarketplaceRating.user_id))
        .where(MarketplaceRating.listing_id == found.id)
    ).first()
    return _rating_row(row[0], row[1], found.title) if row else RatingRow()


def _rating_row(rating: MarketplaceRating, who: str, title: str) -> RatingRow:
    return RatingRow(
        id=str(rating.id),
        stars=rating.stars,
        shown="★" * rating.stars + "☆" * (5 - rating.stars),
        words=rating.words,
        who=who,
        title=title,
        reply=rating.reply or "",
        at=rating.created_at.isoformat(),
    )
