"""The outside world as the domain sees it. Each port has an embedded default and at least one real adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO, Protocol
from uuid import UUID


class VendorError(Exception):
    """A vendor refused or could not be reached. `retryable` says whether trying again can help."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


@dataclass(frozen=True, slots=True)
class TextMessage:
    """An SMS to send; `idempotency_key` makes a repeated send of the same fact harmless."""

    to: str
    sender: str
    body: str
    idempotency_key: str
    team_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to send; text is always there, HTML may be. `invitation` is an iCalendar object, `method` its method."""

    to: str
    subject: str
    text: str
    idempotency_key: str
    html: str | None = None
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    team_id: UUID | None = None
    invitation: str | None = None
    method: str = "REQUEST"


@dataclass(frozen=True, slots=True)
class Charge:
    """Something to be paid once. `reference` is ours and comes back with the payment; `purpose` says whose it is.

    purpose: marketplace, booking or plan. With `monthly` it is paid every month until cancelled. `customer` is the
    provider's id of a payer it knows.
    """

    reference: str
    amount: Decimal
    currency: str
    description: str
    return_url: str
    purpose: str = "booking"
    email: str = ""
    monthly: bool = False
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where a charge is paid, and the provider's id of that place."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class MoneyOrder:
    """Money to send once: `operation` is ours, and a repeated order of the same operation sends nothing more.

    `payment_id` is the provider's id of the payment it comes from; `destination` the account of who gets it, empty
    for a refund; `purpose` that of the payment. `attempt` counts how often it was refused for good and ordered anew.
    """

    operation: str
    reference: str
    amount: Decimal
    currency: str
    payment_id: str
    destination: str = ""
    purpose: str = "marketplace"
    attempt: int = 0

    @property
    def key(self) -> str:
        """The idempotency key: a provider gives the same answer to the same key, also when it refused."""
        return f"{self.operation}-{self.attempt}" if self.attempt else self.operation


class FactKind(StrEnum):
    """What a provider tells."""

    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_CANCELLED = "payment_cancelled"
    TRANSFERRED = "transferred"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    ACCOUNT = "account"
    SUBSCRIBED = "subscribed"
    SUBSCRIPTION_ENDED = "subscription_ended"
    PAST_DUE = "past_due"
    INVOICE_PAID = "invoice_paid"
    INVOICE_FAILED = "invoice_failed"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """One thing that happened at the provider, in our words. `id` is the provider's event; it may come repeatedly.

    `object_id` is the payment, transfer, refund, account, subscription or invoice that it is about. `data` holds what
    few kinds have: customer, begins and until (what is paid for, ISO 8601), ends (whether it ends then), at (the
    event's own time, seconds since 1970), payment (what a bank's dispute is about), message; of an account: ready (it
    can be paid), submitted (its owner filled it in), needs (what is missing, the provider's codes), disabled (why).
    """

    id: str
    kind: FactKind
    object_id: str
    purpose: str = ""
    reference: str = ""
    operation: str = ""
    amount: Decimal = Decimal(0)
    currency: str = "USD"
    data: Mapping[str, Any] = field(default_factory=dict)


class Payments(Protocol):
    """Where people pay and are paid. All methods raise VendorError; none is called inside a transaction."""

    name: str

    def checkout(self, charge: Charge) -> Checkout:
        """Where the payer pays."""
        ...

    def cancel(self, checkout_id: str) -> None:
        """Take a place to pay away; what is paid or gone already is no error."""
        ...

    def transfer(self, order: MoneyOrder) -> str:
        """Send held money on; the transfer's id."""
        ...

    def refund(self, order: MoneyOrder) -> str:
        """Send held money back to its payer; the refund's id."""
        ...

    def onboard(self, account_id: str, email: str, return_url: str, refresh_url: str) -> Checkout:
        """Where a vendor says how they are paid; `id` is their account, made when `account_id` is empty.

        They come back to `return_url`, finished or not; to `refresh_url` when the place was opened too late.
        """
        ...

    def account(self, account_id: str) -> PaymentFact:
        """How an account stands now."""
        ...

    def dashboard(self, account_id: str) -> str:
        """Where the owner of an account sees what was paid out to them."""
        ...

    def portal(self, customer: str, return_url: str) -> str:
        """Where a subscriber changes card and plan."""
        ...

    def end_subscription(self, subscription_id: str) -> None:
        """End a subscription at the end of the time that is paid for; one that is over is no error."""
        ...

    def change_subscription(self, subscription_id: str, charge: Charge, at: datetime) -> None:
        """Go on under another price from `at` on; one that was to end goes on again.

        What is left of the paid month counts: dearer is charged at once, what is cheaper is kept for the next month.
        """
        ...

    def history(self, reference: str) -> list[PaymentFact]:
        """Everything that happened to the payments of our reference: what reconciliation compares with."""
        ...

    def check(self) -> str:
        """Try the account without charging anybody: what works, in a sentence."""
        ...

    def plan_history(self, customer: str, checkout_id: str) -> list[PaymentFact]:
        """How a payer's plans stand, oldest first, and the invoices they paid.

        They are found by the provider's name of the payer, or where that is empty by a place to pay; none when
        nothing was paid there yet.
        """
        ...

    def read_event(self, body: bytes, signature: str) -> PaymentFact | None:
        """What a signed webhook says; None for kinds that mean nothing to us. Invalid when the signature is not."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map: its name as people say it, degrees north and east."""

    name: str
    latitude: float
    longitude: float


class Geocoder(Protocol):
    """Where a place is that somebody typed."""

    def find(self, text: str) -> Place | None:
        """The place; None when it is not known. Raises VendorError."""
        ...


class Telephony(Protocol):
    """Phone numbers: what goes out by SMS, and the files that messages and calls bring."""

    def send_sms(self, message: TextMessage) -> str:
        """Hand the message to the carrier and return its id. Raises VendorError."""
        ...

    def fetch_media(self, url: str, into: BinaryIO, limit: int) -> str:
        """Write what the carrier keeps at `url` into `into`, at most `limit` bytes, and return a name for it.

        Raises VendorError.
        """
        ...

    def check(self) -> str:
        """Try the account without sending anything: what works, in a sentence. Raises VendorError."""
        ...


class MailProof(Protocol):
    """Whether a mail comes from whom it says."""

    def is_from(self, raw: bytes, address: str) -> bool:
        """Whether a valid DKIM signature of the address's own domain covers the mail (RFC 6376, RFC 7489 3.1)."""
        ...


class Mailer(Protocol):
    """Outgoing mail."""

    def send(self, mail: Mail) -> str:
        """Hand the mail over and return the provider's id. Raises VendorError."""
        ...

    def check(self) -> str:
        """Try the connection without sending anything: what works, in a sentence. Raises VendorError."""
        ...


class Extractor(Protocol):
    """Reads facts out of a message; sets nothing and decides nothing."""

    def extract(
        self, text: str, *, received_at: datetime, zone: str, region: str, subject: str | None = None
    ) -> dict[str, Any]:
        """The extraction as stored in `inbox_items.extracted_data`, each value with confidence and span."""
        ...


class Files(Protocol):
    """Bytes by key; keys are made by us and never by a visitor."""

    def put(self, key: str, content: BinaryIO) -> int:
        """Store everything `content` yields under `key` and return the size in bytes."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The stored bytes. Raises errors.NotFound."""
        ...

    def delete(self, key: str) -> None:
        """Forget the key; unknown keys are no error."""
        ...
