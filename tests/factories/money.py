"""Vendors, listings and payments for tests."""

from decimal import Decimal
from typing import Any

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import service
from taskjuggler_app.domain.payments.service import Order
from taskjuggler_app.models import MarketplaceListing, MarketplaceVendor, PaymentMethod, Transaction, VendorType


def make_vendor(session: Session, owner: Principal, **over: Any) -> MarketplaceVendor:
    """A human vendor of the owner's that can be paid."""
    values = {
        "vendor_type": VendorType.HUMAN,
        "name": "Casco Plumbing",
        "user_id": owner.user_id,
        "categories": ["maintenance"],
        "base_rate": Decimal(90),
        "stripe_account_id": f"acct_{owner.user_id}",
        "payouts_ready": True,
        **over,
    }
    vendor = MarketplaceVendor(team_id=owner.team_id, **values)
    session.add(vendor)
    session.flush()
    return vendor


def make_listing(session: Session, owner: Principal, **over: Any) -> MarketplaceListing:
    """An open listing of the owner's."""
    values = {"title": "Fix the faucet", "category": "maintenance", "requestor_id": owner.user_id, **over}
    listing = MarketplaceListing(team_id=owner.team_id, **values)
    session.add(listing)
    session.flush()
    return listing


def make_payment(
    session: Session, buyer: Principal, vendor: MarketplaceVendor, price: str = "200", **over: Any
) -> Transaction:
    """A payment that waits for its buyer."""
    assert buyer.user_id is not None
    listing = make_listing(session, buyer)
    method = over.pop("method", PaymentMethod.STRIPE_CONNECT)
    order = Order(listing.id, None, vendor.id, buyer.user_id, Decimal(price), "USD", is_ai=False, method=method)
    return service.open_payment(session, buyer, order)
