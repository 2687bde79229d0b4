"""Tools elsewhere, over the client that cannot be led inside: an address that answers, a webhook that calls back."""

import json
import time
from decimal import Decimal, InvalidOperation
from typing import Any

from taskjuggler_app.adapters.safe_http import Answer, FetchFailed, SafeHttp
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.netaddr import AddressRefused, Reach
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.aitools import signing
from taskjuggler_app.domain.aitools.calls import Call, Later, Output

CALLBACK = "/webhooks/tools/"
MOST_BYTES = 2_000_000
_AGAIN = (408, 409, 425, 429)


def call_api(call: Call) -> Output:
    """POST the input; the answer is what `output_path` names in its JSON, or all of it."""
    is_json = "json" in call.given
    body = json.dumps(call.given["json"]).encode() if is_json else str(call.given["text"]).encode()
    headers = {
        "content-type": "application/json" if is_json else "text/plain; charset=utf-8",
        "accept": "application/json, text/*",
        "idempotency-key": str(call.execution_id),
    }
    if call.secret:
        name = call.config["auth_header"]
        bare = name.lower() == "authorization" and " " not in call.secret
        headers[name.lower()] = f"Bearer {call.secret}" if bare else call.secret
    answer = _post(call, body, headers)
    said = _json(answer)
    path = call.config.get("output_path", "")
    found = dig(said, path) if path else said if said is not None else answer.text
    if found is None:
        raise VendorError(f"The answer has nothing at “{path}”.", retryable=False)
    return Output(_as_text(found), _cost(dig(said, call.config["cost_path"])) if call.config.get("cost_path") else None)


def call_webhook(call: Call) -> Output | Later:
    """POST the signed work order. An answer with an `output` is the result; any other success means: later."""
    order = {
        "id": str(call.execution_id),
        "attempt": call.attempt,
        "test": call.is_test,
        "tool": call.name,
        "input": call.given,
        "budget": None if call.budget is None else str(call.budget),
        "currency": call.config.get("currency"),
        "callback_url": f"{settings().public_url}{CALLBACK}{call.execution_id}",
    }
    body, now = json.dumps(order, ensure_ascii=False).encode(), int(time.time())
    headers = {
        "content-type": "application/json",
        "idempotency-key": str(call.execution_id),
        signing.TIMESTAMP: str(now),
        signing.SIGNATURE: signing.sign(call.secret, now, body),
    }
    said = _json(_post(call, body, headers))
    if isinstance(said, dict) and said.get("output") is not None:
        return Output(_as_text(said["output"]), _cost(said.get("cost")))
    return Later()


def dig(said: Any, path: str) -> Any:
    """What stands at a path as `choices.0.message.content`; None where the path ends."""
    for step in path.split("."):
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isascii() and step.isdigit() and len(step) < 7 and int(step) < len(said):
            said = said[int(step)]
        else:
            return None
    return said


def _post(call: Call, body: bytes, headers: dict[str, str]) -> Answer:
    reach = Reach(local=settings().allow_local_targets)
    client = SafeHttp(reach, seconds=int(call.config["timeout"]), max_bytes=MOST_BYTES)
    try:
        answer = client.post(call.config["url"], body, headers)
    except AddressRefused as refused:
        raise VendorError(refused.message, retryable=False) from None
    except FetchFailed as failed:
        raise VendorError(str(failed), retryable=True) from None
    if not 200 <= answer.status < 300:
        again = answer.status >= 500 or answer.status in _AGAIN
        raise VendorError(f"It answered {answer.status}: {answer.text[:200]}".rstrip(": "), retryable=again)
    return answer


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _cost(value: Any) -> Decimal | None:
    """The cost that a tool reports; one that is no amount counts as not said."""
    try:
        cost = Decimal(str(value))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and 0 <= cost < 1_000_000 else None
