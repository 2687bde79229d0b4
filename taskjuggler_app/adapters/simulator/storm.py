"""The flight simulator: a seeded storm of believable events through the real webhooks, and a report of what came of it.

Texts, calls and mails: callers, bursts of one sender, spam, bounces, robots that answer every reply of ours, words that
give orders to machines, broken bytes; a share of all events is delivered twice. Numbers are from the range for fiction.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from taskjuggler_app.adapters.simulator import as_vendor, words
from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.receptionist import mailboxes
from taskjuggler_app.domain.receptionist.mail import parse_mail
from taskjuggler_app.domain.receptionist.samples import MARK

ROUNDS, CONNECTIONS = 3, 16
ROBOTS = ("+12075550198", "+12075550199", "answers@robot.example", "tickets@machine.example")
_KINDS = (("caller", 55), ("burst", 9), ("spam", 9), ("robot", 9), ("orders", 7), ("broken", 7), ("bounce", 4))
Post = Callable[[VendorRequest], Awaitable[int]]
"""Sends a request and gives the status."""


@dataclass(frozen=True)
class Event:
    """One thing that reaches the business: a text, a call or a mail. `source_id` is what its message is known by."""

    way: str
    source_id: str
    sender: str
    body: str
    raw: bytes = b""

    def requests(self, line: str, mailbox: str) -> list[VendorRequest]:
        """What the vendor sends for it, in order."""
        if self.way == "mail":
            return [as_vendor.mail(self.raw, [mailbox], "" if b"multipart/report" in self.raw else self.sender)]
        if self.way == "text":
            return [as_vendor.text(self.source_id, self.sender, line, self.body)]
        sid = "CA" + self.source_id[2:]
        if self.source_id.startswith("RE"):
            return as_vendor.recorded_call(sid, self.sender, line, self.source_id, self.body)
        return as_vendor.call(sid, self.sender, line, self.body)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a storm. `lost` counts messages that are not in the inbox, or were not read to the end."""

    events: int
    items_expected: int
    items: int
    duplicates: int
    lost: int
    reply_loops: int
    refused: int
    seconds: float
    texts: int = 0
    calls: int = 0
    mails: int = 0
    replies: int = 0
    withheld: int = 0

    @property
    def events_per_s(self) -> float:
        """Events that were taken, a second."""
        return self.events / self.seconds if self.seconds else 0.0

    @property
    def is_clean(self) -> bool:
        """Whether every message is there exactly once, and no reply went round in a circle."""
        return self.items == self.items_expected and not (self.duplicates or self.lost or self.reply_loops)


def generate(seed: int, events: int, redelivered: float = 0.2, *, mailbox: str = "") -> list[Event]:
    """`events` deliveries, of which that share repeats earlier ones; the same seed makes the same storm.

    Without a `mailbox` there are no mails in it.
    """
    chance = random.Random(seed)  # noqa: S311  # a storm that is the same each time
    fresh = list(_fresh(chance, events - int(events * redelivered), f"{seed:08x}", mailbox))
    again = chance.choices(fresh, k=events - len(fresh))
    storm = [*fresh, *again]
    for at in range(len(storm)):  # a burst stays a burst: events move a little, and repeats anywhere
        other = min(len(storm) - 1, max(0, at + chance.randint(-40, 40)))
        storm[at], storm[other] = storm[other], storm[at]
    return storm


def _fresh(chance: random.Random, count: int, prefix: str, mailbox: str) -> Iterator[Event]:
    number = 0
    while number < count:
        kind = chance.choices([name for name, _ in _KINDS], [weight for _, weight in _KINDS])[0]
        way = "mail" if kind == "bounce" else chance.choices(("text", "mail", "call"), (55, 30, 15))[0]
        if way == "mail" and not mailbox:
            way = "text"
        if way == "call" and kind in ("robot", "broken", "burst"):
            way = "text"
        phone = f"+1207555{chance.randrange(1000, 9999)}"
        for _ in range(chance.randint(3, 8) if kind == "burst" else 1):
            if number < count:
                yield _event(chance, kind, way, number, prefix, phone, mailbox)
                number += 1


def _event(chance: random.Random, kind: str, way: str, number: int, prefix: str, phone: str, mailbox: str) -> Event:
    if way == "mail":
        sender = ROBOTS[2 + number % 2] if kind == "robot" else f"writer{phone[-4:]}@example.com"
        raw = words.mail(chance, kind, number, sender, mailbox, f"{prefix}.{number}@storm.example")
        return Event("mail", mailboxes.source_id(parse_mail(raw)), sender, "", raw)
    said = words.said(chance, kind, number)
    if way == "call":
        known_by = "RE" if chance.random() < 0.5 else "CA"
        return Event("call", f"{known_by}{MARK}{prefix}{number:016x}", phone, said)
    sender = ROBOTS[number % 2] if kind == "robot" else phone
    return Event("text", f"SM{MARK}{prefix}{number:016x}", sender, said)


async def send(storm: Sequence[Event], line: str, mailbox: str, post: Post) -> int:
    """Deliver the storm over CONNECTIONS at once, in order; what is refused is brought again, as a carrier does.

    Gives how many events were refused for good.
    """
    waiting, refused = iter(storm), 0

    async def carrier() -> None:
        nonlocal refused
        for event in waiting:
            requests = event.requests(line, mailbox)
            refused += not all([await _delivered(request, post) for request in requests])

    await asyncio.gather(*(carrier() for _ in range(CONNECTIONS)))
    return refused


async def _delivered(request: VendorRequest, post: Post) -> bool:
    for attempt in range(8):
        if await post(request) == 200:
            return True
        await asyncio.sleep(0.05 * 2**attempt)
    return False


async def fly(
    seed: int,
    events: int,
    line: str,
    mailbox: str,
    post: Post,
    settle: Callable[[], Awaitable[None]],
    redelivered: float = 0.2,
) -> Report:
    """Send a storm, wait with `settle` until all is worked off, let the robots answer our replies, and count."""
    mailbox = mailbox if as_vendor.can_sign_mail() else ""
    storm = generate(seed, events, redelivered, mailbox=mailbox)
    started = time.perf_counter()
    refused = await send(storm, line, mailbox, post)
    seconds = time.perf_counter() - started
    await settle()
    expected = {event.source_id for event in storm}
    for round_ in range(ROUNDS):
        answers = list(_robots_answer(seed, round_, mailbox))
        refused += await send(answers, line, mailbox, post)
        expected |= {event.source_id for event in answers}
        await settle()
    return _report(storm, expected, refused, seconds)


def _robots_answer(seed: int, round_: int, mailbox: str) -> Iterator[Event]:
    """Each robot answers each reply that it got, in words of its own."""
    query = text(
        "SELECT to_address, body FROM outgoing_messages WHERE to_address = ANY(:robots) "
        "AND status IN ('queued', 'sent', 'delivered') ORDER BY created_at, id"
    )
    with transaction() as session:
        replies = [(row.to_address, row.body) for row in session.execute(query, {"robots": list(ROBOTS)})]
    for number, (robot, body) in enumerate(replies):
        said = f"Ticket #{number}.{round_}: got {len(body)} letters!"
        if "@" not in robot:
            yield Event("text", f"SM{MARK}{seed:08x}a{round_:03x}{number:012x}", robot, said)
            continue
        known_by = f"{seed:08x}.a{round_}.{number}@storm.example"
        raw = f"From: {robot}\r\nTo: {mailbox}\r\nSubject: Re: {said}\r\nMessage-ID: <{known_by}>\r\n\r\n{said}\r\n"
        yield Event("mail", known_by, robot, said, raw.encode())


_COUNT = text(
    """
    WITH items AS (SELECT id, source_id, processing_status FROM inbox_items WHERE source_id = ANY(:ids)),
         automatic AS (SELECT o.to_address, o.status FROM outgoing_messages o JOIN items ON items.id = o.inbox_item_id
                        WHERE o.purpose = 'auto_reply')
    SELECT count(*) AS items, count(DISTINCT source_id) AS known,
           count(DISTINCT source_id) FILTER (WHERE processing_status = 'completed') AS done,
           (SELECT count(*) FROM (SELECT 1 FROM tasks WHERE inbox_item_id IN (SELECT id FROM items)
                                   GROUP BY inbox_item_id HAVING count(*) > 1) t) AS twice,
           (SELECT count(*) FROM (SELECT 1 FROM automatic WHERE status NOT IN ('withheld', 'cancelled')
                                   GROUP BY to_address HAVING count(*) > 1) l) AS loops,
           (SELECT count(*) FROM automatic WHERE status NOT IN ('withheld', 'cancelled')) AS replies,
           (SELECT count(*) FROM automatic WHERE status = 'withheld') AS withheld
      FROM items
    """
)


def _report(storm: Sequence[Event], expected: set[str], refused: int, seconds: float) -> Report:
    with transaction() as session:
        row = session.execute(_COUNT, {"ids": list(expected)}).one()
    ways = [event.way for event in storm]
    return Report(
        events=len(storm),
        items_expected=len(expected),
        items=row.items,
        duplicates=row.items - row.known + row.twice,
        lost=len(expected) - row.done,
        reply_loops=row.loops,
        refused=refused,
        seconds=seconds,
        texts=ways.count("text"),
        calls=ways.count("call"),
        mails=ways.count("mail"),
        replies=row.replies,
        withheld=row.withheld,
    )


def is_settled() -> bool:
    """Whether no delivery and no message waits, and no automatic reply is under way."""
    query = text(
        "SELECT NOT EXISTS (SELECT 1 FROM inbox_items WHERE processing_status IN ('pending', 'processing')) "
        "AND NOT EXISTS (SELECT 1 FROM inbound_mails WHERE state = 'waiting') "
        "AND NOT EXISTS (SELECT 1 FROM outgoing_messages WHERE status = 'queued' AND purpose = 'auto_reply')"
    )
    with transaction() as session:
        return bool(session.execute(query).scalar_one())


async def until_settled(longest: float = 300.0) -> None:
    """Wait for the worker. TimeoutError when it does not get there."""
    end = time.monotonic() + longest
    while not await asyncio.to_thread(is_settled):
        if time.monotonic() > end:
            raise TimeoutError("the worker did not get through the storm")
        await asyncio.sleep(0.1)
