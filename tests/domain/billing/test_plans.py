"""Plans: what they allow, how they are paid, in any order and repeatedly; how they end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Forbidden, LimitReached
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.billing import service as billing
from taskjuggler_app.domain.billing import subscriptions
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.domain.plans.limits import GRACE
from taskjuggler_app.domain.receptionist import channels
from taskjuggler_app.models import Plan, User
from tests import factories as make


def told(session: Session, owner: Principal, kind: FactKind, sub: str = "sub_1", plan: str = "pro", **data: Any) -> str:
    """A provider's fact about the owner's plan."""
    data = {"customer": "cus_1", **data}
    return subscriptions.apply(session, PaymentFact("e", kind, sub, "plan", f"{plan}:{owner.user_id}", data=data))


def of(session: Session, owner: Principal) -> Plan:
    """The plan that counts now."""
    return limits.of_team(session, owner.team_id)


def test_a_free_workspace_is_full_until_it_pays(session: Session) -> None:
    owner = make.make_owner(session)
    most = limits.PLANS[Plan.FREE].limits["channels"]
    assert most is not None
    for number in range(most):
        make.make_channel(session, owner, phone_number=f"+1207555{number:04d}")
    with pytest.raises(LimitReached, match="Free plan"):
        channels.create(session, owner, name="One more", phone_number="+12075559999")
    assert next(row for row in billing.view(session, owner).limits if row.what == "Channels").near
    until = (clock.utcnow() + timedelta(days=30)).isoformat()
    told(session, owner, FactKind.SUBSCRIBED, until=until)
    channels.create(session, owner, name="One more", phone_number="+12075559999")


def test_facts_repeated_and_out_of_order_leave_one_plan(session: Session) -> None:
    owner = make.make_owner(session)
    later, soon = ((clock.utcnow() + timedelta(days=days)).isoformat() for days in (60, 30))
    for until in (later, soon, soon):
        assert told(session, owner, FactKind.SUBSCRIBED, until=until) == ""
    user = session.get_one(User, owner.user_id)
    assert user.plan_expires_at is not None
    assert user.plan_expires_at.isoformat() == later
    assert told(session, owner, FactKind.SUBSCRIBED, "sub_2", "enterprise", until=soon) == "sub_1"
    told(session, owner, FactKind.SUBSCRIPTION_ENDED, until=soon)
    told(session, owner, FactKind.SUBSCRIBED, until=later)
    assert of(session, owner) is Plan.ENTERPRISE


def test_an_ended_plan_stays_until_it_is_over_and_then_for_its_grace(session: Session) -> None:
    owner = make.make_owner(session)
    end = clock.utcnow() + timedelta(days=30)
    told(session, owner, FactKind.SUBSCRIBED, until=end.isoformat())
    told(session, owner, FactKind.INVOICE_FAILED)
    assert "failed" in billing.view(session, owner).problem
    told(session, owner, FactKind.SUBSCRIPTION_ENDED, until=end.isoformat())
    with clock.at(end + GRACE - timedelta(seconds=1)):
        assert of(session, owner) is Plan.PRO
    with clock.at(end + GRACE):
        assert of(session, owner) is Plan.FREE
        assert subscriptions.expire(session, clock.utcnow()) == 1
        assert subscriptions.expire(session, clock.utcnow()) == 0
    assert session.get_one(User, owner.user_id).plan is Plan.FREE


def test_who_made_the_workspace_pays_for_it(session: Session) -> None:
    owner = make.make_owner(session)
    asked = billing.charge(session, owner, "pro")
    assert (asked.amount, asked.monthly, asked.reference) == (Decimal(29), True, f"pro:{owner.user_id}")
    with pytest.raises(Forbidden):
        billing.charge(session, make.make_colleague(session, owner), "pro")
    with pytest.raises(Conflict):
        billing.subscription(session, owner)
    told(session, owner, FactKind.SUBSCRIBED, until=(clock.utcnow() + timedelta(days=30)).isoformat())
    assert billing.subscription(session, owner) == "sub_1"
    with pytest.raises(Conflict):
        billing.charge(session, owner, "pro")
