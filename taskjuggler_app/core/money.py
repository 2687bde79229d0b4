"""Amounts of money: Decimal and a currency, never a float.

Providers count in the smallest unit of a currency (Stripe, "Zero-decimal currencies"), people write "1,250.50".
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from taskjuggler_app.core.errors import Invalid

CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "JPY")
"""What prices may be in."""
MOST = Decimal("9999999.99")
"""The largest amount that the schema's columns hold with a fee on top."""
_NO_DECIMALS = frozenset({"JPY"})
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "JPY": "¥"}


def places(currency: str) -> int:
    """Digits after the point."""
    return 0 if currency in _NO_DECIMALS else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's smallest unit, halves away from zero, as invoices round."""
    return amount.quantize(Decimal(1).scaleb(-places(currency)), rounding=ROUND_HALF_UP)


def share(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """That many percent of the amount."""
    return rounded(amount * percent / 100, currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """In the smallest unit: cents, yen."""
    return int(rounded(amount, currency).scaleb(places(currency)))


def from_minor(units: int, currency: str) -> Decimal:
    """From the smallest unit."""
    return rounded(Decimal(units).scaleb(-places(currency)), currency)


def parse_currency(value: object) -> str:
    """A currency that prices may be in. Raises Invalid."""
    code = str(value).strip().upper()
    if code not in CURRENCIES:
        raise Invalid(f"Choose one of {', '.join(CURRENCIES)}.", "currency")
    return code


def parse_amount(value: object, currency: str, field: str = "amount") -> Decimal:
    """An amount above zero as typed: "1,250.50", "$80". Raises Invalid."""
    text = str(value).strip().lstrip("".join(set("".join(_SIGNS.values())))).replace(",", "").replace(" ", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Invalid("Write an amount, as 120 or 120.50.", field) from None
    if not amount.is_finite() or amount <= 0:
        raise Invalid("The amount has to be above zero.", field)
    if amount > MOST:
        raise Invalid(f"The most is {shown(MOST, currency)}.", field)
    if amount != rounded(amount, currency):
        raise Invalid(f"{currency} has {places(currency)} digits after the point.", field)
    return rounded(amount, currency)


def shown(amount: Decimal | None, currency: str) -> str:
    """As people read it: $1,250.50; empty for None."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{abs(rounded(amount, currency)):,}"
