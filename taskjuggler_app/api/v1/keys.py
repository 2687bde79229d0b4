"""Who calls: the bearer key of a request, what it may do, and how much of its allowance is left."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import LimitReached
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="TaskJuggler"'}


def allowed(ability: str) -> Callable[[Request, Response], Awaitable[Principal]]:
    """A dependency: the principal of the request's key, which must have the ability.

    401 without a key that is known, 403 without the ability, 429 when its allowance is used up. The answer says what
    is left (draft-ietf-httpapi-ratelimit-headers: RateLimit-Limit, -Remaining, -Reset).
    """

    async def principal(request: Request, response: Response) -> Principal:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise HTTPException(401, "Send your key as: Authorization: Bearer tj_…", _CHALLENGE)
        meter = limits.metered(limits.API, secret.strip())
        left = {
            "RateLimit-Limit": str(meter.limit),
            "RateLimit-Remaining": str(meter.remaining),
            "RateLimit-Reset": str(meter.reset),
        }
        request.state.meter = left
        response.headers.update(left)
        if not meter.allowed:
            raise LimitReached("Too many requests with this key. Wait a little.", meter.reset)
        found = await run_in_db(_resolve, secret.strip())
        if found is None:
            raise HTTPException(401, "This key is unknown, revoked or expired.", _CHALLENGE)
        tokens.require_ability(found, ability)
        return found

    return principal


def _resolve(secret: str) -> Principal | None:
    with transaction() as session:
        return tokens.resolve(session, secret, clock.utcnow())


CanReadInbox = Annotated[Principal, Depends(allowed("inbox:read"))]
CanWriteInbox = Annotated[Principal, Depends(allowed("inbox:write"))]
