"""SendGrid's Inbound Parse webhook: prove, store, answer. The worker reads the mail.

The body is spooled to disk while its signature is computed, so a mail of the full size needs little memory.
"""

import logging
import tempfile
from typing import BinaryIO, cast
from urllib.parse import parse_qs

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.sendgrid_signature import SIGNATURE, TIMESTAMP, inbound_proof
from taskjuggler_app.api.answers import TEXT, answer
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.domain.files.service import new_key
from taskjuggler_app.domain.receptionist import mailboxes

PATH = "/webhooks/sendgrid/inbound"
LARGEST = 36 * 1024 * 1024
"""Bytes of a delivery: a mail of 25 MB as it travels (base64 adds a third), and the fields around it."""
TOO_LARGE = b"This delivery is too large: mails of up to 25 MB are taken."
_IN_MEMORY = 1_000_000
_log = logging.getLogger(__name__)


async def inbound(scope: Scope, receive: Receive, send: Send) -> None:
    """Store one delivery durably, then answer 200; 403 without SendGrid's proof, 503 while we cannot store."""
    headers = Headers(scope=scope)
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    proof = inbound_proof(token, headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, ""))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            chunk, more = message.get("body", b""), message.get("more_body", False)
            size += len(chunk)
            if size > LARGEST:
                await answer(send, 413, TOO_LARGE, TEXT)
                return
            proof.feed(chunk)
            if size > _IN_MEMORY:
                await run_in_db(spool.write, chunk)
            else:
                spool.write(chunk)
        if not proof.holds():
            await answer(send, 403, b"This does not come from SendGrid.", TEXT)
            return
        try:
            await run_in_db(_store, cast(BinaryIO, spool), size, headers.get("content-type", ""))
        except (SQLAlchemyError, OSError) as error:
            _log.error("a mail could not be stored (%s); SendGrid will bring it again", type(error).__name__)
            await answer(send, 503, b"Try again.", [*TEXT, (b"retry-after", b"30")])
            return
    await answer(send, 200, b"OK", TEXT)


def _store(spool: BinaryIO, size: int, content_type: str) -> None:
    """Bytes first, then the row with its job: a row never speaks of bytes that are not there."""
    spool.seek(0)
    key = new_key()
    registry.files().put(key, spool)
    try:
        with transaction() as session:
            mailboxes.deliver(session, storage_key=key, content_type=content_type, size=size)
    except BaseException:
        registry.files().delete(key)
        raise
