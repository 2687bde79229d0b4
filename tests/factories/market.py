"""Jobs on the marketplace for tests: a vendor with who acts for them, and an award that is paid."""

from decimal import Decimal

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, listings
from taskjuggler_app.domain.payments import service
from taskjuggler_app.models import MarketplaceListing, MarketplaceVendor, Transaction
from tests import factories as make
from tests.factories.money import make_vendor


def seller(session: Session, **over: object) -> tuple[Principal, MarketplaceVendor]:
    """A vendor and who acts for them."""
    owner = make.make_owner(session, name="Vera Vendor")
    return owner, make_vendor(session, owner, **over)


def awarded(session: Session) -> tuple[Principal, Principal, MarketplaceListing, Transaction]:
    """A listing from a task, awarded and paid: buyer, seller, listing, payment."""
    buyer = make.make_owner(session)
    acting, vendor = seller(session)
    listing = listings.publish_task(session, buyer, make.make_task(session, buyer).id)
    bid = bids.place(session, acting, listing.id, vendor.id, "200")
    payment = bids.award(session, buyer, listing.id, bid.id)
    service.take(session, payment.id, f"pi_{payment.id}", Decimal(210), "USD")
    return buyer, acting, listing, payment
