"""Trying the vendors that this installation is connected to: nothing is sent, nothing is charged, no secret is shown.

Each try is bounded by SECONDS, whatever the vendor does.
"""

import asyncio
import io
import re
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from uuid import uuid4

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import Settings, settings
from taskjuggler_app.core.model_ports import ModelAccess
from taskjuggler_app.core.ports import VendorError

SECONDS = 20.0
SAMPLE = "Hi, this is Ada. The kitchen faucet is leaking, can you come tomorrow at 3 pm?"
_SECRETS = (
    "smtp_url",
    "sendgrid_api_key",
    "twilio_auth_token",
    "twilio_signing_key",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "secret_key",
)
_KEYS = re.compile(r"\b(sk|rk|pk|whsec|SG)[_.][\w.*-]{6,}")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an integration is set up, before anybody tries it. missing: what would make it whole, in words."""

    key: str
    title: str
    vendor: str
    is_embedded: bool
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: in a sentence, and after how many milliseconds."""

    good: bool
    said: str
    took_ms: int


def standings() -> list[Standing]:
    """Every vendor's place, in the order in which a business needs them."""
    chosen = settings()
    return [_mail(chosen), _phone(chosen), _payments(chosen), _browser(), _files()]


def run(key: str) -> Tried:
    """Try what stands in that place."""
    return _bounded(_TRIES[key])


def run_model(access: ModelAccess) -> Tried:
    """Have the workspace's language model read a made-up message."""

    def read() -> str:
        found = registry.language_model().read(access, SAMPLE, subject=None, received_at=clock.utcnow(), zone="UTC")
        tokens = found.input_tokens + found.output_tokens
        return f"It works. The test message was read as “{found.category or 'no category'}”, for {tokens} tokens."

    return _bounded(read, access.key)


def _mail(chosen: Settings) -> Standing:
    if chosen.smtp_url is not None:
        return Standing("mail", "Mail", "SMTP", is_embedded=False)
    if chosen.sendgrid_api_key is not None:
        lacking = [] if chosen.sendgrid_event_public_key else ["SENDGRID_EVENT_PUBLIC_KEY, to learn of bounces"]
        return Standing("mail", "Mail", "SendGrid", is_embedded=False, missing=_listed(lacking))
    missing = "SMTP_URL or SENDGRID_API_KEY: until then mail stays in the outbox"
    return Standing("mail", "Mail", "Embedded", is_embedded=True, missing=missing)


def _phone(chosen: Settings) -> Standing:
    if chosen.twilio_account_sid and chosen.twilio_auth_token:
        return Standing("phone", "Calls and texts", "Twilio", is_embedded=False)
    lacking = [
        name
        for name, value in (
            ("TWILIO_ACCOUNT_SID", chosen.twilio_account_sid),
            ("TWILIO_AUTH_TOKEN", chosen.twilio_auth_token),
        )
        if not value
    ]
    missing = f"{' and '.join(lacking)}: until then texts stay in the outbox"
    return Standing("phone", "Calls and texts", "Embedded", is_embedded=True, missing=missing)


def _payments(chosen: Settings) -> Standing:
    if chosen.stripe_secret_key is None:
        missing = "STRIPE_SECRET_KEY: until then an embedded provider charges nobody"
        return Standing("payments", "Payments", "Embedded", is_embedded=True, missing=missing)
    lacking = [] if chosen.stripe_webhook_secret else ["STRIPE_WEBHOOK_SECRET: without it no payment is heard of"]
    return Standing("payments", "Payments", "Stripe", is_embedded=False, missing=_listed(lacking))


def _browser() -> Standing:
    return Standing("browser", "Site scanner", "Chromium", is_embedded=False)


def _files() -> Standing:
    return Standing("files", "Files", "A folder of this machine", is_embedded=True)


def _listed(lacking: list[str]) -> str:
    return "; ".join(lacking)


def _try_browser() -> str:
    from playwright.async_api import async_playwright

    from taskjuggler_app.adapters import chromium

    async def look() -> str:
        async with async_playwright() as playwright:
            return chromium.program(playwright)

    try:
        return f"It is there: {asyncio.run(look())}."
    except chromium.BrowserMissing as missing:
        raise VendorError(str(missing), retryable=False) from None


def _try_files() -> str:
    files, key = registry.files(), f"try-{uuid4().hex}"
    words = b"a try"
    try:
        files.put(key, io.BytesIO(words))
        with files.open(key) as kept:
            if kept.read() != words:
                raise VendorError("What was written is not what is read.", retryable=False)
    finally:
        files.delete(key)
    free = shutil.disk_usage(settings().data_dir).free / 1e9
    return f"Written, read and deleted. {free:.0f} GB are free."


_TRIES: dict[str, Callable[[], str]] = {
    "mail": lambda: registry.mailer().check(),
    "phone": lambda: registry.telephony().check(),
    "payments": lambda: registry.payments().check(),
    "browser": _try_browser,
    "files": _try_files,
}


def _bounded(attempt: Callable[[], str], secret: str = "") -> Tried:
    """Run the try; what hangs is left to its own time limit and called dead here."""
    began = time.monotonic()
    pool = ThreadPoolExecutor(1, thread_name_prefix="try")
    try:
        good, said = True, pool.submit(attempt).result(SECONDS)
    except TooLate:
        good, said = False, f"It did not answer within {SECONDS:.0f} seconds."
    except VendorError as error:
        good, said = False, str(error)
    except Exception as error:  # whatever is wrong with a vendor, the page says so
        good, said = False, f"It failed: {type(error).__name__}."
    finally:
        pool.shutdown(wait=False)
    return Tried(good, _without_secrets(said, secret), round((time.monotonic() - began) * 1000))


def _without_secrets(said: str, secret: str) -> str:
    chosen = settings()
    known = [secret, *(_value(getattr(chosen, name)) for name in _SECRETS)]
    for one in known:
        if len(one) >= 6:
            said = said.replace(one, "…")
    return _KEYS.sub("…", said)[:300]


def _value(secret: object) -> str:
    read = getattr(secret, "get_secret_value", None)
    return str(read()) if read else ""
