"""What stands in the way of deleting an account, in words, each with the page where it is settled."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.domain.farewell import workspaces

_ALONE = """
    SELECT m.team_id FROM team_members m WHERE m.user_id = :me
       AND NOT EXISTS (SELECT FROM team_members o WHERE o.team_id = m.team_id AND o.user_id <> :me)
"""
_VENDORS = f"SELECT id FROM marketplace_vendors WHERE user_id = :me OR team_id IN ({_ALONE})"  # noqa: S608
_PAYMENTS = (
    f"SELECT id FROM transactions WHERE requestor_id = :me OR team_id IN ({_ALONE}) OR vendor_id IN ({_VENDORS})"  # noqa: S608
)
_LISTINGS = f"requestor_id = :me OR team_id IN ({_ALONE})"
_MONEY = text(
    f"""
    SELECT (SELECT count(*) FROM transactions WHERE id IN ({_PAYMENTS})
               AND status IN ('pending', 'processing') AND emptied_at IS NULL) AS held,
           (SELECT count(*) FROM payment_disputes
             WHERE state = 'open' AND transaction_id IN ({_PAYMENTS})) AS disputed,
           (SELECT count(*) FROM payment_operations
             WHERE state <> 'done' AND transaction_id IN ({_PAYMENTS})) AS moving,
           (SELECT count(*) FROM marketplace_listings WHERE ({_LISTINGS}) AND status = 'open') AS wanted,
           (SELECT count(*) FROM marketplace_listings
             WHERE ({_LISTINGS} OR assigned_vendor_id IN ({_VENDORS})) AND status = 'assigned') AS running
    """  # noqa: S608
)
_PLAN = text("SELECT plan <> 'free' AND coalesce(settings #>> '{billing,ends}', '') = '' FROM users WHERE id = :me")


@dataclass
class Obstacle:
    """What has to be settled first, and where."""

    words: str = ""
    href: str = ""
    label: str = ""


def of(session: Session, user_id: UUID) -> list[Obstacle]:
    """Everything that stands in the way now; nothing when the account may go."""
    found = [
        Obstacle(
            f"{place.name} is yours and {_people(place.others)} in it: hand it over first.", "/people", "Hand it over"
        )
        for place in workspaces.of(session, user_id)
        if place.owned and place.others
    ]
    facts = session.execute(_MONEY, {"me": user_id}).one()
    if facts.running:
        found.append(Obstacle(f"{_jobs(facts.running)} not finished yet.", "/marketplace", "Marketplace"))
    if facts.wanted:
        found.append(Obstacle(_listings(facts.wanted), "/marketplace", "Marketplace"))
    if facts.held or facts.disputed or facts.moving:
        found.append(
            Obstacle(
                "Money is still held, disputed or on its way: it has to reach whom it belongs to first.",
                "/marketplace/payments",
                "Payments",
            )
        )
    if session.execute(_PLAN, {"me": user_id}).scalar():
        found.append(Obstacle("You pay for a plan: end it first, or it would go on.", "/settings/plan", "Plan"))
    return found


def _people(number: int) -> str:
    return "somebody else is" if number == 1 else f"{number} others are"


def _jobs(number: int) -> str:
    return "A job on the marketplace is" if number == 1 else f"{number} jobs on the marketplace are"


def _listings(number: int) -> str:
    if number == 1:
        return "A listing of yours is still open: close it first."
    return f"{number} listings of yours are still open: close them first."
