"""The contact form without scripts: what the server says in its shell, and where its plain form goes.

Channels name the sites whose pages may show the form in a frame; all others may not.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from taskjuggler_app.api import forms
from taskjuggler_app.api.shell import EMPTY, Fill, Filled, Html, element, joined
from taskjuggler_app.core import crypto
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, Invalid, LimitReached, NotFound
from taskjuggler_app.domain.access import cookies, limits
from taskjuggler_app.domain.receptionist import entrance
from taskjuggler_app.domain.receptionist.entrance import Asked, FormRow

KEPT = ("name", "email", "phone", "message")
HONEYPOT = "website"
_STATUS = {Invalid: 422, LimitReached: 429, NotFound: 404}
_SENTENCE = 160


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
    form = await forms.read(request)
    slug = request.path_params["slug"][:100]
    back = f"/ask/{slug}"
    try:
        await run_in_db(limits.count, limits.ASK, account=f"{form.ip}:{slug}", ip=form.ip)
        if not form[HONEYPOT]:  # only programs see this field: they are told that all is well
            await run_in_db(
                _ask, slug, Asked(form["name"], form["email"], form["phone"], form["message"], form["once"])
            )
    except DomainError as error:
        if _wants_json(request):
            said = {"error": error.message, "field": getattr(error, "field", None)}
            return JSONResponse(said, status_code=_STATUS.get(type(error), 400))
        return forms.refused(form, back, error, KEPT)
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
            trap,
            element("input", type="hidden", name="once", value=crypto.token(12)),
            element("button", "Send", type="submit", class_="btn btn-primary"),
            method="post",
            action=f"/forms/ask/{form.slug}",
        ),
    )


def _field(label: str, name: str, kept: dict[str, str], *, kind: str = "text", autocomplete: str = "") -> Html:
    return element(
        "label", label, element("input", type=kind, name=name, value=kept.get(name), autocomplete=autocomplete)
    )


def _form(slug: str) -> FormRow:
    with transaction() as session:
        return entrance.form(session, slug)


def _ask(slug: str, asked: Asked) -> bool:
    with transaction() as session:
        return entrance.ask(session, slug, asked)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


FILLED: dict[str, Fill] = {"/ask/{slug}": page}
routes = [Route("/forms/ask/{slug}", send, methods=["POST"])]
