"""Rows of the pages about money."""

from dataclasses import dataclass, field


@dataclass
class PaymentRow:
    """A payment in a list; amounts as people read them."""

    id: str = ""
    listing_id: str = ""
    title: str = ""
    vendor: str = ""
    vendor_id: str = ""
    price: str = ""
    fee: str = ""
    total: str = ""
    vendor_gets: str = ""
    held: str = ""
    status: str = "pending"
    method: str = ""
    disputed: bool = False
    problem: str = ""
    release_at: str = ""
    printable: bool = False
    number: str = ""
    payable: bool = False
    at: str = ""
    incoming: bool = False


@dataclass
class MovementRow:
    """A movement on a receipt."""

    id: str = ""
    what: str = ""
    memo: str = ""
    amount: str = ""
    at: str = ""


@dataclass
class Receipt:
    """A payment with everything that moved."""

    row: PaymentRow = field(default_factory=PaymentRow)
    movements: list[MovementRow] = field(default_factory=list)
    reference: str = ""


@dataclass
class DisputeRow:
    """A dispute as the operators see it."""

    id: str = ""
    payment_id: str = ""
    title: str = ""
    buyer: str = ""
    vendor: str = ""
    opened_by: str = ""
    mine: bool = False
    reason: str = ""
    answer: str = ""
    price: str = ""
    currency: str = "USD"
    held: str = ""
    state: str = "open"
    decision: str = ""
    note: str = ""
    at: str = ""


@dataclass
class Totals:
    """What a workspace's vendors earned, and what is on its way."""

    paid_out: str = ""
    held: str = ""
    jobs: int = 0


@dataclass
class Trouble:
    """Something that does not add up, or that the provider refused."""

    id: str = ""
    what: str = ""
    problem: str = ""
    at: str = ""
    operation_id: str = ""
