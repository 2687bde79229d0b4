"""Where webhook tools call back: signed, fresh, once."""

import time
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from taskjuggler_app.adapters.tool_http import CALLBACK
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.aitools import results, signing

PREFIX = CALLBACK
LARGEST = 1_000_000
_STATUS: dict[type[DomainError], int] = {NotFound: 404, Forbidden: 401, Conflict: 409}


async def called_back(request: Request) -> Response:
    """Verify and apply. 401 for a wrong or old signature, 409 for a repetition or a run that is over."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return _said("That is more than a megabyte.", 413)
    stamp, signature = (request.headers.get(name, "") for name in (signing.TIMESTAMP, signing.SIGNATURE))
    try:
        run = parse_uuid(request.path_params["execution_id"])
        status = await run_in_db(_apply, run, stamp, signature, body)
    except DomainError as error:
        return _said(error.message, _STATUS.get(type(error), 400))
    except SQLAlchemyError:
        return JSONResponse({"error": "Try again."}, 503, {"retry-after": "5"})
    return JSONResponse({"status": status})


def _apply(run: UUID, stamp: str, signature: str, body: bytes) -> str:
    with transaction() as session:
        return results.callback(session, run, stamp, signature, body, time.time()).value


def _said(error: str, status: int) -> JSONResponse:
    return JSONResponse({"error": error}, status)


app = Router([Route(PREFIX + "{execution_id}", called_back, methods=["POST"])])
