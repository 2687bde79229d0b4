"""The contact form: what the server says in its shell, and where the form goes, with scripts (JSON) and without.

Files come with it in one multipart body, spooled to disk while it is read. Channels name the sites whose pages may show
the form in a frame; all others may not.
"""

import hashlib
from collections.abc import Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from taskjuggler_app.adapters import registry
from taskjuggler_app.api import forms
from taskjuggler_app.api.clients import client_address
from taskjuggler_app.api.shell import EMPTY, Fill, Filled, Html, element, joined
from taskjuggler_app.core import crypto
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, Invalid, LimitReached, NotFound
from taskjuggler_app.domain.access import cookies, limits
from taskjuggler_app.domain.files.service import Received, new_key
from taskjuggler_app.domain.receptionist import entrance
from taskjuggler_app.domain.receptionist.entrance import Asked, FormRow

PAGE = "/ask/"
KEPT = ("name", "email", "phone", "message")
HONEYPOT = "website"
_STATUS = {Invalid: 422, LimitReached: 429, NotFound: 404}
_SENTENCE = 160
PATH = "/forms/ask"
MOST_BODY = entrance.MOST_BYTES + 1_000_000
"""Bytes of a form with its files."""
ALLOWED = f"up to {entrance.MOST_FILES}, {entrance.LARGEST_FILE // 1_000_000} MB each"
_MOST_FIELDS = 20
_LONGEST_FIELD = 8_000
_TOO_MUCH = f"At most {entrance.MOST_FILES} files and {_LONGEST_FIELD:,} letters, please."
_HEAD = 8192
_CHUNK = 256 * 1024


async def page(request: Request) -> Filled | None:
    """/ask/{slug}."""
    slug = request.path_params["slug"][:100]
    try:
        form = await run_in_db(_form, slug)
    except NotFound:
        return None
    flash = cookies.read_flash("; ".join(request.headers.getlist("cookie")))
    ours = flash if flash is not None and flash.page == f"/ask/{slug}" else None
    sent = request.query_params.get("sent") == "1"
    words = form.greeting or f"Write to {form.business}: tell us what you need, and we will get back to you."
    return Filled(
        title=f"{form.name} · {form.business}",
        description=words[:_SENTENCE],
        path=f"/ask/{form.slug}",
        noscript=_plain(form, ours.error if ours else "", dict(ours.kept) if ours else {}, sent=sent),
        data={"@type": "ContactPage", "name": form.name, "about": {"@type": "Organization", "name": form.business}},
        frames=tuple(form.frames or ()),
    )


async def send(request: Request) -> Response:
    """A visitor's message; JSON for those who ask for it."""
    slug = request.path_params["slug"][:100]
    back = f"{PAGE}{slug}"
    ip = client_address(request, settings().trusted_proxies)
    try:
        await run_in_db(limits.count, limits.ASK, account=f"{ip}:{slug}", ip=ip)
    except DomainError as error:  # counted before the body is read: a flood costs no disk
        return _refused(request, forms.said(request, FormData()), back, error)
    try:
        async with request.form(
            max_files=entrance.MOST_FILES + 1, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD
        ) as sent:
            form = forms.said(request, sent)
            files = [one for one in sent.getlist("files") if isinstance(one, UploadFile) and one.filename]
            try:
                if not form[HONEYPOT]:  # only programs see this field: they are told that all is well
                    asked = Asked(form["name"], form["email"], form["phone"], form["message"], form["once"])
                    await run_in_db(_ask, slug, asked, files)
            except DomainError as error:
                return _refused(request, form, back, error)
    except (MultiPartException, HTTPException):  # the latter inside an app of Starlette's own
        return _refused(request, forms.said(request, FormData()), back, Invalid(_TOO_MUCH, "files"))
    if _wants_json(request):
        return JSONResponse({"status": "received"}, status_code=201)
    return RedirectResponse(f"{back}?sent=1", status_code=303)


def _plain(form: FormRow, error: str, kept: dict[str, str], *, sent: bool) -> Html:
    if sent:
        return joined(element("h1", "Thank you. Your message has arrived."), element("p", form.business))
    trap = element("label", "Leave this empty", element("input", name=HONEYPOT, autocomplete="off"), class_="sr-only")
    return joined(
        element("h1", f"Write to {form.business}"),
        element("p", form.greeting or "Tell us what you need. We will get back to you."),
        element("p", error, role="alert", class_="form-error") if error else EMPTY,
        element(
            "form",
            _field("Your name", "name", kept, autocomplete="name"),
            _field("Email", "email", kept, kind="email", autocomplete="email"),
            _field("Phone", "phone", kept, kind="tel", autocomplete="tel"),
            element("label", "Message", element("textarea", kept.get("message", ""), name="message", required=True)),
            element(
                "label", f"Files (optional, {ALLOWED})", element("input", type="file", name="files", multiple=True)
            ),
            trap,
            element("input", type="hidden", name="once", value=crypto.token(12)),
            element("button", "Send", type="submit", class_="btn btn-primary"),
            method="post",
            action=f"{PATH}/{form.slug}",
            enctype="multipart/form-data",
        ),
    )


def _field(label: str, name: str, kept: dict[str, str], *, kind: str = "text", autocomplete: str = "") -> Html:
    return element(
        "label", label, element("input", type=kind, name=name, value=kept.get(name), autocomplete=autocomplete)
    )


def _form(slug: str) -> FormRow:
    with transaction() as session:
        return entrance.form(session, slug)


def _ask(slug: str, asked: Asked, files: Sequence[UploadFile]) -> bool:
    """Bytes first, then the message: a message never speaks of bytes that are not there."""
    entrance.checked_files([file.size or 0 for file in files])
    kept: list[Received] = []
    is_new = False
    try:
        kept.extend(_kept(file) for file in files)
        with transaction() as session:
            is_new = entrance.ask(session, slug, asked, kept)
    finally:
        if not is_new:
            for file in kept:
                registry.files().delete(file.storage_key)
    return is_new


def _kept(upload: UploadFile) -> Received:
    head = upload.file.read(_HEAD)
    upload.file.seek(0)
    digest = hashlib.sha256()
    while chunk := upload.file.read(_CHUNK):
        digest.update(chunk)
    upload.file.seek(0)
    key = new_key()
    size = registry.files().put(key, upload.file)
    return Received(upload.filename or "", head, size, digest.hexdigest(), key)


def _refused(request: Request, form: forms.Form, back: str, error: DomainError) -> Response:
    if _wants_json(request):
        said = {"error": error.message, "field": getattr(error, "field", None)}
        return JSONResponse(said, status_code=_STATUS.get(type(error), 400))
    return forms.refused(form, back, error, KEPT)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


FILLED: dict[str, Fill] = {"/ask/{slug}": page}
routes = [Route(f"{PATH}/{{slug}}", send, methods=["POST"])]
