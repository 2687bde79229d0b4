"""A short storm through the real webhook into the real worker: what is lost, doubled, or answered round in a circle.

Workload: 400 deliveries, 20 % of them repeats (seed 11), over 16 connections with the vendors' signatures: texts, calls
and mails of callers, bursts, spam, bounces, robots that answer each of our replies for three rounds, words that give
orders, broken texts and broken MIME. The storm of 1,000
with a worker killed every 100 is `make soak`.
"""

import asyncio

import httpx

from bench import rig
from taskjuggler_app.adapters.simulator import storm as storms
from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest
from taskjuggler_app.core.config import settings
from taskjuggler_app.demo import load, story
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
        "texts": report.texts,
        "calls": report.calls,
        "mails": report.mails,
        "replies_withheld": report.withheld,
    }
    rows = [(name.replace("_", " ").capitalize(), f"{value:g}") for name, value in figures.items()]
    rig.report(f"A storm of {EVENTS} deliveries, 20 % repeated (seed {SEED})", rows, figures)


async def _fly() -> storms.Report:
    async with httpx.AsyncClient(base_url=rig.base_url(), timeout=30, trust_env=False) as client:

        async def post(request: VendorRequest) -> int:
            return (await client.post(request.path, content=request.body, headers=dict(request.headers))).status_code

        mailbox = f"{story.DESK}@{settings().mail_domain}"
        return await storms.fly(SEED, EVENTS, story.MAIN_LINE, mailbox, post, storms.until_settled)
