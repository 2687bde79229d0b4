"""Matching ten thousand vendors, the ledger beside pgbench, and awards that race."""

import os
import random
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session

from bench import rig
from taskjuggler_app.core import postgresql
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import accounts
from taskjuggler_app.domain.marketplace import bids, listings, matching
from taskjuggler_app.domain.marketplace.drafts import ListingDraft
from taskjuggler_app.domain.payments import ledger
from taskjuggler_app.models.marketplace import MarketplaceVendor, VendorType

SEED, VENDORS, CLIENTS, SECONDS, RACES, RIVALS = 7, 10_000, 8, 8.0, 20, 10
KINDS = ("maintenance", "billing", "legal", "support", "research")


def main() -> None:
    """Print the figures."""
    os.environ["DB_POOL_SIZE"] = str(CLIENTS)
    with rig.installation() as url:
        chance = random.Random(SEED)
        buyer, sellers = _person(), [_person() for _ in range(RIVALS)]
        with transaction() as session:
            _vendors(session, chance, sellers)
        match_ms = _matching(chance)
        entries = _postings()
        peer = _pgbench(url)
        doubles = sum(_race(buyer, sellers) for _ in range(RACES))
    figures = {
        "match_10k_vendors_ms": match_ms,
        "postings_ratio_vs_pgbench": 2 * entries / peer,
        "entries_ratio_vs_pgbench": entries / peer,
        "ledger_entries_per_s": entries,
        "pgbench_tps": peer,
        "award_races_double": float(doubles),
    }
    rows = [
        ("matching", f"{VENDORS} vendors, category and distance: {match_ms:.1f} ms, median of 50"),
        ("ledger", f"{entries:.0f} movements/s of two postings, each its own commit, {CLIENTS} clients"),
        ("pgbench", f"{peer:.0f} transactions/s (its simple-update, as many clients, the same server)"),
        ("awards", f"{RACES} races of {RIVALS} awards at once: {doubles} double"),
        ("seed", str(SEED)),
    ]
    rig.report("Marketplace", rows, figures)


def _person() -> Principal:
    with transaction() as session:
        email = f"{uuid4().hex[:10]}@example.com"
        user = accounts.create(session, accounts.NewAccount("Bench", "Bench", email, "UTC"), "x")
        team = session.execute(text("SELECT id FROM teams WHERE created_by = :id"), {"id": user.id}).scalar_one()
        return Principal(user.id, team, Role.ADMIN, Door.WEB, email=email)


def _vendors(session: Session, chance: random.Random, sellers: list[Principal]) -> None:
    for number in range(VENDORS):
        seller = sellers[number % len(sellers)]
        session.add(
            MarketplaceVendor(
                vendor_type=VendorType.HUMAN,
                name=f"Vendor {number}",
                team_id=seller.team_id,
                categories=chance.sample(KINDS, 2),
                latitude=chance.uniform(25, 48),
                longitude=chance.uniform(-124, -67),
                service_radius_miles=chance.choice((25, 100, 3000)),
                base_rate=Decimal(chance.randint(20, 300)),
                total_jobs=20,
                completed_jobs=chance.randint(0, 20),
                average_rating=Decimal(chance.randint(200, 500)) / 100,
                rating_count=chance.randint(0, 40),
            )
        )


def _matching(chance: random.Random) -> float:
    times = []
    with transaction() as session:
        session.execute(text("ANALYZE marketplace_vendors"))
        for _ in range(50):
            place = chance.uniform(30, 45), chance.uniform(-120, -70)
            job = matching.Job(chance.choice(KINDS), *place, None, True, Decimal(120))
            began = time.perf_counter()
            matching.rank(session, job)
            times.append((time.perf_counter() - began) * 1e3)
    return rig.percentile(times, 0.5)


def _postings() -> float:
    end = time.monotonic() + SECONDS

    def client(number: int) -> int:
        done = 0
        while time.monotonic() < end:
            lines = {ledger.PROVIDER: Decimal(5), f"held:{number}": Decimal(-5)}
            with transaction() as session:
                ledger.post(session, f"bench:{number}:{done}", "payment", "USD", lines)
            done += 1
        return done

    return _spread(client) / SECONDS


def _spread(client: Callable[[int], int]) -> int:
    with ThreadPoolExecutor(CLIENTS) as threads:
        return sum(threads.map(client, range(CLIENTS)))


def _pgbench(url: str) -> float:
    """Transactions a second of pgbench's simple-update: an update and an insert, each transaction its own commit."""
    program = str(postgresql.folder() / "pgbench")
    subprocess.run([program, "-i", "-q", "-s", "10", url], check=True, capture_output=True)
    command = [program, "-N", "-c", str(CLIENTS), "-j", "2", "-T", str(int(SECONDS)), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    return float(found.group(1)) if found else float("nan")


def _race(buyer: Principal, sellers: list[Principal]) -> int:
    """RIVALS awards at once; how many won beyond the first."""
    with transaction() as session:
        listing = listings.publish(session, buyer, ListingDraft("Race", category="maintenance")).id
    placed: list[UUID] = []
    for seller in sellers:
        with transaction() as session:
            query = "SELECT id FROM marketplace_vendors WHERE team_id = :team LIMIT 1"
            vendor = session.execute(text(query), {"team": seller.team_id}).scalar_one()
            placed.append(bids.place(session, seller, listing, vendor, "100").id)

    def award(bid: UUID) -> bool:
        try:
            with transaction() as session:
                bids.award(session, buyer, listing, bid)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(RIVALS) as threads:
        return max(0, sum(threads.map(award, placed)) - 1)
