"""Manager's Monday as a sheet and as data, for who is signed in: /data/monday.csv and .json, with its filters."""

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.domain.analytics import exporting


async def as_csv(request: Request) -> Response:
    """A line a number. 401 for a guest, 422 for days that are none."""
    try:
        sheet = await for_person(request, exporting.as_csv, dict(request.query_params))
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=422)
    name = {"Content-Disposition": 'attachment; filename="monday.csv"'}
    return _answer(sheet and "\ufeff" + sheet, "text/csv; charset=utf-8", name)


async def as_json(request: Request) -> Response:
    """The tiles with their lines; money as text. 401 for a guest, 422 for days that are none."""
    try:
        data = await for_person(request, exporting.as_data, dict(request.query_params))
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=422)
    return _answer(json.dumps(data, default=str) if data else None, "application/json", {})


def _answer(content: str | None, kind: str, headers: dict[str, str]) -> Response:
    if content is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    return Response(content, media_type=kind, headers={**headers, "Cache-Control": "no-store"})


routes: list[Route] = [Route("/data/monday.csv", as_csv), Route("/data/monday.json", as_json)]
