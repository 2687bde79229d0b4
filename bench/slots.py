"""Free times over 60 days with a change of the clock inside: our engine, a dateutil and interval-tree one, cal.com's
core functions where CALCOM_SOURCE names a copy of its public source (a checkout or a bare repository), and our whole
way with the database. All must give the same slots; the run stops when they do not."""

import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session

from bench import peers, rig
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access import accounts
from taskjuggler_app.domain.appointments import openings, schedules, slots, types
from taskjuggler_app.domain.appointments.hours import Hours, Range
from taskjuggler_app.domain.appointments.slots import Busy, Rules
from taskjuggler_app.models.appointments import Appointment, AppointmentType, busy_range
from taskjuggler_app.models.teams import Team

SEED = 7
FIRST, LAST = date(2026, 2, 20), date(2026, 4, 20)
ZONES = ("America/New_York", "Europe/Berlin", "America/Chicago", "Europe/London", "America/Los_Angeles")
WEEK = (((540, 720), (780, 1050)),) * 5 + ((),) * 2
BASE = int(datetime(2026, 2, 20, tzinfo=UTC).timestamp())
RULES = Rules(duration=1800, step=900, before=600, after=600, earliest=BASE + 12 * 3600 + 4 * 3600)
PEER = Path(__file__).with_name("_slots_peer.py")
CALCOM = Path(__file__).with_name("_slots_calcom.mjs")
CALCOM_PINS = ("dayjs@1.11.2", "esbuild@0.28.2")
CALCOM_FILES = (
    "packages/dayjs/index.ts",
    "packages/dayjs/plugins/business-days-plugin.ts",
    "packages/features/schedules/lib/date-ranges.ts",
    "packages/features/schedules/lib/slots.ts",
)
PINS = ("python-dateutil==2.9.0.post0", "intervaltree==3.1.0")


def main() -> None:
    """Print the figures."""
    chance = random.Random(SEED)
    hundred, thousands = _bookings(chance, 100), _bookings(chance, 5_000)
    many = [(Hours(ZONES[i % len(ZONES)], WEEK), _bookings(chance, 100)) for i in range(50)]
    one = Hours(ZONES[0], WEEK)
    busy = Busy.of(thousands)
    figures = {
        "one_host_100_cpu_ms": _cpu_ms(lambda: slots.free(one, FIRST, LAST, Busy.of(hundred), RULES), 400),
        "one_host_5000_cpu_ms": _cpu_ms(lambda: slots.free(one, FIRST, LAST, busy, RULES), 200),
        "one_host_5000_from_pairs_cpu_ms": _cpu_ms(
            lambda: slots.free(one, FIRST, LAST, Busy.of(thousands), RULES), 100
        ),
        "fifty_hosts_cpu_ms": _cpu_ms(
            lambda: slots.free_with_any([(hours, Busy.of(taken)) for hours, taken in many], FIRST, LAST, RULES), 60
        ),
    }
    calendars = {"0": [], "100": hundred, "5000": thousands}
    peer = _peer([str(peers.python(*PINS)), str(PEER)], _question(one, calendars))
    figures["ratio_vs_rrule_intervaltree"] = peer / figures["one_host_100_cpu_ms"]
    calcom = _calcom(one, calendars)
    if calcom:
        figures["ratio_vs_calcom_core"] = calcom / figures["one_host_100_cpu_ms"]
    figures |= _end_to_end(chance)
    rows = [
        ("workload", "60 days, Mon-Fri 9-12 and 13-17:30, 30 min every 15, buffers of 10 min, 4 h notice, DST inside"),
        ("one host, 100 bookings", f"{figures['one_host_100_cpu_ms']:.3f} ms of CPU, bookings as pairs"),
        ("one host, 5,000 bookings", f"{figures['one_host_5000_cpu_ms']:.3f} ms as the database gives them, "
         f"{figures['one_host_5000_from_pairs_cpu_ms']:.3f} ms as pairs"),
        ("50 hosts x 100 bookings, 5 zones", f"{figures['fifty_hosts_cpu_ms']:.2f} ms, times with any of them"),
        ("dateutil + interval tree, 100", f"{peer:.2f} ms, the same slots"),
        ("cal.com's core functions, 100", f"{calcom:.1f} ms in Node, the same slots" if calcom else "not run"),
        ("database read included, 1,000 bookings", f"{figures['end_to_end_p50_ms']:.2f} ms p50, "
         f"{figures['end_to_end_p95_ms']:.2f} ms p95, {figures['end_to_end_cpu_ms']:.2f} ms of our CPU"),
        ("seed, peers", f"{SEED}, {', '.join(PINS)}"),
    ]  # fmt: skip
    rig.report("Free times", rows, figures)


def _bookings(chance: random.Random, count: int) -> list[Range]:
    """Half-hour bookings at any five minutes of the window, sorted."""
    starts = sorted(BASE + chance.randrange(60 * 288) * 300 for _ in range(count))
    return [(start, start + 1800) for start in starts]


def _cpu_ms(work: Callable[[], object], times: int) -> float:
    """The median CPU time, warm."""
    for _ in range(10):
        work()
    spent = []
    for _ in range(times):
        began = time.process_time_ns()
        work()
        spent.append(time.process_time_ns() - began)
    return rig.percentile(spent, 0.5) / 1e6


def _question(hours: Hours, calendars: dict[str, list[Range]]) -> dict[str, object]:
    return {
        "zone": hours.zone,
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
        "now": BASE,
        "rules": [RULES.duration, RULES.step, RULES.before, RULES.after, RULES.earliest],
        "windows": [[540, 720], [780, 1050]],
        "calendars": calendars,
        "timed": "100",
    }


def _peer(command: list[str], asked: dict[str, object]) -> float:
    """A peer's median CPU ms at 100 bookings. Stops unless it finds the same slots in every calendar."""
    ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    answer = json.loads(ran.stdout)
    hours = Hours(str(asked["zone"]), WEEK)
    for name, bookings in dict(asked["calendars"]).items():  # type: ignore[call-overload]  # a table of several types
        assert answer["slots"][name] == slots.free(hours, FIRST, LAST, Busy.of(bookings), RULES), (command[-1], name)
    return float(answer["cpu_ms"])


def _calcom(hours: Hours, calendars: dict[str, list[Range]]) -> float:
    """cal.com's median CPU ms; 0 when there is no copy of its source. Its files go to a temporary folder alone."""
    source = os.environ.get("CALCOM_SOURCE", "")
    if not source:
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name in CALCOM_FILES:
            place = Path(folder) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_file_of(Path(source), name))
        home = peers.npm(*CALCOM_PINS)
        asked = {**_question(hours, calendars), "source": folder, "home": str(home)}
        return _peer([str(peers.node()), str(CALCOM)], asked)


def _file_of(source: Path, name: str) -> str:
    if (source / name).exists():
        return (source / name).read_text()
    command = ["git", f"--git-dir={source}", "show", f"HEAD:{name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _end_to_end(chance: random.Random) -> dict[str, float]:
    """A visitor's question with everything read from the database, for a host with 1,000 appointments ahead."""
    with rig.installation():
        now = datetime.now(UTC)
        with transaction() as session:
            kind = _type(session)
            _fill(session, kind, _apart(chance, now))
        times, spent = [], []
        for _ in range(220):
            began, cpu = time.perf_counter(), time.process_time_ns()
            with transaction() as session:
                openings.find(session, now, slug=kind.booking_slug).starts()
            times.append((time.perf_counter() - began) * 1e3)
            spent.append((time.process_time_ns() - cpu) / 1e6)
    warm = times[20:]
    cpu_ms = rig.percentile(spent[20:], 0.5)
    return {
        "end_to_end_cpu_ms": cpu_ms,
        "end_to_end_p50_ms": rig.percentile(warm, 0.5),
        "end_to_end_p95_ms": rig.percentile(warm, 0.95),
    }


def _type(session: Session) -> AppointmentType:
    account = accounts.NewAccount("Bench Host", "Bench", f"{uuid4().hex[:8]}@example.com", ZONES[0])
    host = accounts.create(session, account, "x")
    team = session.get_one(Team, host.current_team_id)
    owner = Principal(host.id, team.id, Role.ADMIN, Door.WEB)
    draft = types.TypeDraft("Visit", advance_booking_days=60, step_minutes=15, notice_minutes=240)
    kind = types.save(session, owner, draft)
    schedules.ensured(session, team.id, host.id)
    return kind


def _apart(chance: random.Random, now: datetime) -> list[datetime]:
    """A thousand starts of a quarter of an hour that do not overlap."""
    first = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return [first + timedelta(minutes=15 * place) for place in sorted(chance.sample(range(60 * 96 - 8), 1_000))]


def _fill(session: Session, kind: AppointmentType, starts: list[datetime]) -> None:
    def row(start: datetime) -> dict[str, object]:
        end = start + timedelta(minutes=15)
        host: UUID = kind.user_id
        return {
            "id": uuid4(),
            "appointment_type_id": kind.id,
            "team_id": kind.team_id,
            "host_id": host,
            "start_time": start,
            "end_time": end,
            "busy": busy_range(start, end),
            "status": "scheduled",
        }

    session.execute(insert(Appointment), [row(start) for start in starts])
