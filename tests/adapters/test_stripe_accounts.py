"""A vendor's account at Stripe: filled in by and by, told in any order, what is missing in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import FactKind, PaymentFact, VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import queries, vendors
from taskjuggler_app.domain.marketplace.rows import VendorRow
from taskjuggler_app.domain.payments import events, requirements
from tests import factories as make
from tests.adapters.test_stripe_payments import deliver
from tests.factories.money import make_vendor
from tests.fakes.stripe import FakeStripe


def _vendor_row(owner: Principal) -> VendorRow:
    with transaction() as session:
        (row,) = queries.own_vendors(session, owner)
        return row


def test_a_vendor_who_leaves_in_the_middle_is_told_what_is_missing_and_goes_on(
    database_url: str, fake_stripe: FakeStripe
) -> None:
    provider = registry.payments()
    with transaction() as session:
        owner = make.make_owner(session)
        vendor_id = make_vendor(session, owner, stripe_account_id=None, payouts_ready=False).id
    assert _vendor_row(owner).account == "none"
    place = provider.onboard("", "vera@example.com", "http://here.test/", "http://here.test/again")
    assert fake_stripe.calls[-1] == ("POST", "/v1/account_links")
    with transaction() as session:
        vendors.set_account(session, owner, vendor_id, place.id)
        events.apply(session, provider.account(place.id))
    row = _vendor_row(owner)
    assert (row.account, row.needs) == ("begun", ["Your date of birth", "A bank account or card for payouts"])
    with pytest.raises(VendorError, match="not onboarded"):
        provider.dashboard(place.id)
    again = provider.onboard(place.id, "vera@example.com", "http://here.test/", "http://here.test/again")
    assert again.id == place.id
    account = fake_stripe.things[place.id]
    pending = {"currently_due": [], "past_due": [], "disabled_reason": "requirements.pending_verification"}
    account.update(details_submitted=True, requirements=pending)
    fake_stripe.send("account.updated", account)
    deliver(fake_stripe)
    assert (_vendor_row(owner).account, _vendor_row(owner).payouts_note) == (
        "checking", "What you gave is being checked.",
    )  # fmt: skip
    account.update(payouts_enabled=True, requirements={"currently_due": ["person_1.verification.document"]})
    with transaction() as session:
        events.apply(session, provider.account(place.id))
    row = _vendor_row(owner)
    assert (row.paid, row.account, row.needs) == (True, "wanting", ["A picture of an identity document"])
    assert provider.dashboard(place.id).startswith("https://connect.stripe.test/express")


def test_an_older_word_of_an_account_does_not_undo_a_newer_one(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        make_vendor(session, owner, stripe_account_id="acct_9", payouts_ready=False)
        for at, ready in ((20, True), (10, False)):
            data = {"ready": ready, "submitted": True, "needs": [], "disabled": "", "at": at}
            events.apply(session, PaymentFact(f"e{at}", FactKind.ACCOUNT, "acct_9", data=data))
    assert _vendor_row(owner).paid


@given(code=st.text(st.characters(codec="ascii", categories=["Ll"], include_characters="._"), min_size=1))
def test_whatever_stripe_asks_for_is_said_somehow(code: str) -> None:
    assert requirements.words([code, code]) == requirements.words([code])
    assert len(requirements.words([code])) == 1
