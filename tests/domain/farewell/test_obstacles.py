"""What stands in the way of deleting an account, and what comes up while it waits."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from jobs.handlers import account
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.farewell import obstacles
from taskjuggler_app.domain.teams import service as teams
from taskjuggler_app.models import (
    AccountDeletion,
    ListingStatus,
    Notification,
    Plan,
    Team,
    TeamMember,
    User,
)
from tests import factories as make
from tests.domain.farewell.steps import DUE, ask, delete
from tests.factories import money


def test_an_owner_hands_over_first(boss: Principal, me: Principal) -> None:
    with pytest.raises(Conflict, match="Example Ltd is yours and somebody else is in it"):
        ask(boss)
    with transaction() as session:
        mine = (TeamMember.team_id == boss.team_id, TeamMember.user_id == me.user_id)
        teams.transfer(session, boss, session.exec(select(TeamMember.id).where(*mine)).one())
    ask(boss)
    delete(boss)
    with transaction() as session:
        assert session.get_one(Team, boss.team_id).created_by == me.user_id


@pytest.mark.parametrize("status", [ListingStatus.OPEN, ListingStatus.ASSIGNED])
def test_open_work_and_held_money_stand_in_the_way(boss: Principal, status: ListingStatus) -> None:
    with transaction() as session:
        vendor = money.make_vendor(session, make.make_owner(session))
        money.make_payment(session, boss, vendor)
        session.execute(text("UPDATE marketplace_listings SET status = :s"), {"s": status})
        said = " ".join(one.words for one in obstacles.of(session, UUID(str(boss.user_id))))
    assert "Money is still held" in said
    assert "not finished" in said if status is ListingStatus.ASSIGNED else "still open" in said
    with pytest.raises(Conflict):
        ask(boss)


def test_the_vendor_of_an_open_job_stays_too(boss: Principal) -> None:
    with transaction() as session:
        seller = make.make_owner(session)
        money.make_payment(session, boss, money.make_vendor(session, seller))
        assert [one.href for one in obstacles.of(session, UUID(str(seller.user_id)))] == ["/marketplace/payments"]


def test_a_plan_that_goes_on_is_ended_first(boss: Principal) -> None:
    with transaction() as session:
        user = session.get_one(User, boss.user_id)
        user.plan, user.settings = Plan.PRO, {"billing": {"ends": ""}}
        session.add(user)
    with pytest.raises(Conflict, match="plan"):
        ask(boss)
    with transaction() as session:
        user = session.get_one(User, boss.user_id)
        user.settings = {"billing": {"ends": "yes"}}
        session.add(user)
    ask(boss)


def test_what_comes_up_during_the_grace_is_said_once_and_waited_for(boss: Principal) -> None:
    ask(boss)
    with transaction() as session:
        make.make_colleague(session, boss)
    with clock.at(clock.utcnow() + DUE + timedelta(minutes=1)):
        for _ in range(2):
            account.delete(str(boss.user_id))
        with transaction() as session:
            row = session.get_one(AccountDeletion, boss.user_id)
            assert "hand it over" in row.waits_for
            assert row.begun_at is None
            told = session.exec(select(Notification).where(Notification.user_id == boss.user_id)).all()
            assert [one.title for one in told] == ["Your account cannot be deleted yet"]
