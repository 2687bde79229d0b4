"""Contacts outside the pages: a list as CSV for who is signed in, and the link that ends bulk mails for anybody.

The link only asks; a press on its button opts out. Programs that follow every link of a mail change nothing.
"""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.contacts import bulk, optouts, queries
from taskjuggler_app.models.contacts import ContactChannel

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<link rel="stylesheet" href="/css/tokens.css"><link rel="stylesheet" href="/plain.css"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""
_OLD = "This link is not complete, or it is too old. Reply to the mail instead."


async def export(request: Request) -> Response:
    """The list's people as a CSV file; 404 unless it is the person's to see."""
    try:
        found = await for_person(request, queries.export_csv, parse_uuid(request.path_params["list_id"]))
    except DomainError as error:
        return PlainTextResponse(error.message, status_code=404)
    if found is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    name, content = found
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " -_") else "_" for sign in name)[:80]
    headers = {"Content-Disposition": f'attachment; filename="{plain or "contacts"}.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + content, media_type="text/csv; charset=utf-8", headers=headers)


async def ask(request: Request) -> Response:
    """Asks whether to end the mails."""
    known = bulk.read_stop_link(request.path_params["token"])
    if known is None:
        return _page("That link does not work", f"<p>{_OLD}</p>", 404)
    button = '<form method="post"><button type="submit">No more of these mails</button></form>'
    return _page("No more mails?", f"<p>They go to {escape(known[1])}.</p>{button}")


async def stop(request: Request) -> Response:
    """End the mails to the address."""
    known = bulk.read_stop_link(request.path_params["token"])
    if known is None:
        return _page("That link does not work", f"<p>{_OLD}</p>", 404)
    await run_in_db(_opt_out, *known)
    return _page("Done", f"<p>{escape(known[1])} gets no more of these mails.</p>")


def _opt_out(team_id: object, email: str) -> None:
    with transaction() as session:
        principal = Principal.system(parse_uuid(team_id), Door.WEB)
        optouts.opt_out(session, principal, ContactChannel.EMAIL, email, "link")


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=title, body=body), status_code=status, headers={"Cache-Control": "no-store"})


routes: list[Route] = [
    Route("/data/contacts/stop/{token}", ask, methods=["GET"]),
    Route("/data/contacts/stop/{token}", stop, methods=["POST"]),
    Route("/data/contacts/{list_id}.csv", export, methods=["GET"]),
]
