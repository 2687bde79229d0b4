"""The task exchange's door for programs, under /tef/: envelopes in and out, schemas, devices and their heartbeat.

Who calls proves it with `Authorization: Bearer tja_…`, or (for an envelope) with a `TEF-Signature` of one of the source
actor's keys over the exact body. Errors are problem+json (RFC 9457); a repeated message id gets the first answer.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from taskjuggler_app.api.clients import client_address
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.tef import devices, envelope, exchange, keys, mailbox
from taskjuggler_app.domain.tef.envelope import Envelope
from taskjuggler_app.domain.tef.exchange import Received
from taskjuggler_app.models.exchange import EnvelopeState, Kind
from taskjuggler_app.models.tef import Actor, ActorStatus

PREFIX = "/tef/"
_STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, LimitReached: 429}
Handler = Callable[[Request], Awaitable[Response]]


class Unproved(DomainError):
    """Nothing says who calls."""


def answered(handler: Handler) -> Handler:
    """The handler, its refusals as problem+json."""

    async def run(request: Request) -> Response:
        try:
            return await handler(request)
        except Unproved as error:
            return _problem(401, error, {"www-authenticate": "Bearer"})
        except DomainError as error:
            wait = getattr(error, "retry_after", None)
            return _problem(_STATUS[type(error)], error, {"retry-after": str(wait)} if wait else {})

    return run


@answered
async def post_message(request: Request) -> Response:
    """Take an envelope: 202 when it was taken or waits in quarantine, 409 when the exchange refused it."""
    await _count(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() not in (
        envelope.MEDIA_TYPE,
        "application/json",
    ):
        raise Invalid(f"Send {envelope.MEDIA_TYPE}.", "content-type")
    body = await _body(request)
    got = await run_in_db(_receive, body, _bearer(request), request.headers.get("tef-signature", ""))
    said = {"message_id": str(got.message_id), "state": got.state.value, "reason": got.reason}
    return JSONResponse(said, 409 if got.state is EnvelopeState.REFUSED else 202)


@answered
async def get_messages(request: Request) -> Response:
    """Envelopes for the calling actor, oldest first, after `cursor`; `next` is the cursor to go on from."""
    await _count(request)
    found = await run_in_db(_fetch, _bearer(request), request.query_params.get("cursor", ""))
    return JSONResponse(found, media_type="application/json")


@answered
async def get_schema(request: Request) -> Response:
    """A JSON Schema: `envelope`, or a kind of message."""
    name = request.path_params["name"]
    if name != "envelope" and name not in list(Kind):
        raise NotFound("There is no such schema.")
    found = envelope.schema(None if name == "envelope" else Kind(name))
    return JSONResponse(found, media_type="application/schema+json", headers={"cache-control": "max-age=3600"})


@answered
async def post_device(request: Request) -> Response:
    """A gateway registers a device {name, capabilities}; it waits to be claimed."""
    await _count(request)
    raw = await _object(request)
    return JSONResponse(await run_in_db(_register, _bearer(request), raw), 201)


@answered
async def post_heartbeat(request: Request) -> Response:
    """The calling actor is alive, and so are {devices: [id, …]} of it."""
    await _count(request)
    raw = await _object(request)
    return JSONResponse(await run_in_db(_beat, _bearer(request), raw))


def _receive(body: bytes, token: str, signature: str) -> Received:
    with transaction() as session:
        if token:
            source = keys.authenticate(session, token)
            return exchange.receive(session, source, envelope.read(body))
        if not signature:
            raise Unproved("Send a key or a signature.")
        key_id, created, signed = envelope.read_signature(signature, clock.utcnow())
        read: Envelope = envelope.read(body)
        actor = session.get(Actor, read.source_actor)
        if actor is None or actor.status is not ActorStatus.ACTIVE:
            raise Forbidden("The signature does not fit.")
        if not keys.verify(actor, key_id, envelope.signed_bytes(created, body), signed):
            raise Forbidden("The signature does not fit.")
        return exchange.receive(session, actor, read)


def _fetch(token: str, cursor: str) -> dict[str, Any]:
    with transaction() as session:
        page = mailbox.waiting_for(session, _actor(session, token), cursor)
        return {"envelopes": [row.body for row in page.rows], "next": page.next_cursor}


def _register(token: str, raw: dict[str, Any]) -> dict[str, Any]:
    with transaction() as session:
        made = devices.register(session, _actor(session, token), str(raw.get("name", "")), raw.get("capabilities"))
        return {"id": str(made.id), "name": made.display_name, "status": made.status.value}


def _beat(token: str, raw: dict[str, Any]) -> dict[str, Any]:
    listed = raw.get("devices", [])
    if not isinstance(listed, list) or len(listed) > devices.MOST_AT_ONCE:
        raise Invalid(f"devices must be a list of at most {devices.MOST_AT_ONCE} ids.", "devices")
    with transaction() as session:
        at = devices.beat(session, _actor(session, token), [parse_uuid(one) for one in listed])
        return {"seen_at": at.isoformat()}


def _actor(session: Any, token: str) -> Actor:
    if not token:
        raise Unproved("Send a key: Authorization: Bearer tja_….")
    return keys.authenticate(session, token)


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def _count(request: Request) -> None:
    """Limits guessing and flooding, by the key's public part and by address."""
    ip = client_address(request, settings().trusted_proxies)
    await run_in_db(limits.count, limits.EXCHANGE, account=_bearer(request)[:36] or ip, ip=ip)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > envelope.LONGEST:
            raise Invalid(f"An envelope has at most {envelope.LONGEST:,} bytes.")
    return body


async def _object(request: Request) -> dict[str, Any]:
    try:
        raw = json.loads(await _body(request))
    except (ValueError, RecursionError):
        raise Invalid("That is not JSON.") from None
    if not isinstance(raw, dict):
        raise Invalid("Send a JSON object.")
    return raw


def _problem(status: int, error: DomainError, headers: dict[str, str]) -> Response:
    place = getattr(error, "field", None)
    said = {"type": "about:blank", "status": status, "title": type(error).__name__, "detail": error.message}
    content = {**said, "field": place} if place else said
    return JSONResponse(content, status, headers, media_type="application/problem+json")


app = Router(
    [
        Route(f"{PREFIX}messages", post_message, methods=["POST"]),
        Route(f"{PREFIX}messages", get_messages, methods=["GET"]),
        Route(f"{PREFIX}schemas/{{name}}", get_schema, methods=["GET"]),
        Route(f"{PREFIX}devices", post_device, methods=["POST"]),
        Route(f"{PREFIX}heartbeat", post_heartbeat, methods=["POST"]),
    ]
)
