"""Attachments: POST /files keeps the body as a file, GET /files/<id> gives it back, DELETE takes back one's own.

An upload is the file itself as the body, with its name percent-encoded in X-File-Name: nothing to parse, and no larger
in memory than a few chunks. The answer is JSON. The guards in front (api/security.py) have checked host, origin and
size; a custom header cannot be sent across sites without asking, which is a second proof.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import quote, unquote

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from taskjuggler_app.adapters import registry
from taskjuggler_app.api.clients import client_address
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, limits, sessions
from taskjuggler_app.domain.files import queries, service
from taskjuggler_app.domain.files.naming import SHOWN_INLINE
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.models.files import FileSubject, StoredFile

P = ParamSpec("P")
R = TypeVar("R")

MOST_BODY = service.MOST_BYTES
_CHUNK = 256 * 1024
_HEAD = 8192
_CACHE_PICTURE = "private, max-age=31536000, immutable"
"""A person's picture: another one is another file, so this address never shows anything else."""
_IN_MEMORY = 1_000_000
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, LimitReached: 429}


async def upload(request: Request) -> Response:
    """Keep the body as a file of the person who is signed in; it belongs to nothing yet."""
    principal = await run_in_db(person, request)
    if principal is None:
        return _refusal(401, "Sign in first.")
    name = unquote(request.headers.get("x-file-name", ""))
    if not name:
        return _refusal(400, "The file has no name.")
    ip = client_address(request, settings().trusted_proxies)
    try:
        await run_in_db(limits.count, limits.UPLOAD, account=str(principal.user_id), ip=ip)
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            digest, head = hashlib.sha256(), b""
            async for chunk in request.stream():
                if len(head) < _HEAD:
                    head = (head + chunk)[:_HEAD]
                digest.update(chunk)
                await run_in_db(spool.write, chunk)
                if spool.tell() > service.MOST_BYTES:
                    raise Invalid("That file is larger than 25 MB.")
            row = await run_in_db(_keep, principal, spool, name, head, digest.hexdigest())
    except DomainError as error:
        return _refused(error)
    return JSONResponse(vars(queries.file_row(row)), status_code=201)


async def download(request: Request) -> Response:
    """The file, whole or one range of it (RFC 9110, 14.2); 404 unless it is the person's to read."""
    principal = await run_in_db(person, request)
    if principal is None:
        return _refusal(401, "Sign in first.")
    try:
        file_id = parse_uuid(request.path_params["file_id"])
        file = await run_in_db(_in_transaction, queries.readable, principal, file_id)
        etag = f'"{file.sha256}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        content = await run_in_db(registry.files().open, file.storage_key)
    except DomainError as error:
        return _refused(error)
    part = _wanted_range(request.headers.get("range", ""), file.size)
    if part is None:
        content.close()
        return Response(status_code=416, headers={"Content-Range": f"bytes */{file.size}"})
    first, last = part
    is_part = (first, last) != (0, file.size - 1)
    headers = _headers(file, etag) | {"Content-Length": str(last - first + 1)}
    if is_part:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    body: Iterator[bytes] = iter(()) if request.method == "HEAD" else _bytes(content, first, last)
    if request.method == "HEAD":
        content.close()
    return StreamingResponse(body, status_code=206 if is_part else 200, headers=headers, media_type=file.content_type)


async def take_back(request: Request) -> Response:
    """Forget an upload of one's own that was attached to nothing."""
    principal = await run_in_db(person, request)
    if principal is None:
        return _refusal(401, "Sign in first.")
    try:
        file_id = parse_uuid(request.path_params["file_id"])
        await run_in_db(_in_transaction, service.forget_mine, principal, file_id)
    except DomainError as error:
        return _refused(error)
    return Response(status_code=204)


def person(request: Request) -> Principal | None:
    """Who asks, by their session's cookie."""
    session_id = cookies.session_hash_from_cookie("; ".join(request.headers.getlist("cookie")))
    if not session_id:
        return None
    with transaction() as session:
        return sessions.resolve(session, session_id, clock.utcnow())


def _in_transaction(
    use_case: Callable[Concatenate[Session, Principal, P], R], principal: Principal, *args: P.args, **kwargs: P.kwargs
) -> R:
    with transaction() as session:
        return use_case(session, principal, *args, **kwargs)


def _keep(principal: Principal, spool: IO[bytes], name: str, head: bytes, sha256: str) -> StoredFile:
    """Bytes first, then the row: a failure between the two leaves bytes that nobody can reach, never a row without."""
    spool.seek(0)
    key = service.new_key()
    size = registry.files().put(key, cast(BinaryIO, spool))
    try:
        with transaction() as session:
            return service.keep(session, principal, Received(name, head, size, sha256, key))
    except BaseException:
        registry.files().delete(key)
        raise


def _headers(file: StoredFile, etag: str) -> dict[str, str]:
    shown = "inline" if file.content_type in SHOWN_INLINE else "attachment"
    plain = file.name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_").replace("?", "_")
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": _CACHE_PICTURE if file.subject_kind is FileSubject.PROFILE else "private, max-age=3600",
        "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": etag,
    }


def _wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte; the whole file for no range or one we do not know; None for one outside the file."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return 0, size - 1
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


def _bytes(content: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := content.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _refused(error: DomainError) -> Response:
    return _refusal(next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400), error.message)


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status_code=status)


routes: list[Route] = [
    Route("/files", upload, methods=["POST"]),
    Route("/files/{file_id}", download, methods=["GET"]),
    Route("/files/{file_id}", take_back, methods=["DELETE"]),
]
