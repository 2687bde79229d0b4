"""The one table of what a payment may become.

pending: nobody paid yet. processing: the buyer's money is held. completed: the vendor has it. failed: never paid.
refunded: all of it went back. A payment that the provider refused may be tried again, and its place to pay may take
another card; money that comes in for one that is off goes back: so a failed payment may become any of the three.
A refund that fails days later leaves the money with us again.
"""

from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.models.marketplace import Transaction, TransactionStatus

ALLOWED: dict[TransactionStatus, frozenset[TransactionStatus]] = {
    TransactionStatus.PENDING: frozenset({TransactionStatus.PROCESSING, TransactionStatus.FAILED}),
    TransactionStatus.PROCESSING: frozenset({TransactionStatus.COMPLETED, TransactionStatus.REFUNDED}),
    TransactionStatus.FAILED: frozenset(
        {TransactionStatus.PENDING, TransactionStatus.PROCESSING, TransactionStatus.REFUNDED}
    ),
    TransactionStatus.COMPLETED: frozenset(),
    TransactionStatus.REFUNDED: frozenset({TransactionStatus.PROCESSING}),
}

SAID = {
    TransactionStatus.PENDING: "not paid yet",
    TransactionStatus.PROCESSING: "held",
    TransactionStatus.COMPLETED: "paid out",
    TransactionStatus.FAILED: "not paid",
    TransactionStatus.REFUNDED: "refunded",
}


def is_payable(payment: Transaction) -> bool:
    """Whether the buyer may still pay: nobody has yet, or the provider refused and the job is still theirs."""
    refused = payment.status is TransactionStatus.FAILED and payment.declined_by is not None
    return refused or payment.status is TransactionStatus.PENDING


def move(payment: Transaction, status: TransactionStatus) -> None:
    """Give the payment another status. Conflict when the table says no."""
    if status not in ALLOWED[payment.status]:
        raise Conflict(f"This payment is {SAID[payment.status]}; it cannot become {SAID[status]}.")
    payment.status = status
