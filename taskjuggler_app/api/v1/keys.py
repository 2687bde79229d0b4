"""Who calls: a bearer key, or the session of one of our own pages; what it may do, what is left of its allowance."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, IfMatch, Shown
from taskjuggler_app.api.v1.problems import Unproved
from taskjuggler_app.core.errors import LimitReached
from taskjuggler_app.domain.access import cookies, limits

ABILITY = "ability"
"""The attribute of a dependency that names what it asks for; the description and the matrix test read it."""


async def shown(request: Request, response: Response) -> Shown:
    """What the caller shows. 401 for nothing, 429 when its allowance is used up; whether it is good is asked in the
    transaction that does the work (Call), and before a request that cannot be used is told what is wrong with it.

    The answer says what is left (draft-ietf-httpapi-ratelimit-headers). A session counts only when the browser says
    that one of our own pages calls (Sec-Fetch-Site), so no other site can use it.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    cookie = "; ".join(request.headers.getlist("cookie"))
    is_page = request.headers.get("sec-fetch-site") == "same-origin"
    session_id = cookies.session_hash_from_cookie(cookie) if is_page and not scheme else ""
    secret = secret.strip() if scheme.lower() == "bearer" else ""
    if not secret and not session_id:
        raise Unproved("Send your key as: Authorization: Bearer tj_…")
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
    return Shown(secret, session_id)


Proof = Annotated[Shown, Depends(shown)]
Fields = Annotated[str, Query(max_length=500, description="Only these fields, by name with commas between")]
Once = Annotated[
    str, Header(max_length=200, description="A second request with the same key gets the first one's answer (24 hours)")
]


def reads(domain: str) -> Callable[..., Awaitable[Call]]:
    """A dependency: a call that may read the domain."""

    async def reading(request: Request, proof: Proof, fields: Fields = "") -> Call:
        return _call(request, proof, f"{domain}:read", fields=fields)

    setattr(reading, ABILITY, f"{domain}:read")
    return reading


def writes(domain: str) -> Callable[..., Awaitable[Call]]:
    """A dependency: a call that may change the domain."""

    async def writing(request: Request, proof: Proof, idempotency_key: Once = "") -> Call:
        return _call(request, proof, f"{domain}:write", once=idempotency_key)

    setattr(writing, ABILITY, f"{domain}:write")
    return writing


def changes(domain: str) -> Callable[..., Awaitable[Call]]:
    """A dependency: a call that may change one thing of the domain, if it is what If-Match says."""

    async def changing(request: Request, proof: Proof, idempotency_key: Once = "", if_match: IfMatch = "") -> Call:
        return _call(request, proof, f"{domain}:write", once=idempotency_key, if_match=if_match)

    setattr(changing, ABILITY, f"{domain}:write")
    return changing


def _call(request: Request, proof: Shown, ability: str, fields: str = "", once: str = "", if_match: str = "") -> Call:
    made = Call(request, proof, ability, fields, once, if_match)
    request.state.call = made
    return made
