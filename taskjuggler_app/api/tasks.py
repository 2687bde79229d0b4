"""The task list as a file, for who is signed in: /data/tasks.csv and /data/tasks.ics, with the list's own filters."""

from collections.abc import Callable

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import exporting
from taskjuggler_app.domain.tasks.filters import TaskFilter

Export = Callable[[Session, Principal, TaskFilter], str]


async def as_csv(request: Request) -> Response:
    """The list as a sheet. 401 for a guest, 422 for a filter that is none."""
    return await _answer(request, exporting.as_csv, "text/csv", "tasks.csv", start="\ufeff")


async def as_ics(request: Request) -> Response:
    """The list as to-dos of a calendar. 401 for a guest, 422 for a filter that is none."""
    return await _answer(request, exporting.as_ics, "text/calendar", "tasks.ics")


async def _answer(request: Request, export: Export, kind: str, name: str, start: str = "") -> Response:
    wanted = TaskFilter.parse(request.query_params)
    try:
        content = await for_person(request, export, wanted)
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=422)
    if content is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(start + content, media_type=f"{kind}; charset=utf-8", headers=headers)


routes: list[Route] = [Route("/data/tasks.csv", as_csv), Route("/data/tasks.ics", as_ics)]
