"""The ledger: balanced, written once, never changed; held funds and who may move them."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from taskjuggler_app.core import money
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import by_hand, disputes, fees, ledger, operations, queries, service
from taskjuggler_app.models import DisputeDecision, PaymentMethod, PaymentOperation, Transaction, TransactionStatus
from tests import factories as make
from tests.factories.money import make_payment, make_vendor


def held_payment(session: Session) -> tuple[Transaction, Principal, Principal]:
    """A payment of 200 whose 210 are held; its buyer and its vendor."""
    buyer, seller = make.make_owner(session), make.make_owner(session, name="Vera Vendor")
    payment = make_payment(session, buyer, make_vendor(session, seller))
    service.take(session, payment.id, f"pi_{payment.id}", Decimal(210), "USD")
    return payment, buyer, seller


def ordered(session: Session, payment: Transaction) -> list[PaymentOperation]:
    return list(session.exec(select(PaymentOperation).where(PaymentOperation.transaction_id == payment.id)))


def carry_out(session: Session, payment: Transaction) -> None:
    for operation in ordered(session, payment):
        operations.done(session, operation.id, f"x_{operation.id}")


def test_a_movement_is_written_once_for_its_key(session: Session) -> None:
    key, account = uuid4().hex, f"a{uuid4().hex}"
    assert ledger.post(session, key, "payment", "USD", {account: Decimal(5), "fees": Decimal(-5)})
    assert not ledger.post(session, key, "payment", "USD", {account: Decimal(7), "fees": Decimal(-7)})
    assert ledger.balance(session, account) == 5


def test_a_movement_that_does_not_balance_is_refused_here_and_by_the_database(session: Session) -> None:
    with pytest.raises(ValueError, match="does not balance"):
        ledger.post(session, uuid4().hex, "payment", "USD", {"a": Decimal(5), "b": Decimal(-4)})
    session.execute(text("INSERT INTO ledger_entries (key, kind, currency) VALUES ('lone', 'payment', 'USD')"))
    one_side = (
        "INSERT INTO ledger_postings (entry_id, account, amount, currency) "
        "SELECT id, 'a', 5, 'USD' FROM ledger_entries WHERE key = 'lone'"
    )
    with pytest.raises(DatabaseError, match="does not balance"), session.begin_nested():
        session.execute(text(one_side))


@pytest.mark.parametrize("change", ["UPDATE {} SET currency = 'EUR'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["ledger_entries", "ledger_postings"])
def test_what_is_written_stays(session: Session, table: str, change: str) -> None:
    ledger.post(session, uuid4().hex, "payment", "USD", {"a": Decimal(5), "b": Decimal(-5)})
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(change.format(table)))


def test_fees_are_shown_before_paying_and_add_up() -> None:
    human = fees.quote(Decimal("199.99"), "USD", is_ai=False)
    assert (human.total, human.vendor_gets) == (Decimal("209.99"), Decimal("179.99"))
    tool = fees.quote(Decimal("1.20"), "USD", is_ai=True)
    assert (tool.total, tool.vendor_gets) == (Decimal("1.32"), Decimal("1.20"))


@pytest.mark.parametrize("typed", ["0", "-5", "abc", "1.005", "1e30", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        money.parse_amount(typed, "USD")


def test_amounts_are_read_and_shown_as_people_write_them() -> None:
    assert money.parse_amount("$1,250.5", "USD") == Decimal("1250.50")
    assert money.shown(Decimal("1250.5"), "USD") == "$1,250.50"
    assert (money.to_minor(Decimal(500), "JPY"), money.from_minor(500, "JPY")) == (500, Decimal(500))


def test_released_money_reaches_the_vendor_less_the_fees(session: Session) -> None:
    payment, buyer, _ = held_payment(session)
    service.release(session, payment, buyer, "Accepted")
    assert [(one.kind.value, one.amount) for one in ordered(session, payment)] == [("transfer", Decimal(180))]
    assert payment.status == "processing"
    carry_out(session, payment)
    carry_out(session, payment)
    assert payment.status == "completed"
    assert ledger.held(session, payment.id) == 0
    assert ledger.balance(session, ledger.vendor_account(payment.vendor_id)) == 0
    with pytest.raises(Conflict):
        service.release(session, payment, buyer, "Again")


def test_a_part_goes_back_with_its_share_of_the_fee_and_the_rest_is_paid_out(session: Session) -> None:
    payment, buyer, _ = held_payment(session)
    service.refund(session, payment, buyer, "Half of it", Decimal(50))
    service.release(session, payment, buyer, "Accepted")
    carry_out(session, payment)
    assert sorted((one.kind.value, one.amount) for one in ordered(session, payment)) == [
        ("refund", Decimal("52.50")),
        ("transfer", Decimal("135.00")),
    ]
    assert payment.status is TransactionStatus.COMPLETED


def test_held_for_a_vendor_is_what_is_held_now(session: Session) -> None:
    payment, buyer, seller = held_payment(session)
    assert queries.earnings(session, seller).held == "$180.00"
    service.refund(session, payment, buyer, "Half of it", Decimal(50))
    assert queries.earnings(session, seller).held == "$135.00"
    service.release(session, payment, buyer, "Accepted")
    assert (payment.status, queries.earnings(session, seller).held) == ("processing", "$0.00")
    carry_out(session, payment)
    assert queries.earnings(session, seller).paid_out != "$0.00"


def test_all_of_it_goes_back(session: Session) -> None:
    payment, buyer, _ = held_payment(session)
    service.refund(session, payment, buyer, "Cancelled")
    carry_out(session, payment)
    assert payment.status is TransactionStatus.REFUNDED


@pytest.mark.parametrize(("amount", "again"), [("210", True), ("100", False)])
def test_money_that_nobody_waits_for_goes_back_at_once(session: Session, amount: str, again: bool) -> None:
    buyer, seller = make.make_owner(session), make.make_owner(session)
    payment = make_payment(session, buyer, make_vendor(session, seller))
    if again:
        service.take(session, payment.id, "pi_first", Decimal(210), "USD")
    service.take(session, payment.id, f"pi_odd{amount}", Decimal(amount), "USD")
    assert [(one.kind.value, one.amount) for one in ordered(session, payment)] == [("refund", Decimal(amount))]
    assert ledger.held(session, payment.id) == (210 if again else 0)


def test_nothing_moves_while_it_is_disputed_and_an_operator_decides(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, buyer, seller = held_payment(session)
    dispute = disputes.open_dispute(session, buyer, payment.id, "It still leaks.")
    with pytest.raises(Conflict):
        disputes.open_dispute(session, seller, payment.id, "It does not.")
    disputes.answer(session, seller, dispute.id, "It was dry when I left.")
    for verb in (service.release, service.refund):
        with pytest.raises(Conflict, match="disputed"):
            verb(session, payment, buyer, "now")
    with pytest.raises(Forbidden):
        disputes.decide(session, buyer, dispute.id, DisputeDecision.REFUND, "Mine")
    monkeypatch.setattr("taskjuggler_app.domain.payments.disputes.is_operator", lambda principal: True)
    operator = make.make_owner(session)
    with pytest.raises(Invalid):
        disputes.decide(session, operator, dispute.id, DisputeDecision.SPLIT, "Both", Decimal(200))
    disputes.decide(session, operator, dispute.id, DisputeDecision.SPLIT, "Both are right.", Decimal(100))
    carry_out(session, payment)
    assert sorted((one.kind.value, one.amount) for one in ordered(session, payment)) == [
        ("refund", Decimal(105)),
        ("transfer", Decimal(90)),
    ]
    with pytest.raises(Conflict):
        disputes.decide(session, operator, dispute.id, DisputeDecision.REFUND, "Again")


def test_a_payment_made_directly_is_confirmed_by_its_vendor(session: Session) -> None:
    buyer, seller = make.make_owner(session), make.make_owner(session)
    payment = make_payment(session, buyer, make_vendor(session, seller), method=PaymentMethod.MANUAL)
    with pytest.raises(Conflict):
        by_hand.confirm(session, seller, payment.id)
    by_hand.record(session, buyer, payment.id)
    with pytest.raises(NotFound):
        by_hand.confirm(session, buyer, payment.id)
    by_hand.confirm(session, seller, payment.id)
    assert payment.status is TransactionStatus.COMPLETED
    assert [row.what for row in queries.receipt(session, buyer, payment.id).movements] == ["Paid directly"]


def test_strangers_see_no_payment(session: Session) -> None:
    payment, buyer, seller = held_payment(session)
    stranger = make.make_owner(session)
    assert queries.payments(session, stranger) == []
    assert [row.held for row in queries.payments(session, buyer)] == ["$210.00"]
    assert [row.incoming for row in queries.payments(session, seller)] == [True]
    for verb in (queries.receipt, service.charge):
        with pytest.raises(NotFound):
            verb(session, stranger, payment.id)


def test_of_many_who_release_and_refund_at_once_one_finds_the_money(database_url: str) -> None:
    with transaction() as session:
        payment, buyer, _ = held_payment(session)

    def attempt(number: int) -> bool:
        try:
            with transaction() as session:
                locked = service.locked(session, payment.id)
                (service.release if number % 2 else service.refund)(session, locked, buyer, "race")
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(40))) == 1
    with transaction() as session:
        assert ledger.held(session, payment.id) == 0
