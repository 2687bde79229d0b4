"""Handing an event to a webhook's address, over the client that cannot be led inside."""

from taskjuggler_app.adapters.safe_http import FetchFailed, SafeHttp
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.netaddr import AddressRefused, Reach
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.webhooks.deliveries import Outgoing, signed

SECONDS = 15


def send(outgoing: Outgoing) -> tuple[int, str]:
    """POST it, signed; what was answered as (status, text). VendorError when nothing was; a redirect is an answer."""
    client = SafeHttp(Reach(local=settings().allow_local_targets), seconds=SECONDS, max_bytes=100_000)
    headers = signed(outgoing, clock.utcnow())
    try:
        answer = client.request("POST", outgoing.url, headers, content=outgoing.body, follow=False, truncate=True)
    except AddressRefused as refused:
        raise VendorError(refused.message, retryable=False) from None
    except FetchFailed as failed:
        raise VendorError(str(failed), retryable=True) from None
    return answer.status, answer.text
