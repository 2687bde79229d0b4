"""The marketplace: what was asked for, how far it came, and the money."""

from sqlmodel import Session

from taskjuggler_app.core import money
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import charts, reading
from taskjuggler_app.domain.analytics.boards.inbox import durations
from taskjuggler_app.domain.analytics.facts import LISTING_STAGES
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.analytics.tiles import Chart, Tile, TileLine, counted, period, rows_href
from taskjuggler_app.domain.payments import periods


def listings(session: Session, _: Principal, frame: Frame) -> Tile:
    """What was asked for, and where it stands."""
    now, before = reading.totals(session, frame, "listed"), reading.totals(session, frame.previous, "listed")
    stages = reading.sums(session, frame, ["listing_stage"], ["bucket"])
    earlier = reading.sums(session, frame.previous, ["listing_stage"], ["bucket"])
    names = ("No bid", "With bids", "Being worked on", "Delivered", "Accepted")
    lines = [
        counted(frame, "listing_stage", name, stages[(place,)], earlier[(place,)], bucket=place)
        for place, name in enumerate(names)
    ]
    total = counted(frame, "listed", "All", now["listed"], before["listed"])
    is_empty = not now["listed"] and not before["listed"]
    formula = "Listings published in the period, by how far they have come until now."
    return Tile(
        "listings", "Asked for", formula, period(frame), [] if is_empty else [total, *lines], "Nothing was asked for."
    )


def bids(session: Session, _: Principal, frame: Frame) -> Tile:
    """How vendors answered."""
    now, before = (reading.totals(session, one, "bids", "listed") for one in (frame, frame.previous))
    lines = [counted(frame, "bids", "Bids", now["bids"], before["bids"])]
    is_empty = not now["bids"] and not before["bids"]
    formula = "Bids that vendors made on our listings in the period, also those that were changed or taken back since."
    return Tile("bids", "Bids", formula, period(frame), [] if is_empty else lines, "Nobody bid.")


def award(session: Session, _: Principal, frame: Frame) -> Tile:
    """How soon a listing finds its vendor."""
    return durations(
        session,
        frame,
        "award",
        "Time to a vendor",
        "From a listing's making to its award, for listings given to a vendor in the period. Half of them took at most "
        "the first number, nine of ten at most the second, within 5 %.",
        "Nothing was given to a vendor.",
    )


def money_held(session: Session, principal: Principal, frame: Frame) -> Tile:
    """What waits and what was earned."""
    lines = [
        TileLine(
            label,
            amount,
            money.shown(amount, currency),
            href=rows_href(frame, of, currency=currency),
            unit=currency,
        )
        for currency, held, earned in periods.held_and_earned(session, principal, *frame.moments())
        for label, of, amount in (
            ("Held for vendors now", "held", held),
            ("Earned by our vendors in the period", "earned", earned),
        )
        if amount
    ]
    formula = (
        "Held: what the workspace paid and the ledger still holds, now. Earned: what was released to its vendors in "
        "the period, after the fee."
    )
    return Tile("money", "Money held and earned", formula, period(frame), lines, "No money is held or was earned.")


TILES = (listings, bids, award, money_held)


def pictures(session: Session, _: Principal, frame: Frame) -> list[Chart]:
    """What was asked for day by day, and how far it got."""
    return [
        charts.by_day(
            session,
            frame,
            "listed_and_bids",
            "Listings and bids",
            "Listings published and bids made, by day.",
            [("Listings", "listed"), ("Bids", "bids")],
        ),
        charts.funnel(
            session,
            frame,
            "listing_stage",
            "From listing to accepted work",
            "Listings of the period, by how far they came; each step after all before it.",
            LISTING_STAGES,
        ),
        charts.durations(
            session, frame, "award", "Time to a vendor", "Listings given to a vendor in the period by how long it took."
        ),
    ]
