"""Reading the marketplace: open listings for everybody signed in, bids for their two sides, profiles for all."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Integer, cast, null, or_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.paging import Page, ordered_page
from taskjuggler_app.core.ports import Place
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.marketplace import matching, policy, showing
from taskjuggler_app.domain.marketplace.distance import miles_to
from taskjuggler_app.domain.marketplace.rows import (
    BidRow,
    ListingDetail,
    ListingRow,
    RatingRow,
    VendorDetail,
    VendorRow,
    parts_of,
)
from taskjuggler_app.models.marketplace import (
    BidStatus,
    ListingStatus,
    MarketplaceBid,
    MarketplaceListing,
    MarketplaceMatch,
    MarketplaceRating,
    MarketplaceVendor,
)
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
UNKNOWN_MILES = 1e9
"""Farther than anything: a listing without a place comes last."""
LIVE_BIDS = (BidStatus.PENDING, BidStatus.ACCEPTED)
L, V, B = MarketplaceListing, MarketplaceVendor, MarketplaceBid


@dataclass(frozen=True)
class Filter:
    """What is looked for. show: open, mine, bidding, won, or all of these; `within` is in miles around `near`."""

    show: str = "open"
    text: str = ""
    category: str = ""
    near: Place | None = None
    within: int = 0


def listings(
    session: Session, principal: Principal, wanted: Filter, cursor: str = "", size: int = PAGE_SIZE
) -> Page[ListingRow]:
    """Listings that the principal may see, newest first, or nearest first around a place. Invalid for a strange
    cursor.
    """
    own_vendors = select(V.id).where(V.team_id == principal.team_id)
    my_bids = select(B.listing_id).where(col(B.vendor_id).in_(own_vendors), B.status != BidStatus.WITHDRAWN)
    shown: dict[str, ColumnElement[bool]] = {
        "open": col(L.status) == ListingStatus.OPEN,
        "mine": col(L.team_id) == principal.team_id,
        "bidding": col(L.id).in_(my_bids),
        "won": col(L.assigned_vendor_id).in_(own_vendors),
    }
    shown["all"] = or_(*shown.values())
    away = _miles(wanted.near)
    query = select(L, Team.name, away).outerjoin(Team, col(Team.id) == col(L.team_id))
    query = query.where(shown.get(wanted.show, shown["open"]), *_says(wanted.text, L.title, L.description))
    if wanted.category:
        query = query.where(L.category == wanted.category)
    if wanted.near is not None and wanted.within:
        query = query.where(func.coalesce(away <= wanted.within, True))
    if wanted.near is None:
        keys: tuple[Any, ...] = (col(L.created_at), col(L.id))
    else:  # the same way as newest first: the greatest number is the nearest
        keys = (-func.coalesce(away, UNKNOWN_MILES, type_=Float(53)), col(L.created_at), col(L.id))
    found = ordered_page(session, query, keys, cursor, size, descending=True)
    counts = _bid_counts(session, [listing.id for listing, _, _ in found.rows])
    names = _vendor_names(session, [listing for listing, _, _ in found.rows])
    shown_rows = [
        showing.listing_row(principal, listing, name or "", counts.get(listing.id, 0), miles, names)
        for listing, name, miles in found.rows
    ]
    return Page(shown_rows, found.next_cursor)


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
    row = showing.listing_row(
        principal,
        found,
        business,
        len([b for b, _ in bids if b.status in LIVE_BIDS]),
        None,
        _vendor_names(session, [found]),
    )
    return ListingDetail(
        row=row,
        bids=[showing.bid_row(bid, vendor, own_ids, budget=found.budget_max) for bid, vendor in visible],
        matches=_matches(session, found) if ours else [],
        rating=_rating_of(session, found),
        is_vendor=found.assigned_vendor_id in own_ids and not ours,
        vendors=[] if ours else [showing.vendor_row(one) for one in own if one.is_active],
    )


def vendors(
    session: Session, principal: Principal, wanted: Filter, cursor: str = "", size: int = PAGE_SIZE
) -> Page[VendorRow]:
    """Active vendors, best first; with a place those within reach, with the distance. Invalid for a strange cursor."""
    asked = _says(wanted.text, V.name, V.business_name, V.description)
    if wanted.category or wanted.near is not None:
        near = wanted.near
        job = matching.Job(
            category=wanted.category,
            latitude=near.latitude if near else None,
            longitude=near.longitude if near else None,
            radius=wanted.within or None,
            on_site=bool(near and wanted.within),
        )
        scored = matching.rank(session, job, limit=size, asked=asked, cursor=cursor)
        by_id = {
            vendor.id: vendor
            for vendor in session.exec(select(V).where(col(V.id).in_([one.vendor_id for one in scored.rows])))
        }
        rows = [showing.vendor_row(by_id[one.vendor_id], one.miles) for one in scored.rows]
        return Page(rows, scored.next_cursor)
    stars = cast(func.coalesce(col(V.average_rating), -1), Float(53))
    keys = (-cast(col(V.is_verified), Integer), -stars, col(V.name), col(V.id))
    best = ordered_page(session, select(V).where(col(V.is_active).is_(True), *asked), keys, cursor, size)
    return Page([showing.vendor_row(row[0]) for row in best.rows], best.next_cursor)


def vendor(session: Session, principal: Principal, vendor_id: UUID) -> VendorDetail:
    """A profile as those signed in see it, with its ratings, newest first."""
    found = session.get(V, vendor_id)
    if found is None:
        raise NotFound
    said = _ratings(session, vendor_id)
    return VendorDetail(showing.vendor_row(found), [showing.rating_row(*one) for one in said])


def public_vendor(session: Session, vendor_id: UUID) -> VendorDetail:
    """A profile as anybody sees it. NotFound while it is paused. Customers keep their family name and what the job
    was called, which may hold an address, to themselves.
    """
    found = session.get(V, vendor_id)
    if found is None or not found.is_active:
        raise NotFound
    row = showing.vendor_row(found)
    row.verification = row.rate_typed = ""
    return VendorDetail(row, [showing.public_rating(*one) for one in _ratings(session, vendor_id)])


def public_ids(session: Session, most: int) -> list[UUID]:
    """Vendors whose profile anybody may find, the oldest first."""
    return list(session.exec(select(V.id).where(col(V.is_active)).order_by(col(V.created_at), col(V.id)).limit(most)))


def own_vendors(session: Session, principal: Principal) -> list[VendorRow]:
    """The vendors of the principal's workspace that they act for."""
    rows = session.exec(select(V).where(V.team_id == principal.team_id).order_by(col(V.created_at))).all()
    return [showing.own_row(one) for one in rows if policy.can_manage_vendor(principal, one.team_id, one.user_id)]


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
    return [showing.listing_row(principal, found[one], "", counts.get(one, 0), None, {}) for one, _ in ids]


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
    return [showing.bid_row(bid, who, {who.id}, title) for bid, who, title in rows]


def verifications(session: Session, principal: Principal) -> list[VendorRow]:
    """Vendors that wait for an operator's word, longest first."""
    require(policy.can_verify(is_operator(principal)), "Only who runs this installation verifies vendors.")
    query = select(V).where(col(V.verification_asked_at).is_not(None)).order_by(col(V.verification_asked_at))
    return [showing.vendor_row(one) for one in session.exec(query.limit(PAGE_SIZE))]


def _ratings(session: Session, vendor_id: UUID) -> list[tuple[MarketplaceRating, str, MarketplaceListing]]:
    """What customers said, who they are, of which job; newest first."""
    query = (
        select(MarketplaceRating, User.name, L)
        .join(User, col(User.id) == col(MarketplaceRating.user_id))
        .join(L, col(L.id) == col(MarketplaceRating.listing_id))
        .where(MarketplaceRating.vendor_id == vendor_id)
        .order_by(col(MarketplaceRating.created_at).desc(), col(MarketplaceRating.id))
    )
    return [(rating, name, job) for rating, name, job in session.exec(query.limit(PAGE_SIZE))]


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
        row = showing.vendor_row(who)
        row.score, row.parts = match.score, parts_of(match.score_parts)
        shown.append(row)
    return shown


def _rating_of(session: Session, found: MarketplaceListing) -> RatingRow:
    row = session.exec(
        select(MarketplaceRating, User.name)
        .join(User, col(User.id) == col(MarketplaceRating.user_id))
        .where(MarketplaceRating.listing_id == found.id)
    ).first()
    return showing.rating_row(row[0], row[1], found) if row else RatingRow()


def _says(text: str, *columns: Any) -> list[ColumnElement[bool]]:
    """Each word of the text stands in one of the columns."""
    return [or_(*(col(column).icontains(word, autoescape=True) for column in columns)) for word in text.split()[:6]]


def _miles(near: Place | None) -> ColumnElement[Any]:
    """Miles from a place to a listing; NULL where either is not known."""
    if near is None:
        return cast(null(), Float(53))
    lat, lng = (col(L.location)[name].as_float() for name in ("lat", "lng"))
    return miles_to(lat, lng, from_latitude=near.latitude, from_longitude=near.longitude)
