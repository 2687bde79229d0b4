"""Who calls: a bearer key, or the session of one of our own pages; what it may do, what is left of its allowance."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import LimitReached
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, limits, sessions
from taskjuggler_app.domain.teams import tokens

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="TaskJuggler"'}
ABILITY = "ability"
"""The attribute of a dependency that names what it asks for; the description and the matrix test read it."""


async def identified(request: Request, response: Response) -> Principal:
    """Who calls. 401 without a key or session that is good, 429 when the allowance is used up.

    The answer says what is left (draft-ietf-httpapi-ratelimit-headers). A session counts only when the browser says
    that one of our own pages calls (Sec-Fetch-Site), so no other site can use it.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    cookie = "; ".join(request.headers.getlist("cookie"))
    is_page = request.headers.get("sec-fetch-site") == "same-origin"
    session_id = cookies.session_hash_from_cookie(cookie) if is_page and not scheme else ""
    secret = secret.strip() if scheme.lower() == "bearer" else ""
    if not secret and not session_id:
        raise HTTPException(401, "Send your key as: Authorization: Bearer tj_…", _CHALLENGE)
    meter = limits.metered(limits.API, secret or session_id)
    left = {
        "RateLimit-Limit": str(meter.limit),
        "RateLimit-Remaining": str(meter.remaining),
        "RateLimit-Reset": str(meter.reset),
    }
    request.state.meter = left
    response.headers.update(left)
    if not meter.allowed:
        raise LimitReached("Too many requests with this key. Wait a little.", meter.reset)
    found = await run_in_db(_resolve, secret, session_id)
    if found is None:
        raise HTTPException(401, "This key is unknown, revoked or expired.", _CHALLENGE)
    return found


Identified = Annotated[Principal, Depends(identified)]
Fields = Annotated[str, Query(max_length=500, description="Only these fields, by name with commas between")]
Once = Annotated[
    str, Header(max_length=200, description="A second request with the same key gets the first one's answer (24 hours)")
]


def reads(domain: str) -> Callable[..., Awaitable[Call]]:
    """A dependency: a call that may read the domain."""

    async def reading(request: Request, principal: Identified, fields: Fields = "") -> Call:
        tokens.require_ability(principal, f"{domain}:read")
        return Call(request, principal, fields=fields)

    setattr(reading, ABILITY, f"{domain}:read")
    return reading


def writes(domain: str) -> Callable[..., Awaitable[Call]]:
    """A dependency: a call that may change the domain."""

    async def writing(request: Request, principal: Identified, idempotency_key: Once = "") -> Call:
        tokens.require_ability(principal, f"{domain}:write")
        return Call(request, principal, once=idempotency_key)

    setattr(writing, ABILITY, f"{domain}:write")
    return writing


def _resolve(secret: str, session_id: str) -> Principal | None:
    with transaction() as session:
        if secret:
            return tokens.resolve(session, secret, clock.utcnow())
        return sessions.resolve(session, session_id, clock.utcnow())
