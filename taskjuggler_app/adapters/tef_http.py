"""Handing an envelope to another installation, over the client that cannot be led inside."""

import base64
import time

from taskjuggler_app.adapters.safe_http import FetchFailed, SafeHttp
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.netaddr import AddressRefused, Reach
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.tef import keys
from taskjuggler_app.domain.tef.envelope import MEDIA_TYPE, signed_bytes
from taskjuggler_app.domain.tef.outgoing import Delivery

SECONDS = 20
_AGAIN = (408, 425, 429)


def deliver(delivery: Delivery, url: str) -> None:
    """POST the envelope, signed with the key the two share if there is one. VendorError says whether to try again."""
    headers = {"content-type": MEDIA_TYPE, "idempotency-key": str(delivery.envelope.message_id)}
    if delivery.secret:
        created = int(time.time())
        signature = base64.b64encode(keys.mac(delivery.secret, signed_bytes(created, delivery.body))).decode()
        headers["tef-signature"] = f'keyid="{delivery.key_id}", created={created}, signature="{signature}"'
    client = SafeHttp(Reach(local=settings().allow_local_targets), seconds=SECONDS, max_bytes=200_000)
    try:
        answer = client.post(url, delivery.body, headers)
    except AddressRefused as refused:
        raise VendorError(refused.message, retryable=False) from None
    except FetchFailed as failed:
        raise VendorError(str(failed), retryable=True) from None
    if not 200 <= answer.status < 300:
        again = answer.status >= 500 or answer.status in _AGAIN
        raise VendorError(f"It answered {answer.status}: {answer.text[:200]}", retryable=again)
