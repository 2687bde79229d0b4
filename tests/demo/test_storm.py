"""A storm ends in one message each: the short form; the long one with kills is in tests/soak."""

import asyncio
import random
from pathlib import Path

import httpx
import pytest

from jobs.worker import drain
from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.files import LocalFiles
from taskjuggler_app.adapters.simulator import storm, words
from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest
from taskjuggler_app.api.webhooks import Webhooks
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.receptionist import answers, channels, mailboxes
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.domain.receptionist.mail import parse_mail
from taskjuggler_app.models.receptionist import ChannelType
from tests import factories as make

NUMBER, DESK = "+12075550100", "desk@inbox.example.com"


def test_the_same_seed_makes_the_same_storm_with_its_share_of_repeats() -> None:
    events = storm.generate(3, 500, mailbox=DESK)
    assert [event.source_id for event in events] == [one.source_id for one in storm.generate(3, 500, mailbox=DESK)]
    assert (len(events), len({event.source_id for event in events})) == (500, 400)
    assert {event.way for event in events} == {"text", "call", "mail"}
    assert {event.way for event in storm.generate(3, 500)} == {"text", "call"}


def test_every_kind_of_mail_in_a_storm_can_be_read_and_told_apart() -> None:
    chance = random.Random(1)
    for kind in ("caller", "spam", "robot", "orders", "broken", "bounce"):
        for number in range(12):
            raw = words.mail(chance, kind, number, "a@example.com", DESK, f"{kind}{number}@storm.example")
            assert mailboxes.source_id(parse_mail(raw)) == f"{kind}{number}@storm.example"


def test_a_storm_loses_nothing_doubles_nothing_and_answers_no_robot_twice(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "files", lambda: LocalFiles(tmp_path))
    with transaction() as session:
        owner = make.make_owner(session)
        line = make.make_channel(session, owner, phone_number=NUMBER)
        thanks = "Thanks {name}, we have it."
        desk = channels.add(session, owner, Draft("Desk", ChannelType.EMAIL, email_address=DESK))
        for channel in (line, desk):
            answers.save(
                session, owner, channel.id, is_on=True, open_text=thanks, closed_text="", weekly={}, zone="UTC"
            )

    async def fly() -> storm.Report:
        transport = httpx.ASGITransport(Webhooks())
        async with httpx.AsyncClient(transport=transport, base_url="http://internal:1") as client:

            async def post(request: VendorRequest) -> int:
                sent = await client.post(request.path, content=request.body, headers=dict(request.headers))
                return sent.status_code

            return await storm.fly(5, 120, NUMBER, DESK, post, drain)

    report = asyncio.run(fly())
    assert report.is_clean, report
    assert report.refused == 0
    assert report.items > len({event.source_id for event in storm.generate(5, 120, mailbox=DESK)}), (
        "the robots answered our replies"
    )
    with transaction() as session:
        assert cases.verify(session) is None
