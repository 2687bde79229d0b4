"""Numbers that are neither dates, times nor phones: money, percentages, order numbers, fractions.

They are claimed so that nothing else reads them: a price is not a time, an invoice number not a date.
"""

import re
from decimal import Decimal

from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Found, Span

_AMOUNT = r"\d{1,12}(?:[.,]\d{1,3}){0,5}"
_FIGURES = re.compile(
    rf"[$£€¥]\s?{_AMOUNT}(?:\s?[kKmM])?(?!\w)"
    rf"|(?<![\w.,]){_AMOUNT}\s?(?:[$£€¥%]|(?:dollars?|bucks|euros?|pounds|usd|eur|gbp|percent|cents?)(?!\w))"
    r"|(?<!\w)(?:usd|eur|gbp)\s?\d{1,12}(?:[.,]\d{1,3}){0,5}"
    r"|(?:#|(?<!\w)(?:order|invoice|inv|account|acct|ticket|policy|claim|tracking|serial|ref|reference|version|page|chapter)"
    r"\s?(?:number|no|nr)?\.?[:#]?\s?)[\w-]{0,20}\d[\w./-]{0,20}"
    r"|(?<!\w)(?:24/7|50/50|9/11|[1-9]/[2-9](?=\s?(?:of|inch|inches|in|cup|off|full|pipe|way|price|\"|''|\u201d)(?!\w)))"
    r"|(?<![\w.])v?\d{1,4}(?:\.\d{1,4}){3}(?!\w)",
    re.IGNORECASE,
)


_MONEY = re.compile(
    rf"(?P<sign>[$£€¥])\s?(?P<amount>{_AMOUNT})(?P<scale>\s?[kKmM])?(?!\w)"
    rf"|(?<![\w.,])(?P<amount2>{_AMOUNT})\s?(?P<unit>[$£€¥]|(?:dollars?|bucks|euros?|pounds|usd|eur|gbp)(?!\w))"
    r"|(?<!\w)(?P<code>usd|eur|gbp)\s?(?P<amount3>\d{1,12}(?:[.,]\d{1,3}){0,5})",
    re.IGNORECASE,
)
_CURRENCIES = {
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pounds": "GBP",
}
_ORDER = re.compile(
    r"(?:#|(?<!\w)(?:order|invoice|inv|ticket|policy|claim|tracking|case|ref|reference|confirmation|booking|check|po)"
    r"(?!\w)\s?(?:number|no|nr)?\.?(?:\s?is)?[:#]?\s?#?)(?P<number>(?:[A-Za-z]{1,8}-)?[\w-]{0,20}\d[\w/-]{0,20})",
    re.IGNORECASE,
)


def money(doc: Document) -> list[Found]:
    """Amounts as "CUR 12.50"; a sign that several countries use is read as the best known of them."""
    found = []
    for match in list(_MONEY.finditer(doc.text))[:FOUND_LIMIT]:
        said = (match["sign"] or match["unit"] or match["code"]).casefold()
        amount = _decimal(match["amount"] or match["amount2"] or match["amount3"])
        scale = {"k": 1_000, "m": 1_000_000}.get((match["scale"] or "").strip().casefold(), 1)
        currency = _CURRENCIES.get(said, said.upper())
        found.append(doc.found(f"{currency} {amount * scale:.2f}", match.start(), match.end(), 0.93))
    return found


def _decimal(text: str) -> Decimal:
    """A last separator with one or two digits after it is the decimal one; all others group."""
    cents = re.search(r"[.,](\d{1,2})$", text)
    whole = re.sub(r"[.,]", "", text[: cents.start()] if cents else text)
    return Decimal(f"{whole}.{cents[1]}" if cents else whole)


def order_numbers(doc: Document) -> list[Found]:
    """Numbers of orders, invoices, tickets and cases, as written."""
    matches = list(_ORDER.finditer(doc.text))[:FOUND_LIMIT]
    return [doc.found(m["number"], m.start("number"), m.end("number"), 0.85) for m in matches]


def figures(doc: Document) -> list[Span]:
    """Where such numbers stand."""
    return [doc.span(m.start(), m.end()) for m in _FIGURES.finditer(doc.text)]
