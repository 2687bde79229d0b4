"""What Manager's Monday says is so; `test_boards` holds that the page, the sheet and the data say the same."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import board, folding, frame, histogram
from taskjuggler_app.domain.analytics.tiles import Tile
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import SourceType, TaskStatus, User
from tests import factories as make

MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
"""The Monday after New York's clocks went forward."""
WEEK = {"from": "2026-03-02", "to": "2026-03-08"}


def a_week(session: Session, owner: Principal, seed: int) -> None:
    """Tasks of two weeks, some of them done."""
    chance = random.Random(seed)
    assert owner.user_id is not None
    for _ in range(40):
        made = MONDAY - timedelta(minutes=chance.randrange(14 * 24 * 60))
        source = chance.choice([None, SourceType.SMS, SourceType.EMAIL])
        with clock.at(made):
            task = tasks.create(session, owner, TaskDraft("Work", owner.user_id, source_type=source))
            session.commit()
        if chance.random() < 0.6:
            with clock.at(min(made + timedelta(minutes=chance.randrange(1, 5000)), MONDAY)):
                tasks.change_status(session, owner, task.id, TaskStatus.COMPLETED)
                session.commit()
    while folding.fold(session, owner.team_id):
        pass


def tile(tiles: list[Tile], key: str) -> dict[str, Any]:
    return {line.label: line.value for one in tiles if one.key == key for line in one.lines}


def test_the_week_before_is_beside_it_also_over_the_change_of_the_clocks(session: Session) -> None:
    owner = make.make_owner(session)
    assert owner.user_id is not None
    session.get_one(User, owner.user_id).timezone = "America/New_York"
    for made in (datetime(2026, 3, 2, 4, 59, tzinfo=UTC), datetime(2026, 3, 2, 5, 0, tzinfo=UTC), MONDAY):
        with clock.at(made):
            tasks.create(session, owner, TaskDraft("Work", owner.user_id))
            session.commit()
    folding.fold(session, owner.team_id)
    looked_at = frame.parse(session, owner.team_id, MONDAY, WEEK)
    assert looked_at.previous.first == date(2026, 2, 23)
    begins, ends = looked_at.moments()
    assert (ends - begins, begins.astimezone(UTC).hour) == (timedelta(days=7), 5)
    all_work = board.board(session, owner, "monday", WEEK).tiles[0].lines[0]
    assert (all_work.value, all_work.previous) == (1, 1)


def test_filters_narrow_every_count(session: Session) -> None:
    owner = make.make_owner(session)
    a_week(session, owner, 1)
    everything = board.board(session, owner, "monday", WEEK).tiles
    texts = board.board(session, owner, "monday", {**WEEK, "channel": "sms"}).tiles
    assert tile(texts, "work_in")["All"] == tile(everything, "work_in")["Texts"]
    nobodys = {**WEEK, "person": str(make.make_user(session).id)}
    assert tile(board.board(session, owner, "monday", nobodys).tiles, "work_in") == {"All": 0}


@pytest.mark.parametrize(
    "wanted",
    [{"from": "yesterday"}, {"from": "2026-03-09", "to": "2026-03-02"}, {"from": "1999-01-01"}, {"channel": "x"}],
)
def test_what_is_no_period_is_said(session: Session, wanted: dict[str, str]) -> None:
    owner = make.make_owner(session)
    with pytest.raises(Invalid):
        frame.parse(session, owner.team_id, MONDAY, wanted)
    with pytest.raises(NotFound):
        frame.parse(session, owner.team_id, MONDAY, {"person": "somebody"})


def test_percentiles_are_within_five_percent() -> None:
    chance = random.Random(5)
    times = sorted(chance.lognormvariate(9, 2) + 60 for _ in range(5000))
    counts: dict[int, int] = {}
    for seconds in times:
        counts[histogram.bucket(seconds)] = counts.get(histogram.bucket(seconds), 0) + 1
    for share in (0.5, 0.9, 0.99):
        exact = times[int(share * len(times)) - 1]
        found = histogram.percentile(counts, share)
        assert found is not None
        assert abs(found - exact) / exact < 0.05
    assert histogram.percentile({}, 0.5) is None
