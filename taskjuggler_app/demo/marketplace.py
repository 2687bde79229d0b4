"""Vendors, listings, bids and a paid job for the demo workspace, by the product's own verbs."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.adapters import embedded_payments, registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.ports import Place
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import accounts
from taskjuggler_app.domain.marketplace import bids, listings, vendors, work
from taskjuggler_app.domain.marketplace.drafts import ListingDraft
from taskjuggler_app.domain.marketplace.vendors import VendorDraft
from taskjuggler_app.domain.payments import events, service
from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.teams import Team

PORTLAND = Place("Portland, Maine", 43.66, -70.26)
_VENDORS = (
    (
        "Nina Castellano",
        "Casco Bay Plumbing",
        "Pipes, boilers, bathrooms. Licensed in Maine since 2009.",
        ["maintenance"],
        ("Leaks and burst pipes", "Boilers and valves", "Bathrooms"),
        Place("Portland, Maine", 43.68, -70.28),
        40,
        "hourly",
        "95",
    ),
    (
        "Joel Thibodeau",
        "Thibodeau Roofing",
        "Roofs and gutters, on the roof within two days.",
        ["maintenance"],
        ("Roof repair", "Gutters", "Snow damage"),
        Place("Brunswick, Maine", 43.91, -69.97),
        60,
        "fixed",
        "450",
    ),
    (
        "Farah Haddad",
        "Haddad Bookkeeping",
        "Invoices, payroll and year ends for small firms.",
        ["billing", "general"],
        ("Invoices", "Payroll", "Year end"),
        Place("Kittery, Maine", 43.10, -70.73),
        30,
        "hourly",
        "60",
    ),
)
_VALVE = "The relief valve of the boiler in the basement drips. New valve, pressure test, take the old one away."
_GUTTERS = (
    "Clean the gutters of 12 Oak Street, 31 Pearl Street and 5 Cedar Lane, about 400 feet, and fix loose brackets. "
    "Ladders are there; tell the tenants the day before."
)
_INVOICES = (
    "Some 140 scans of invoices and receipts. Sort them by building, name the files by date and vendor, and list "
    "what is missing or paid twice."
)


def load(session: Session, owner: Principal, chance: random.Random, now: datetime) -> None:
    """Three people and a tool who offer work; a finished job, one with bids, one just published."""
    sellers = [_vendor(session, chance, *row) for row in _VENDORS]
    tool_draft = VendorDraft(
        "Draftsman",
        "ai",
        description="Drafts answers and summaries within minutes.",
        categories=["support", "general"],
        services=["Answers to customers", "Summaries"],
        pricing_model="per_task",
        base_rate="4.50",
    )
    vendors.save(session, sellers[0][0], tool_draft)
    with clock.at(now - timedelta(days=9)):
        done = _publish(session, owner, "Replace the boiler valve at 12 Oak Street", _VALVE, "maintenance", "300", now)
        _bid(session, sellers[0], done, "260", 2, "I have the valve in the van and can come on Tuesday.")
        _bid(session, sellers[1], done, "310", 4, "Can do it along with the gutter.")
        chosen = _bid(session, sellers[0], done, "250", 2, "I have the valve in the van and can come on Tuesday.")
        payment = bids.award(session, owner, done, chosen)
        place = registry.payments().checkout(service.charge(session, owner, payment.id))
        events.apply(session, embedded_payments.pay(session, place.id))
    with clock.at(now - timedelta(days=7)):
        work.deliver(session, sellers[0][0], done, "New valve, pressure tested, old one taken away.")
    with clock.at(now - timedelta(days=6)):
        work.accept(session, owner, done)
        rating = work.rate(session, owner, done, 5, "On time, tidy, and explained what was wrong.")
    with clock.at(now - timedelta(days=5)):
        work.reply(session, sellers[0][0], rating.id, "Thank you. The valve is under warranty until next winter.")
    with clock.at(now - timedelta(hours=20)):
        open_one = _publish(
            session, owner, "Gutters of three buildings before the snow", _GUTTERS, "maintenance", "900", now
        )
        _bid(session, sellers[1], open_one, "840", 3, "Two of us, all three buildings in a day and a half.")
        _bid(session, sellers[0], open_one, "980", 6, "We can fit it in next week.")
    with clock.at(now - timedelta(minutes=40)):
        _publish(session, owner, "Sort last quarter's invoices", _INVOICES, "billing", "400", now)


def _vendor(
    session: Session,
    chance: random.Random,
    name: str,
    business: str,
    about: str,
    kinds: list[str],
    services: tuple[str, ...],
    where: Place,
    radius: int,
    pricing: str,
    rate: str,
) -> tuple[Principal, MarketplaceVendor]:
    email = f"{name.split()[0].lower()}@vendors.example.com"
    user = accounts.create(session, accounts.NewAccount(name, business, email, "America/New_York"), "!")
    team_id = session.exec(select(Team.id).where(Team.created_by == user.id)).one()
    acting = Principal(user.id, team_id, Role.ADMIN, Door.WEB, email=email, name=name)
    draft = VendorDraft(
        name,
        business_name=business,
        description=about,
        categories=kinds,
        services=list(services),
        address=where.name,
        place=where,
        service_radius_miles=radius,
        pricing_model=pricing,
        base_rate=rate,
    )
    vendor = vendors.save(session, acting, draft)
    vendor.created_at = clock.utcnow() - timedelta(days=200 + 7 * radius)
    vendor.is_verified, vendor.payouts_ready = chance.random() < 0.7, True
    vendor.stripe_account_id = f"emb_account_demo_{vendor.id.hex[:12]}"
    session.add(vendor)
    session.flush()
    return acting, vendor


def _publish(session: Session, owner: Principal, title: str, about: str, kind: str, budget: str, now: datetime) -> UUID:
    on_site = kind == "maintenance"
    draft = ListingDraft(
        title,
        about,
        category=kind,
        budget_max=budget,
        location_required=on_site,
        place=PORTLAND if on_site else None,
        radius_miles=60,
        needed_by=now + timedelta(days=16),
    )
    return listings.publish(session, owner, draft).id


def _bid(
    session: Session, seller: tuple[Principal, MarketplaceVendor], listing_id: UUID, amount: str, days: int, words: str
) -> UUID:
    acting, vendor = seller
    return bids.place(session, acting, listing_id, vendor.id, amount, message=words, days=days).id
