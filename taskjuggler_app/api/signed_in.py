"""Use cases for whoever a request's session cookie names: files and data beside the pages."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session
from starlette.requests import Request

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, sessions

P = ParamSpec("P")
R = TypeVar("R")


async def for_person(
    request: Request, use_case: Callable[Concatenate[Session, Principal, P], R], *args: P.args, **kwargs: P.kwargs
) -> R | None:
    """What the use case gives the person who is signed in, in one transaction; None for a guest."""
    cookie = "; ".join(request.headers.getlist("cookie"))
    return await run_in_db(lambda: _in_transaction(cookie, use_case, *args, **kwargs))


def _in_transaction(
    cookie: str, use_case: Callable[Concatenate[Session, Principal, P], R], *args: P.args, **kwargs: P.kwargs
) -> R | None:
    session_id = cookies.session_hash_from_cookie(cookie)
    with transaction() as session:
        principal = sessions.resolve(session, session_id, clock.utcnow()) if session_id else None
        return use_case(session, principal, *args, **kwargs) if principal else None
