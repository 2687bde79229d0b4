"""The webhook while the database is away: quick to say so, and quiet about what people wrote."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence

import psycopg
import pytest
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from taskjuggler_app.api.batching import Batcher
from taskjuggler_app.api.webhooks import Webhooks
from taskjuggler_app.core import db
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.receptionist import channels
from tests import factories as make
from tests.api.test_twilio_webhook import NUMBER, form, post, signed


@pytest.fixture(autouse=True)
def line(database_url: str) -> Iterator[None]:
    """A workspace with an active number."""
    with transaction() as session:
        channels.create(session, make.make_owner(session), name="Main line", phone_number=NUMBER)
    yield


def attempts(error: Exception, items: int = 20) -> list[int]:
    """The sizes of the groups that are tried while `error` is all there is."""
    tried: list[int] = []

    def store(group: Sequence[int]) -> None:
        tried.append(len(group))
        raise error

    async def add_all() -> list[BaseException | None]:
        batcher: Batcher[int] = Batcher(store)
        return await asyncio.gather(*(batcher.add(n) for n in range(items)), return_exceptions=True)

    assert asyncio.run(add_all()) == [error] * items
    return tried


def away(state: type[psycopg.Error]) -> OperationalError:
    """What SQLAlchemy makes of a driver's error."""
    return OperationalError("INSERT", {}, state("gone"))


@pytest.mark.parametrize(
    "error",
    [PoolTimeout("full"), away(psycopg.OperationalError), away(psycopg.errors.AdminShutdown)],
    ids=["pool", "refused", "shutdown"],
)
def test_a_group_is_not_tried_one_by_one_while_the_database_is_away(error: Exception) -> None:
    assert attempts(error) == [20]


@pytest.mark.parametrize("error", [DataError("INSERT", {}, psycopg.DataError("bad")), ValueError("bad")])
def test_a_group_is_tried_one_by_one_when_something_in_it_is_bad(error: Exception) -> None:
    assert attempts(error, 5) == [5, 1, 1, 1, 1, 1]


def failing(error: Callable[[], Exception]) -> Webhooks:
    """A webhook that can store nothing."""

    def store(_: object) -> None:
        raise error()

    app = Webhooks()
    app._batcher = Batcher(store)
    return app


@pytest.mark.parametrize("error", [PoolTimeout("full"), SQLAlchemyError("something else")])
def test_whatever_the_database_says_twilio_is_asked_to_come_again(error: Exception) -> None:
    values = form()
    (answer,) = post((values, signed(values)), app=failing(lambda: error))
    assert answer.status_code == 503


def test_the_log_does_not_repeat_what_people_wrote(caplog: pytest.LogCaptureFixture) -> None:
    values = form(Body="my door code is 4711")
    error = DataError("INSERT", {"rows": "my door code is 4711"}, psycopg.errors.NumericValueOutOfRange("4711"))
    with caplog.at_level(logging.INFO):
        post((values, signed(values)), app=failing(lambda: error))
    assert "NumericValueOutOfRange 22003" in caplog.text
    assert "4711" not in caplog.text


def test_it_takes_messages_again_when_the_database_is_back(database_url: str) -> None:
    app = Webhooks()
    values = form()
    db.configure("postgresql://nobody@127.0.0.1:9/nothing")
    (refused,) = post((values, signed(values)), app=app)
    db.configure(database_url)
    (taken,) = post((values, signed(values)), app=app)
    assert (refused.status_code, taken.status_code) == (503, 200)
