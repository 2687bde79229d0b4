"""Booking under load, and the booking page on a slow phone: fifty visitors at once against the real web process."""

import asyncio
import os
import random
import shutil
import time
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
from playwright.sync_api import sync_playwright
from sqlalchemy import text

from bench import rig
from bench._browser import FLAGS
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import accounts
from taskjuggler_app.domain.appointments import schedules, types
from taskjuggler_app.domain.appointments.spec import WEEKDAYS
from taskjuggler_app.models.teams import Team
from taskjuggler_app.web import build

SEED, VISITORS, BOOKINGS, HOSTS = 7, 50, 1_000, 4
LOADS = 3
# A mid-range phone on a slow 4G line, as Lighthouse throttles it: 150 ms, 1.6 Mbit/s down, 750 kbit/s up, CPU / 4.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
CPU_RATE = 4


@dataclass
class Outcome:
    """What the visitors met; times in ms."""

    booked: int = 0
    refused: int = 0
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0


def main() -> None:
    """Print the figures."""
    build.ensure_built(print)
    os.environ["TRUSTED_PROXIES"] = "1"  # each visitor comes from an address of their own
    with rig.installation():
        slugs = [_type() for _ in range(HOSTS)]
        with rig.running("web"):
            page_kb, first_slot = _page(slugs[0])
            outcome = asyncio.run(_storm(slugs))
        doubles = _double_bookings()
    figures = {
        "bookings_per_s": outcome.booked / outcome.seconds,
        "p99_ms": rig.percentile(outcome.times, 0.99),
        "p50_ms": rig.percentile(outcome.times, 0.5),
        "page_kb": page_kb,
        "first_slot_ms": first_slot,
        "double_bookings": float(doubles),
    }
    rows = [
        ("workload", f"{VISITORS} visitors at once, {HOSTS} types of one host each, every time asked for twice"),
        ("bookings", f"{outcome.booked} booked, {outcome.refused} told the nearest times, "
         f"{figures['bookings_per_s']:.0f} bookings/s"),
        ("answer", f"{figures['p50_ms']:.0f} ms p50, {figures['p99_ms']:.0f} ms p99"),
        ("double bookings", str(doubles)),
        ("booking page, cold", f"{page_kb:.0f} kB on the wire, first time shown after {first_slot:.0f} ms "
         "on a throttled phone (150 ms, 1.6 Mbit/s, CPU / 4)"),
        ("seed", str(SEED)),
    ]  # fmt: skip
    rig.report("Booking", rows, figures)


def _type() -> str:
    with transaction() as session:
        account = accounts.NewAccount("Bench Host", "Bench", f"{uuid4().hex[:8]}@example.com", "UTC")
        host = accounts.create(session, account, "x")
        team = session.get_one(Team, host.current_team_id)
        owner = Principal(host.id, team.id, Role.ADMIN, Door.WEB)
        draft = types.TypeDraft("Visit", duration_minutes=15, step_minutes=15, advance_booking_days=60)
        kind = types.save(session, owner, draft)
        schedule = schedules.ensured(session, team.id, host.id)
        schedule.timezone, schedule.weekly = "UTC", {day: [["00:00", "24:00"]] for day in WEEKDAYS}
        session.add(schedule)
        return kind.booking_slug


async def _storm(slugs: list[str]) -> Outcome:
    """BOOKINGS requests, VISITORS at a time; every second one asks for a time that another one asks for too."""
    chance = random.Random(SEED)
    outcome = Outcome()
    waiting: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    async with httpx.AsyncClient(base_url=rig.base_url(), trust_env=False, timeout=60) as client:
        for slug in slugs:
            free = (await client.get(f"/booking/times/{slug}")).json()["times"]
            wanted = chance.sample(free, BOOKINGS // len(slugs) // 2)
            for one in wanted * 2:
                waiting.put_nowait((slug, one))
        began = time.perf_counter()
        await asyncio.gather(*(_visitor(client, waiting, outcome, number) for number in range(VISITORS)))
        outcome.seconds = time.perf_counter() - began
    return outcome


async def _visitor(
    client: httpx.AsyncClient, waiting: "asyncio.Queue[tuple[str, str]]", outcome: Outcome, number: int
) -> None:
    headers = {"Accept": "application/json", "Origin": rig.base_url(), "X-Forwarded-For": f"198.51.100.{number + 1}"}
    while not waiting.empty():
        slug, start = waiting.get_nowait()
        form = {"slug": slug, "start": start, "name": "Visitor", "email": f"{uuid4().hex[:12]}@example.com"}
        began = time.perf_counter()
        answer = await client.post("/booking/book", data=form, headers=headers)
        outcome.times.append((time.perf_counter() - began) * 1e3)
        if answer.status_code == 201:
            outcome.booked += 1
        elif answer.status_code == 409:
            outcome.refused += 1
        else:
            raise SystemExit(f"unexpected answer {answer.status_code}: {answer.text[:200]}")


def _double_bookings() -> int:
    """Pairs of appointments of one host that overlap."""
    query = text(
        "SELECT count(*) FROM appointments a JOIN appointments b ON a.host_id = b.host_id AND a.id < b.id "
        "AND a.busy && b.busy WHERE a.status IN ('held', 'scheduled') AND b.status IN ('held', 'scheduled')"
    )
    with transaction() as session:
        return int(session.execute(query).scalar_one())


def _page(slug: str) -> tuple[float, float]:
    """kB on the wire and ms to the first time of a cold load, the median of LOADS."""
    found = []
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for _ in range(LOADS):
            context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            devtools.send("Network.enable")
            devtools.send("Network.emulateNetworkConditions", LINE)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_RATE})
            sizes: list[float] = []
            devtools.on("Network.loadingFinished", lambda event, into=sizes: into.append(event["encodedDataLength"]))
            began = time.perf_counter()
            page.goto(f"{rig.base_url()}/book/{slug}", wait_until="commit")
            page.wait_for_selector(".book-times button", timeout=60_000)
            elapsed = (time.perf_counter() - began) * 1e3
            page.wait_for_timeout(300)
            found.append((sum(sizes) / 1e3, elapsed))
            context.close()
        browser.close()
    settings.cache_clear()
    return rig.percentile([kb for kb, _ in found], 0.5), rig.percentile([ms for _, ms in found], 0.5)
