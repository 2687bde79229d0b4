"""DKIM: whether a mail was signed by the domain of the address that it says it is from (RFC 6376)."""

from collections.abc import Callable
from typing import Any

import dkim

MOST_SIGNATURES = 5
Lookup = Callable[..., Any]


class DkimProof:
    """The MailProof port over dkimpy; `lookup` asks the DNS for a TXT record."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._lookup = {"dnsfunc": lookup} if lookup else {}

    def is_from(self, raw: bytes, address: str) -> bool:
        """Whether one of the first signatures is valid and aligned.

        Strictly aligned: the signing domain is the address's own, since a shared host signs for many. The signature
        has to cover the whole body, or somebody could add to a mail that was signed.
        """
        domain = address.rpartition("@")[2].strip().lower().encode()
        if not domain:
            return False
        try:
            message = dkim.DKIM(raw)
            count = sum(1 for name, _ in message.headers if name.lower() == b"dkim-signature")
            return any(self._holds(message, at, domain) for at in range(min(count, MOST_SIGNATURES)))
        except (dkim.DKIMException, ValueError):
            return False

    def _holds(self, message: Any, at: int, domain: bytes) -> bool:
        try:
            if not message.verify(idx=at, **self._lookup):
                return False
        except Exception:  # whatever the library or the DNS trips over proves nothing
            return False
        fields = message.signature_fields
        return bool(fields.get(b"d", b"").lower() == domain and b"l" not in fields)
