"""What an approval is bound to: pure."""

import hashlib
import json
from decimal import Decimal
from typing import Any


def fingerprint(tool: str, given: dict[str, Any], budget: Decimal | None, currency: str = "USD") -> str:
    """SHA-256, in hex, of the exact tool, input and budget.

    Canonical JSON (sorted names, no spaces, UTF-8), so the order of an object's names does not matter and every
    other difference does. A budget of 2 is one of 2.00. ValueError for what JSON cannot say (NaN, bytes).
    """
    cap = None if budget is None else f"{budget:.2f}"
    exact = {"tool": tool, "input": given, "budget": cap, "currency": currency}
    spelled = json.dumps(exact, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()
