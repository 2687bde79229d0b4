"""Load for the API's benchmark: prepared requests over connections kept alive, and what came of them."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import urlsplit
from uuid import uuid4

from bench import rig
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.domain.tef import actors, claims, keys
from taskjuggler_app.models.tef import ActorType

CLIENTS = 16
_numbers = count(1)


@dataclass(frozen=True)
class Measured:
    """Requests a second, and how long each took, in ms."""

    per_second: float
    times: list[float]

    @property
    def p50(self) -> float:
        """The median, in ms."""
        return rig.percentile(self.times, 0.5)

    @property
    def p99(self) -> float:
        """All but one in a hundred are faster, in ms."""
        return rig.percentile(self.times, 0.99)


def together(parts: Sequence[Measured]) -> Measured:
    """Rounds as one: the median of their rates, all their times."""
    rates = sorted(one.per_second for one in parts)
    return Measured(rates[len(rates) // 2], [ms for one in parts for ms in one.times])


def keyring(people: Sequence[Principal], requests: int) -> list[str]:
    """Enough keys that no allowance is used up: each has so many requests a minute."""
    wanted = -(-requests // limits.API.amount)
    made: list[str] = []
    with transaction() as session:
        for one in people:
            for _ in range(min(tokens.MOST, wanted - len(made))):
                new = tokens.create(session, one, name="Bench", abilities=list(tokens.ABILITIES), days=7)
                made.append(new.secret)
    if len(made) < wanted:
        raise RuntimeError("there are too few people for so many keys")
    return made


def agents(owner: Principal, number: int) -> list[tuple[str, str, str]]:
    """Agents of the owner: (their id, the person's id, their key)."""
    made = []
    for _ in range(number):
        with transaction() as session:
            agent = actors.register(session, owner, ActorType.AI_AGENT, "Bench")
            claims.claim(session, owner, claims.new_code(session, owner, agent.id).code)
            person = actors.own(session, owner)
            made.append((str(agent.id), str(person.id), keys.issue(session, owner, agent.id).token))
    return made


def lists(path: str, keys_: Sequence[str], number: int) -> list[bytes]:
    """Requests for the newest open tasks."""
    ring = cycle(keys_ or [""])
    return [_request("GET", path, next(ring)) for _ in range(number)]


def creates(path: str, keys_: Sequence[str], number: int) -> list[bytes]:
    """Requests that make a task each."""
    ring = cycle(keys_ or [""])
    return [_request("POST", path, next(ring), _task()) for _ in range(number)]


def calls(tool: str, keys_: Sequence[str], number: int) -> list[bytes]:
    """Calls of a tool at /mcp."""
    ring = cycle(keys_)
    headers = "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
    made = []
    for one in range(number):
        arguments = {} if tool == "search_tasks" else {k: v for k, v in _task().items() if k != "tags"}
        said = {
            "jsonrpc": "2.0",
            "id": one + 1,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        }
        made.append(_request("POST", "/mcp", next(ring), said, headers))
    return made


def envelopes(senders: Sequence[tuple[str, str, str]], number: int) -> list[bytes]:
    """Envelopes that make a task each, from many addresses."""
    ring = cycle(senders)
    made = []
    for one in range(number):
        source, target, key = next(ring)
        task = _task()
        said = {
            "tef_version": "2.0.0",
            "message_id": str(uuid4()),
            "message_type": "TASK_CREATE",
            "timestamp": clock.utcnow().isoformat(),
            "task_id": str(uuid4()),
            "source_actor": source,
            "target_actor": target,
            "payload": {"title": task["title"], "description": task["description"], "priority": "high"},
        }
        headers = f"X-Forwarded-For: 198.51.{one // 250 % 250}.{one % 250}\r\n"
        made.append(_request("POST", "/tef/messages", key, said, headers))
    return made


def send(address: str, prepared: Sequence[bytes], clients: int = CLIENTS) -> Measured:
    """Send all of them over `clients` connections; an answer that is not 2xx ends the run."""
    started = time.perf_counter()
    times = asyncio.run(_send(address, prepared, clients))
    return Measured(len(times) / (time.perf_counter() - started), times)


async def _send(address: str, prepared: Sequence[bytes], clients: int) -> list[float]:
    queue, times, parts = iter(prepared), [], urlsplit(address)

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 20)
        for request in queue:
            started = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            if not head.startswith(b"HTTP/1.1 2") or b'"isError":true' in body:
                raise RuntimeError((head + body).decode())
            times.append((time.perf_counter() - started) * 1e3)
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return times


def _task() -> dict[str, object]:
    return {
        "title": f"Fix the kitchen faucet {next(_numbers)}",
        "description": "There is water under the sink, and the tenant is at home until noon.",
        "priority": "high",
        "due_at": "2030-03-02T15:00:00Z",
        "tags": ["plumbing"],
    }


def _request(method: str, path: str, key: str, said: object = None, headers: str = "") -> bytes:
    body = b"" if said is None else json.dumps(said).encode()
    host = urlsplit(rig.base_url()).netloc
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}"
    if key:
        head += f"Authorization: Bearer {key}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body
