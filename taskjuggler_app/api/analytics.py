"""The dashboards as sheets and as data, for who is signed in: /data/dashboards/inbox.csv and .json, with their filters.

The rows behind a number: /data/dashboards/rows.csv. Monday's have their old addresses too: /data/monday.csv and .json.
"""

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core.errors import DomainError, Forbidden, NotFound
from taskjuggler_app.domain.analytics import drilling, exporting
from taskjuggler_app.domain.analytics.board import MONDAY


async def as_csv(request: Request) -> Response:
    """A line a number. 401 for a guest, 403 for money that is not theirs to see, 404 for no such dashboard, 422
    for days that are none."""
    key = request.path_params.get("key", MONDAY)
    try:
        sheet = await for_person(request, exporting.as_csv, key, dict(request.query_params))
    except DomainError as error:
        return _refused(error)
    return _sheet(sheet, key)


async def as_json(request: Request) -> Response:
    """The tiles with their lines, the charts with their points; money as text. Refusals as `as_csv`."""
    key = request.path_params.get("key", MONDAY)
    try:
        data = await for_person(request, exporting.as_data, key, dict(request.query_params))
    except DomainError as error:
        return _refused(error)
    return _answer(json.dumps(data, default=str) if data else None, "application/json", {})


async def rows_as_csv(request: Request) -> Response:
    """The rows that a number counted, all pages of them. Refusals as `as_csv`."""
    try:
        sheet = await for_person(request, drilling.as_csv, dict(request.query_params))
    except DomainError as error:
        return _refused(error)
    return _sheet(sheet, "rows")


def _refused(error: DomainError) -> Response:
    status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, Forbidden) else 422
    return PlainTextResponse(error.message, status_code=status)


def _sheet(content: str | None, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return _answer(content and "\ufeff" + content, "text/csv; charset=utf-8", headers)


def _answer(content: str | None, kind: str, headers: dict[str, str]) -> Response:
    if content is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    return Response(content, media_type=kind, headers={**headers, "Cache-Control": "no-store"})


routes: list[Route] = [
    Route("/data/monday.csv", as_csv),
    Route("/data/monday.json", as_json),
    Route("/data/dashboards/rows.csv", rows_as_csv),
    Route("/data/dashboards/{key:str}.csv", as_csv),
    Route("/data/dashboards/{key:str}.json", as_json),
]
