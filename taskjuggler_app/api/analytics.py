"""Manager's Monday as a sheet and as data, for who is signed in: /data/monday.csv and .json, with its filters."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, sessions
from taskjuggler_app.domain.analytics import exporting

Export = Callable[[Session, Principal, Mapping[str, str]], Any]


async def as_csv(request: Request) -> Response:
    """A line a number. 401 for a guest, 422 for days that are none."""
    content = await _asked(request, exporting.as_csv)
    if isinstance(content, Response):
        return content
    headers = {"Content-Disposition": 'attachment; filename="monday.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + content, media_type="text/csv; charset=utf-8", headers=headers)


async def as_json(request: Request) -> Response:
    """The tiles with their lines. 401 for a guest, 422 for days that are none."""
    content = await _asked(request, exporting.as_data)
    if isinstance(content, Response):
        return content
    return Response(json.dumps(content), media_type="application/json", headers={"Cache-Control": "no-store"})


async def _asked(request: Request, export: Export) -> Any:
    wanted = dict(request.query_params)
    try:
        content = await run_in_db(_export, "; ".join(request.headers.getlist("cookie")), export, wanted)
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=422)
    return PlainTextResponse("Sign in first.", status_code=401) if content is None else content


def _export(cookie_header: str, export: Export, wanted: Mapping[str, str]) -> Any:
    session_id = cookies.session_hash_from_cookie(cookie_header)
    with transaction() as session:
        principal = sessions.resolve(session, session_id, clock.utcnow()) if session_id else None
        return export(session, principal, wanted) if principal else None


routes: list[Route] = [Route("/data/monday.csv", as_csv), Route("/data/monday.json", as_json)]
