"""Vendors: their public profile, verification, where they are paid."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.ports import Place
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.marketplace import policy
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.marketplace import MarketplaceVendor, PricingModel, VendorType

CATEGORIES = ("maintenance", "scheduling", "billing", "sales", "support", "legal", "research", "general")
MOST_SERVICES = 20


@dataclass(frozen=True)
class VendorDraft:
    """A vendor's profile as typed."""

    name: str
    vendor_type: str = "human"
    business_name: str = ""
    description: str = ""
    logo_url: str = ""
    categories: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    address: str = ""
    place: Place | None = None
    service_radius_miles: int | None = None
    pricing_model: str = "quote"
    base_rate: str = ""
    currency: str = "USD"


def save(
    session: Session, principal: Principal, draft: VendorDraft, vendor_id: UUID | None = None
) -> MarketplaceVendor:
    """Make or change a vendor. A person has one; verification ends when name, business or categories change."""
    values = _checked(draft)
    if vendor_id is not None:
        vendor = locked(session, vendor_id)
        _require_own(principal, vendor)
        shown = (vendor.name, vendor.business_name, vendor.categories)
        for name, value in values.items():
            setattr(vendor, name, value)
        if vendor.is_verified and shown != (vendor.name, vendor.business_name, vendor.categories):
            vendor.is_verified, vendor.verification_note = False, "The profile changed since it was verified."
    else:
        if principal.user_id is None:
            raise Invalid("Sign in to offer work.")
        taken = session.exec(select(MarketplaceVendor.id).where(MarketplaceVendor.user_id == principal.user_id)).first()
        if taken is not None and values["vendor_type"] is not VendorType.AI:
            raise Conflict("You have a vendor profile already: change that one.")
        person = None if values["vendor_type"] is VendorType.AI else principal.user_id
        vendor = MarketplaceVendor(team_id=principal.team_id, user_id=person, created_at=clock.utcnow(), **values)
    session.add(vendor)
    session.flush()
    _record(session, principal, vendor, "vendor.saved")
    return vendor


def set_active(session: Session, principal: Principal, vendor_id: UUID, active: bool) -> MarketplaceVendor:
    """Offer work, or pause."""
    vendor = locked(session, vendor_id)
    _require_own(principal, vendor)
    vendor.is_active = active
    session.add(vendor)
    _record(session, principal, vendor, "vendor.resumed" if active else "vendor.paused")
    return vendor


def set_account(session: Session, principal: Principal, vendor_id: UUID, account_id: str) -> None:
    """Keep the account at the provider at which the vendor is paid; the provider says when it is ready."""
    vendor = locked(session, vendor_id)
    _require_own(principal, vendor)
    vendor.stripe_account_id = account_id[:255]
    session.add(vendor)


def ask_verification(session: Session, principal: Principal, vendor_id: UUID) -> MarketplaceVendor:
    """Ask the operators to look at the profile."""
    vendor = locked(session, vendor_id)
    _require_own(principal, vendor)
    if vendor.is_verified:
        raise Conflict("This profile is verified already.")
    vendor.verification_asked_at, vendor.verification_note = clock.utcnow(), None
    session.add(vendor)
    _record(session, principal, vendor, "vendor.verification_asked")
    live.publish(session, topics.disputes())
    return vendor


def verify(session: Session, principal: Principal, vendor_id: UUID, verified: bool, note: str) -> MarketplaceVendor:
    """An operator's word; a refusal needs a reason."""
    require(policy.can_verify(is_operator(principal)), "Only who runs this installation verifies vendors.")
    vendor = locked(session, vendor_id)
    words = note.strip()[:2_000]
    if not verified and not words:
        raise Invalid("Say what is missing: the vendor reads it.", "note")
    vendor.is_verified, vendor.verification_note, vendor.verification_asked_at = verified, words or None, None
    session.add(vendor)
    _record(
        session,
        Principal.system(vendor.team_id or principal.team_id),
        vendor,
        "vendor.verified" if verified else "vendor.refused",
    )
    live.publish(session, topics.disputes())
    if vendor.user_id is not None and vendor.team_id is not None:
        title = "Your profile is verified" if verified else "Your profile could not be verified"
        notify(
            session,
            vendor.user_id,
            type="marketplace",
            title=title,
            message=words or "Customers see the mark from now on.",
            link="/marketplace/vendor",
            dedupe_key=f"verified:{vendor.id}:{clock.utcnow().isoformat()}",
            team_id=vendor.team_id,
        )
    return vendor


def locked(session: Session, vendor_id: UUID) -> MarketplaceVendor:
    """The vendor, locked. NotFound if there is none."""
    vendor = session.exec(
        select(MarketplaceVendor).where(col(MarketplaceVendor.id) == vendor_id).with_for_update()
    ).first()
    if vendor is None:
        raise NotFound
    return vendor


def mine(session: Session, principal: Principal, vendor_id: UUID) -> MarketplaceVendor:
    """A vendor that the principal acts for. NotFound otherwise."""
    vendor = session.get(MarketplaceVendor, vendor_id)
    if vendor is None or not policy.can_manage_vendor(principal, vendor.team_id, vendor.user_id):
        raise NotFound
    return vendor


def _checked(draft: VendorDraft) -> dict[str, Any]:
    name = " ".join(draft.name.split())[:255]
    if not name:
        raise Invalid("Your customers need a name to call you by.", "name")
    categories = [one for one in dict.fromkeys(draft.categories) if one in CATEGORIES]
    if not categories:
        raise Invalid("Choose at least one kind of work.", "categories")
    if draft.vendor_type not in list(VendorType):
        raise Invalid("A vendor is human, an AI tool or both.", "vendor_type")
    if draft.pricing_model not in list(PricingModel):
        raise Invalid("Choose how you charge.", "pricing_model")
    if draft.logo_url and not draft.logo_url.startswith("https://"):
        raise Invalid("The logo's address starts with https://.", "logo_url")
    currency = money.parse_currency(draft.currency)
    radius = draft.service_radius_miles
    if radius is not None and not 1 <= radius <= 12_500:
        raise Invalid("How far you go is between 1 and 12,500 miles.", "service_radius_miles")
    return {
        "name": name,
        "vendor_type": VendorType(draft.vendor_type),
        "business_name": " ".join(draft.business_name.split())[:255] or None,
        "description": draft.description.strip()[:5_000] or None,
        "logo_url": draft.logo_url[:500] or None,
        "categories": categories,
        "services": [" ".join(one.split())[:100] for one in draft.services if one.strip()][:MOST_SERVICES],
        "address": " ".join(draft.address.split())[:500] or None,
        "latitude": draft.place.latitude if draft.place else None,
        "longitude": draft.place.longitude if draft.place else None,
        "service_radius_miles": radius,
        "pricing_model": PricingModel(draft.pricing_model),
        "base_rate": money.parse_amount(draft.base_rate, currency, "base_rate") if draft.base_rate.strip() else None,
        "currency": currency,
        "updated_at": clock.utcnow(),
    }


def _require_own(principal: Principal, vendor: MarketplaceVendor) -> None:
    if vendor.team_id != principal.team_id:
        raise NotFound
    may = policy.can_manage_vendor(principal, vendor.team_id, vendor.user_id)
    require(may, "Only the vendor, or an admin of their workspace, can change this.")


def _record(session: Session, principal: Principal, vendor: MarketplaceVendor, kind: str) -> None:
    data = {"name": vendor.name}
    record_event(session, principal, kind=kind, subject_type="vendor", subject_id=vendor.id, data=data)
    live.publish(session, topics.marketplace(), topics.payments(principal.team_id))


def rate_text(vendor: MarketplaceVendor) -> str:
    """How a vendor charges, in words."""
    amount = money.shown(vendor.base_rate, vendor.currency) if vendor.base_rate else ""
    words = {
        PricingModel.HOURLY: f"{amount} an hour",
        PricingModel.FIXED: f"{amount} fixed",
        PricingModel.PER_TASK: f"{amount} a task",
    }
    return words.get(vendor.pricing_model, "By quote") if amount and vendor.pricing_model else "By quote"
