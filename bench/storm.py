"""A short storm through the real webhook into the real worker: what is lost, doubled, or answered round in a circle.

Workload: 400 deliveries, 20 % of them repeats (seed 11), over 16 connections with Twilio's signatures: callers, bursts,
spam, robots that answer each of our replies for three rounds, texts that give orders, broken texts. The storm of 1,000
with a worker killed every 100 is `make soak`.
"""

import asyncio

import httpx

from bench import rig
from taskjuggler_app.demo import load, story
from taskjuggler_app.demo import storm as storms
from taskjuggler_app.web import build

EVENTS, SEED = 400, 11


def main() -> None:
    """Run, print a table, and one line of JSON."""
    build.ensure_built(print)
    with rig.installation():
        load.load()
        with rig.running("web", "worker", "scheduler"):
            report = asyncio.run(_fly())
    figures = {
        "events": report.events,
        "items_expected": report.items_expected,
        "items": report.items,
        "duplicates": report.duplicates,
        "lost": report.lost,
        "reply_loops": report.reply_loops,
        "events_per_s": report.events_per_s,
    }
    rows = [(name.replace("_", " ").capitalize(), f"{value:g}") for name, value in figures.items()]
    rig.report(f"A storm of {EVENTS} deliveries, 20 % repeated (seed {SEED})", rows, figures)


async def _fly() -> storms.Report:
    async with httpx.AsyncClient(base_url=rig.base_url(), timeout=30, trust_env=False) as client:

        async def post(path: str, form: dict[str, str], headers: dict[str, str]) -> int:
            return (await client.post(path, data=form, headers=headers)).status_code

        return await storms.fly(SEED, EVENTS, story.MAIN_LINE, post, storms.until_settled)
