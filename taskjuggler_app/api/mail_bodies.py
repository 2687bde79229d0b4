"""The HTML of a mail, in a document of its own: GET /data/inbox/<item>/html, for the frame in the message's page.

It was sanitised when it came in. The document may run nothing and load nothing but our own files; `?pictures=1`, which
a person asks for, also lets it load pictures from elsewhere, without telling them where it is shown.
"""

import re
from html import escape
from uuid import UUID

from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.files import person
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import queries
from taskjuggler_app.models.receptionist import InboxItem

PATH = "/data/inbox/{item_id}/html"
_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src {pictures}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_REMOTE = re.compile(r'(<img\b[^>]*?)\sdata-remote-src=("[^"]*"|\'[^\']*\')', re.I)
_INLINE = re.compile(r"""(<img\b[^>]*?\ssrc=)(["'])cid:([^"']+)\2""", re.I)
_PAGE = (
    '<!doctype html><html lang=""><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>Mail</title><base target="_blank"><style>html{{color-scheme:light}}body{{margin:0;padding:12px;'
    "background:#fff;color:#1d1b18;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}"
    "img{{max-width:100%;height:auto}}table{{max-width:100%}}pre{{white-space:pre-wrap}}"
    "img[data-remote-src]{{display:inline-block;min-width:48px;min-height:24px;background:#eee;"
    "outline:1px dashed #8d877a}}</style></head><body>{body}</body></html>"
)


async def body(request: Request) -> Response:
    """The document; 404 unless the message is the person's to see and has HTML."""
    principal = await run_in_db(person, request)
    if principal is None:
        return PlainTextResponse("Sign in first.", 401)
    try:
        html, inline = await run_in_db(_read, principal, parse_uuid(request.path_params["item_id"]))
    except DomainError as error:
        return PlainTextResponse(error.message, 404)
    with_pictures = request.query_params.get("pictures") == "1"
    policy = _POLICY.format(pictures="'self' data: https: http:" if with_pictures else "'self' data:")
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(document(html, inline, with_pictures=with_pictures), headers=headers)


def document(html: str, inline: dict[str, str], *, with_pictures: bool) -> str:
    """The page around a mail's HTML; `inline` gives the file of a picture that travelled in the mail."""

    def own(found: re.Match[str]) -> str:
        file_id = inline.get(found[3].strip().strip("<>"), "")
        return f'{found[1]}"/files/{escape(file_id)}"' if file_id else found[0]

    shown = _INLINE.sub(own, html)
    if with_pictures:
        shown = _REMOTE.sub(r'\1 referrerpolicy="no-referrer" src=\2', shown)
    return _PAGE.format(body=shown)


def _read(principal: Principal, item_id: UUID) -> tuple[str, dict[str, str]]:
    with transaction() as session:
        return _html(session, principal, item_id)


def _html(session: Session, principal: Principal, item_id: UUID) -> tuple[str, dict[str, str]]:
    item = session.exec(select(InboxItem).where(InboxItem.id == item_id, queries.visible(principal))).first()
    html = str(item.source_data.get("html") or "") if item else ""
    if item is None or not html:
        raise NotFound("That message has no page of its own.")
    files = (one for one in item.attachments if isinstance(one, dict) and one.get("cid") and one.get("file_id"))
    return html, {str(one["cid"]): str(one["file_id"]) for one in files}


routes = [Route(PATH, body, methods=["GET"])]
