"""Who sees which payment: the list, one payment, its paper and the sums agree with the policy."""

from decimal import Decimal

import pytest
from sqlmodel import Session

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import policy, queries, receipts, service
from taskjuggler_app.models import MarketplaceVendor, Transaction
from tests import factories as make
from tests.factories.money import make_payment, make_vendor


def _sees(session: Session, who: Principal, payment: Transaction) -> bool:
    """Whether a payment is in the list of the principal; fails when one payment or its paper says otherwise."""
    listed = str(payment.id) in [row.id for row in queries.payments(session, who)]
    for read in (queries.receipt, receipts.of_payment):
        if listed:
            read(session, who, payment.id)
        else:
            with pytest.raises(NotFound):
                read(session, who, payment.id)
    vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
    assert listed == policy.can_see(who, payment.team_id, payment.requestor_id, vendor.team_id, vendor.user_id)
    return listed


def test_members_see_the_payments_they_asked_for_or_earn_and_admins_all(session: Session) -> None:
    buyer, seller, stranger = (make.make_owner(session) for _ in range(3))
    asking, other, selling, idle = (make.make_colleague(session, one) for one in (buyer, buyer, seller, seller))
    payment = make_payment(session, asking, make_vendor(session, seller, user_id=selling.user_id))
    service.take(session, payment.id, f"pi_{payment.id}", Decimal(210), "USD")
    service.release(session, service.locked(session, payment.id), asking, "Good")
    people = (buyer, asking, other, seller, selling, idle, stranger)
    assert [_sees(session, who, payment) for who in people] == [True, True, False, True, True, False, False]


def test_what_is_held_for_a_workspace_is_summed_for_its_admins_and_for_a_member_what_they_earn(
    session: Session,
) -> None:
    buyer, seller = make.make_owner(session), make.make_owner(session)
    selling, idle = make.make_colleague(session, seller), make.make_colleague(session, seller)
    for vendor in (make_vendor(session, seller, user_id=selling.user_id), make_vendor(session, seller)):
        payment = make_payment(session, buyer, vendor)
        service.take(session, payment.id, f"pi_{payment.id}", Decimal(210), "USD")
    held = [queries.earnings(session, who).held for who in (seller, selling, idle)]
    assert held == ["$360.00", "$180.00", "$0.00"]
