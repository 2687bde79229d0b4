"""The outside world as the domain sees it. Each port has an embedded default and at least one real adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
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
    """Something to be paid once; `reference` is ours and comes back with the payment."""

    reference: str
    amount: Decimal
    currency: str
    description: str
    return_url: str


class Payments(Protocol):
    """Where people pay."""

    def checkout(self, charge: Charge) -> str:
        """The address at which the payer pays. Raises VendorError."""
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
