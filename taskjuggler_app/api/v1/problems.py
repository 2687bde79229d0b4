"""Refusals as problem details (RFC 9457): {type, title, status, detail, errors?}."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound

_STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, LimitReached: 429}
MEDIA_TYPE = "application/problem+json"


class Outdated(Conflict):
    """The thing is not any more what If-Match says: 412."""


class Unproved(DomainError):
    """Nothing good says who calls: 401."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer; `type` is about:blank, so `title` is the status's own name."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Every refusal of the app becomes a problem."""
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _unkept)


async def _domain(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, DomainError):
        raise error
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    status = 412 if isinstance(error, Outdated) else 401 if isinstance(error, Unproved) else status
    errors = [{"field": error.field, "detail": error.message}] if isinstance(error, Invalid) and error.field else []
    headers = dict(getattr(request.state, "meter", {}))
    if isinstance(error, LimitReached) and error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unproved):
        headers["WWW-Authenticate"] = 'Bearer realm="TaskJuggler"'
    return problem(status, error.message, errors=errors, headers=headers)


async def _unkept(request: Request, _error: Exception) -> JSONResponse:
    """A number too large, or a character that the database has no place for."""
    headers = getattr(request.state, "meter", {})
    return problem(422, "The request has a value that cannot be kept.", headers=headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    call = getattr(request.state, "call", None)
    try:
        if call is not None:  # who may not do it at all is told that, and nothing of the request
            await call.caller()
    except DomainError as refusal:
        return await _domain(request, refusal)
    found = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or "body", "detail": str(one["msg"])}
        for one in error.errors()
    ]
    headers = getattr(request.state, "meter", {})
    return problem(422, "The request cannot be used as it is.", errors=found, headers=headers)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 405:
        return problem(405, "That cannot be done here.", headers={"Allow": ", ".join(_methods(request))})
    return problem(error.status_code, str(error.detail), headers=error.headers)


def _methods(request: Request) -> list[str]:
    """What can be done at the request's path, by the API's description."""
    asked = request.url.path.split("/")
    found: set[str] = set()
    for path, operations in request.app.openapi()["paths"].items():
        parts = path.split("/")
        if len(parts) == len(asked) and all(
            one == other or one.startswith("{") for one, other in zip(parts, asked, strict=True)
        ):
            found |= {method.upper() for method in operations}
    return sorted(found)
