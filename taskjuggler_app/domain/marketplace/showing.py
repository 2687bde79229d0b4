"""Rows of the marketplace: what a page shows of a listing, a vendor, a bid, a rating. Reads nothing."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from taskjuggler_app.core import money
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import matching, policy
from taskjuggler_app.domain.marketplace.rows import (
    BidRow,
    ListingRow,
    RatingRow,
    VendorRow,
    budget_text,
    parts_of,
)
from taskjuggler_app.domain.marketplace.vendors import rate_text
from taskjuggler_app.domain.payments import fees, requirements
from taskjuggler_app.models.marketplace import (
    BidStatus,
    MarketplaceBid,
    MarketplaceListing,
    MarketplaceRating,
    MarketplaceVendor,
    VendorType,
)


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


def own_row(one: MarketplaceVendor) -> VendorRow:
    """A vendor as its own workspace sees it: with what there is to do to be paid."""
    return replace(
        vendor_row(one),
        account=_account_state(one),
        has_account=bool(one.stripe_account_id),
        needs=requirements.words(one.payouts.get("needs") or ()),
        payouts_note=requirements.why_disabled(str(one.payouts.get("disabled") or "")),
    )


def _account_state(one: MarketplaceVendor) -> str:
    """What the vendor has to do to be paid: none, begun, wanting (more is asked), checking, ready."""
    if not one.stripe_account_id:
        return "ready" if one.payouts_ready else "none"
    if one.payouts_ready:
        return "wanting" if one.payouts.get("needs") else "ready"
    if not one.payouts.get("submitted"):
        return "begun"
    return "wanting" if one.payouts.get("needs") else "checking"


def bid_row(
    bid: MarketplaceBid, who: MarketplaceVendor, own: set[UUID], title: str = "", budget: Decimal | None = None
) -> BidRow:
    """A bid as pages show it; `budget` is the most that was named, in the bid's currency."""
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
        gets=money.shown(quote.vendor_gets, bid.currency),
        message=bid.message or "",
        days="" if days is None else f"{days} day{'' if days == 1 else 's'}",
        status=bid.status.value,
        score=bid.score,
        parts=parts_of(bid.score_parts),
        why=matching.reasons(bid.score_parts),
        mine=who.id in own,
        by_itself=bid.is_automatic,
        over_budget=budget is not None and bid.amount > budget,
        at=(bid.updated_at if bid.status is BidStatus.PENDING else bid.created_at).isoformat(),
        listing_id=str(bid.listing_id),
        title=title,
    )


def listing_row(
    principal: Principal,
    one: MarketplaceListing,
    business: str,
    bids: int,
    miles: float | None,
    names: dict[UUID, str],
) -> ListingRow:
    """A listing as pages show it."""
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


def rating_row(rating: MarketplaceRating, who: str, job: MarketplaceListing) -> RatingRow:
    """What a customer said of a job."""
    return RatingRow(
        id=str(rating.id),
        stars=rating.stars,
        shown="★" * rating.stars + "☆" * (5 - rating.stars),
        words=rating.words,
        who=who,
        title=job.title,
        category=job.category or "general",
        reply=rating.reply or "",
        at=rating.created_at.isoformat(),
    )


def public_rating(rating: MarketplaceRating, who: str, job: MarketplaceListing) -> RatingRow:
    """The same for strangers: a first name with an initial, and the kind of work."""
    row = rating_row(rating, who, job)
    first, *rest = who.split() or ["A customer"]
    row.who, row.title = " ".join([first, *(f"{name[0]}." for name in rest[-1:])]), ""
    return row
