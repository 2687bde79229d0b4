"""Plans: what they allow, how they are paid, in any order and repeatedly; how they end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.adapters import embedded_payments
from taskjuggler_app.adapters.embedded_payments import EmbeddedPayments
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, LimitReached
from taskjuggler_app.core.ports import FactKind, PaymentFact, VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.billing import proration, subscriptions
from taskjuggler_app.domain.billing import service as billing
from taskjuggler_app.domain.payments import events, ledger
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
    for nothing_paid in (billing.subscription, partial(billing.change, plan="pro")):
        with pytest.raises(Conflict):
            nothing_paid(session, owner)
    told(session, owner, FactKind.SUBSCRIBED, until=(clock.utcnow() + timedelta(days=30)).isoformat())
    assert billing.subscription(session, owner) == "sub_1"
    for again in (billing.charge, billing.change):
        with pytest.raises(Conflict):
            again(session, owner, "pro")


def test_a_change_says_what_it_costs_before_it_is_made(session: Session) -> None:
    owner = make.make_owner(session)
    now = clock.utcnow()
    until = now + timedelta(days=30)
    times = {"begins": now.isoformat(), "until": until.isoformat()}
    told(session, owner, FactKind.SUBSCRIBED, **times)
    with clock.at(now + timedelta(days=15)):
        assert "$60.00 for the rest of this month" in billing.quote(session, owner, "enterprise").words
        found, charge = billing.change(session, owner, "enterprise")
        assert (found, charge.amount) == ("sub_1", Decimal(149))
        told(session, owner, FactKind.SUBSCRIBED, plan="enterprise", **times)
        assert "$60.00 of this month are kept" in billing.quote(session, owner, "pro").words
    told(session, owner, FactKind.SUBSCRIBED, plan="enterprise", **times, ends=True)
    assert "Nothing is due now" in billing.quote(session, owner, "enterprise").words


def test_a_failed_month_keeps_the_plan_for_its_grace_and_a_late_word_of_it_changes_nothing(session: Session) -> None:
    owner = make.make_owner(session)
    now = clock.utcnow()
    first, second = now + timedelta(days=30), now + timedelta(days=60)
    told(session, owner, FactKind.SUBSCRIBED, until=first.isoformat(), at=1)
    told(session, owner, FactKind.PAST_DUE, until=first.isoformat(), at=3)
    told(session, owner, FactKind.SUBSCRIBED, until=second.isoformat(), at=2)  # the month that was not paid
    assert "failed" in billing.view(session, owner).problem
    with pytest.raises(Conflict, match="card"):
        billing.change(session, owner, "enterprise")
    with clock.at(first + GRACE):
        assert of(session, owner) is Plan.FREE
        subscriptions.expire(session, clock.utcnow())
    told(session, owner, FactKind.SUBSCRIBED, until=second.isoformat(), at=5)  # the card works again
    told(session, owner, FactKind.INVOICE_FAILED, at=4)
    assert (of(session, owner), billing.view(session, owner).problem) == (Plan.PRO, "")


def test_a_months_money_is_one_movement_of_the_ledger_however_often_it_is_told(session: Session) -> None:
    owner = make.make_owner(session)
    assert owner.user_id is not None
    fact = PaymentFact(
        "e", FactKind.INVOICE_PAID, "in_1", "plan", f"pro:{owner.user_id}", amount=Decimal(29), currency="USD"
    )
    for _ in range(3):
        subscriptions.apply(session, fact)
    assert ledger.balance(session, ledger.plan_account(owner.user_id)) == -29
    told(session, owner, FactKind.SUBSCRIBED, until=(clock.utcnow() + timedelta(days=30)).isoformat())
    assert [(row.what, row.amount) for row in billing.view(session, owner).paid] == [("TaskJuggler Pro", "$29.00")]
    assert billing.view(session, make.make_colleague(session, owner)).paid == []


def test_places_where_a_limit_bites_warn_before(session: Session) -> None:
    owner = make.make_owner(session)
    warned = []
    for number in range(12):
        warned.append(limits.warning(session, owner, "channels"))
        make.make_channel(session, owner, phone_number=f"+1207555{number:04d}")
    assert [bool(words) for words in warned] == [False] * 10 + [True] * 2
    assert "10 of the Free plan's 12 channels" in warned[10]
    assert "larger plan" in limits.warning(session, owner, "channels")


@given(st.decimals(0, 500, places=2), st.decimals(0, 500, places=2), st.integers(-5, 40))
def test_there_and_back_in_one_moment_costs_nothing(old: Decimal, new: Decimal, day: int) -> None:
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    times = (begins, begins + proration.MONTH, begins + timedelta(days=day), "USD")
    there, back = proration.difference(old, new, *times), proration.difference(new, old, *times)
    assert there == -back
    assert abs(there) <= abs(new - old) + Decimal("0.01")


class Month(NamedTuple):
    """A workspace that pays the embedded provider, and what came of it."""

    owner: Principal
    sub: str


@pytest.fixture
def paying(database_url: str) -> Month:
    """Pro, paid for with the embedded provider."""
    with transaction() as session:
        owner = make.make_owner(session)
        charge = billing.charge(session, owner, "pro")
    place = EmbeddedPayments("http://here.test").checkout(charge)
    with transaction() as session:
        fact = embedded_payments.pay(session, place.id)
    told_all()
    return Month(owner, fact.object_id)


def told_all() -> None:
    """Every event of the embedded provider, the newest first, and twice."""
    with transaction() as session:
        rows = session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id DESC"),
                               {"name": embedded_payments.EVENT}).scalars().all()  # fmt: skip
    for args in rows:
        with transaction() as session:
            events.apply(session, events.read(args["fact"]))
            subscriptions.apply(session, events.read(args["fact"]))


def stands(month: Month) -> tuple[Plan, Decimal]:
    """The plan that counts, and what was paid so far."""
    with transaction() as session:
        assert month.owner.user_id is not None
        return of(session, month.owner), -ledger.balance(session, ledger.plan_account(month.owner.user_id))


def test_the_embedded_provider_asks_every_month_changes_at_once_and_gives_up_at_last(paying: Month) -> None:
    provider, start = EmbeddedPayments("http://here.test"), clock.utcnow()
    assert stands(paying) == (Plan.PRO, Decimal(29))
    with clock.at(start + timedelta(days=15)):
        with transaction() as session:
            found, charge = billing.change(session, paying.owner, "enterprise")
        provider.change_subscription(found, charge, clock.utcnow())
        told_all()
        plan, paid = stands(paying)
        assert plan is Plan.ENTERPRISE
        assert abs(paid - Decimal(89)) < 1
    with clock.at(start + timedelta(days=31)), transaction() as session:
        assert embedded_payments.renew_due(session, clock.utcnow()) == 1
        assert embedded_payments.renew_due(session, clock.utcnow()) == 0
        embedded_payments.set_card(session, customer_of(session, paying), works=False)
    told_all()
    assert abs(stands(paying)[1] - Decimal(238)) < 1
    with clock.at(start + timedelta(days=61)):
        with transaction() as session:
            embedded_payments.renew_due(session, clock.utcnow())
        told_all()
        assert stands(paying)[0] is Plan.ENTERPRISE
        with transaction() as session:
            assert "failed" in billing.view(session, paying.owner).problem
    with clock.at(start + timedelta(days=62)):
        with transaction() as session:
            embedded_payments.set_card(session, customer_of(session, paying), works=True)
        told_all()
        with transaction() as session:
            assert billing.view(session, paying.owner).problem == ""
        provider.end_subscription(paying.sub)
    with clock.at(start + timedelta(days=91)):
        with transaction() as session:
            embedded_payments.renew_due(session, clock.utcnow())
        told_all()
    with clock.at(start + timedelta(days=94)):
        assert stands(paying)[0] is Plan.FREE


def customer_of(session: Session, month: Month) -> str:
    """The provider's name of the payer."""
    return billing.customer(session, month.owner)


def test_a_declined_card_changes_nothing(paying: Month) -> None:
    with transaction() as session:
        embedded_payments.set_card(session, customer_of(session, paying), works=False)
        found, charge = billing.change(session, paying.owner, "enterprise")
    with pytest.raises(VendorError, match="declined"):
        EmbeddedPayments("http://here.test").change_subscription(found, charge, clock.utcnow())
    told_all()
    assert stands(paying) == (Plan.PRO, Decimal(29))
