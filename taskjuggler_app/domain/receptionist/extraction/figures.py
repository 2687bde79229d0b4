"""Numbers that are neither dates, times nor phones: money, percentages, order numbers, fractions.

They are claimed so that nothing else reads them: a price is not a time, an invoice number not a date.
"""

import re

from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Span

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


def figures(doc: Document) -> list[Span]:
    """Where such numbers stand."""
    return [doc.span(m.start(), m.end()) for m in _FIGURES.finditer(doc.text)]
