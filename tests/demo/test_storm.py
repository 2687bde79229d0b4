"""A storm ends in one message each: the short form; the long one with kills is in tests/soak."""

import asyncio

import httpx

from jobs.worker import drain
from taskjuggler_app.api.webhooks import Webhooks
from taskjuggler_app.core.db import transaction
from taskjuggler_app.demo import storm
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.receptionist import answers
from tests import factories as make

NUMBER = "+12075550100"


def test_the_same_seed_makes_the_same_storm_with_its_share_of_repeats() -> None:
    events = storm.generate(3, 500)
    assert events == storm.generate(3, 500)
    assert events != storm.generate(4, 500)
    assert (len(events), len({event.sid for event in events})) == (500, 400)


def test_a_storm_loses_nothing_doubles_nothing_and_answers_no_robot_twice(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        line = make.make_channel(session, owner, phone_number=NUMBER)
        words = "Thanks {name}, we have it."
        answers.save(session, owner, line.id, is_on=True, open_text=words, closed_text="", weekly={}, zone="UTC")

    async def fly() -> storm.Report:
        transport = httpx.ASGITransport(Webhooks())
        async with httpx.AsyncClient(transport=transport, base_url="http://internal:1") as client:

            async def post(path: str, form: dict[str, str], headers: dict[str, str]) -> int:
                return (await client.post(path, data=form, headers=headers)).status_code

            return await storm.fly(5, 120, NUMBER, post, drain)

    report = asyncio.run(fly())
    assert report.is_clean, report
    assert report.refused == 0
    assert report.items > len({event.sid for event in storm.generate(5, 120)}), "the robots answered our replies"
    with transaction() as session:
        assert cases.verify(session) is None
