"""The embedded Payments: nobody is charged. Its checkout leads straight on to the page that a payment comes back to."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from taskjuggler_app.core import clock
from taskjuggler_app.core.ports import Charge
from taskjuggler_app.domain.access import cookies

_PURPOSE = "embedded-payment"
_LASTS = timedelta(minutes=30)
RETURN = "/booking/paid"


class EmbeddedPayments:
    """The Payments port without a provider."""

    def __init__(self, public_url: str) -> None:
        self._home = public_url.rstrip("/")

    def checkout(self, charge: Charge) -> str:
        """An address that says, with our own signature, that the charge was paid."""
        proof = cookies.seal(_PURPOSE, {"reference": charge.reference}, clock.utcnow() + _LASTS)
        return f"{self._home}{RETURN}?{urlencode({'proof': proof})}"


def paid_reference(proof: str, now: datetime) -> str | None:
    """The reference of the charge that a proof is about; None for one that is not ours."""
    found = cookies.unseal(_PURPOSE, proof[:600], now)
    return None if found is None else str(found["reference"])
