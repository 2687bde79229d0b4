"""The audit log as a sheet, for admins who are signed in: /data/audit.csv, with the page's own filters."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core.errors import DomainError, Forbidden
from taskjuggler_app.domain.cases import audit
from taskjuggler_app.domain.cases.audit import AuditFilter


async def as_csv(request: Request) -> Response:
    """The events. 401 for a guest, 403 for who is no admin, 422 for a filter that is none."""
    try:
        content = await for_person(request, audit.as_csv, AuditFilter.parse(request.query_params))
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=403 if isinstance(error, Forbidden) else 422)
    if content is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    headers = {"Content-Disposition": 'attachment; filename="audit-log.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + content, media_type="text/csv; charset=utf-8", headers=headers)


routes: list[Route] = [Route("/data/audit.csv", as_csv)]
