"""Signed Twilio webhooks at full speed, and pgbench doing the same durable insert."""

import asyncio
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
from twilio.request_validator import RequestValidator

from bench import rig
from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.core import postgresql
from taskjuggler_app.core.config import settings

PATH = "/webhooks/twilio/sms"
BODY = ("The kitchen faucet in unit 4B is leaking and there is water under the sink. " * 12)[:850]
CLIENTS = 64
MESSAGES = 12_000
PGBENCH_SECONDS = 8


@dataclass(frozen=True)
class Ingest:
    """Requests a second, latency in ms, server CPU in µs a message."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


def requests(number: str, count: int) -> list[bytes]:
    """`count` signed HTTP requests, ready to be written to a socket."""
    validator = RequestValidator(auth_token())
    host = urlsplit(settings().public_url).netloc
    made = []
    for i in range(count):
        form = {
            "MessageSid": f"SM{i:032x}",
            "AccountSid": "AC" + "0" * 32,
            "From": f"+1207555{i % 10_000:04d}",
            "To": number,
            "Body": BODY,
            "NumMedia": "0",
        }
        content = urlencode(form).encode()
        signature = validator.compute_signature(settings().public_url + PATH, form)
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        made.append(head.encode() + content)
    return made


def measure(web: psutil.Process, number: str) -> Ingest:
    """Send every request over CLIENTS connections kept alive."""
    prepared = requests(number, MESSAGES)
    asyncio.run(_send(prepared[:500]))  # warm
    before = rig.cpu_seconds(web)
    started = time.perf_counter()
    latencies = asyncio.run(_send(prepared[500:]))
    elapsed = time.perf_counter() - started
    cpu = rig.cpu_seconds(web) - before
    count = len(latencies)
    return Ingest(
        count / elapsed,
        rig.percentile(latencies, 0.5) * 1e3,
        rig.percentile(latencies, 0.99) * 1e3,
        cpu / count * 1e6,
    )


def pgbench(url: str, number: str) -> float:
    """Transactions a second of pgbench inserting the same message into the same table, one commit each."""
    script = f"""
INSERT INTO inbox_items (team_id, user_id, channel_id, source_type, source_id, from_identifier, body, received_at)
SELECT team_id, user_id, id, 'sms', gen_random_uuid()::text, '+12075550110', '{BODY}', now()
  FROM assistant_channels WHERE phone_number = '{number}';
"""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        program = postgresql.folder() / "pgbench"
        command = [
            str(program),
            "-n",
            "-M",
            "prepared",
            "-c",
            "16",
            "-j",
            "2",
            "-T",
            str(PGBENCH_SECONDS),
            "-f",
            file.name,
        ]
        done = subprocess.run([*command, url], capture_output=True, text=True, check=True, cwd=Path(file.name).parent)
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


async def _send(prepared: list[bytes]) -> list[float]:
    queue = iter(prepared)
    latencies: list[float] = []
    parts = urlsplit(rig.base_url())

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for request in queue:
            started = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            latencies.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return latencies
