"""What a price costs its buyer and brings its vendor: pure arithmetic over the settings' percentages."""

from dataclasses import dataclass
from decimal import Decimal

from taskjuggler_app.core import money
from taskjuggler_app.core.config import settings


@dataclass(frozen=True, slots=True)
class Quote:
    """A price with its fees. The buyer pays `total`, the vendor gets `vendor_gets`."""

    price: Decimal
    buyer_fee: Decimal
    vendor_fee: Decimal
    currency: str

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        return self.price + self.buyer_fee

    @property
    def vendor_gets(self) -> Decimal:
        """What the vendor gets."""
        return self.price - self.vendor_fee


def quote(price: Decimal, currency: str, *, is_ai: bool) -> Quote:
    """The fees of a price: people's work by buyer's and vendor's percent, an AI tool at cost and a percent on top."""
    chosen = settings()
    if is_ai:
        return Quote(price, money.share(price, chosen.fee_ai_percent, currency), Decimal(0), currency)
    buyer = money.share(price, chosen.fee_buyer_percent, currency)
    return Quote(price, buyer, money.share(price, chosen.fee_vendor_percent, currency), currency)


def parted(price: Decimal, buyer_fee: Decimal, vendor_fee: Decimal, held: Decimal, currency: str) -> Quote:
    """What is left of a payment of which only `held` is still held: the same shares of the smaller sum."""
    total = price + buyer_fee
    left = money.rounded(price * held / total, currency)
    parts = Quote(left, held - left, money.rounded(vendor_fee * held / total, currency), currency)
    return parts if parts.vendor_gets > 0 else Quote(held, Decimal(0), Decimal(0), currency)


def with_fee(part: Decimal, price: Decimal, buyer_fee: Decimal, currency: str) -> Decimal:
    """A part of the price with its share of the buyer's fee: what goes back when that part is refunded."""
    return money.rounded(part * (price + buyer_fee) / price, currency)
