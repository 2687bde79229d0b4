"""Reading a browser's form and answering it: one place for paths, cookies and redirects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from taskjuggler_app.api.clients import client_address
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import DomainError, Invalid, LimitReached
from taskjuggler_app.domain.access import cookies
from taskjuggler_app.domain.access.cookies import Flash, HalfSignedIn, Pending
from taskjuggler_app.domain.access.sessions import NewSession

HOME = "/"
SIGN_IN = "/sign-in"
SIGN_UP = "/sign-up"
SECOND_STEP = "/second-step"
VERIFY = "/verify"
FORGOT = "/forgot"
RESET = "/reset"
SECURITY = "/settings/security"

_MOST_FIELDS = 20
_LONGEST_FIELD = 8_000


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser sent, and who it says it is. A missing field reads as ""."""

    values: Mapping[str, str]
    cookie_header: str
    session_id: str
    ip: str
    user_agent: str

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")


async def read(request: Request) -> Form:
    """The form of a POST; files and oversized fields are refused with 400."""
    async with request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD) as sent:
        return said(request, sent)


def said(request: Request, sent: FormData) -> Form:
    """The texts of a form that is read already, and who sent it."""
    values = {name: value.replace("\0", "") for name, value in sent.items() if isinstance(value, str)}
    cookie_header = "; ".join(request.headers.getlist("cookie"))
    return Form(
        values=values,
        cookie_header=cookie_header,
        session_id=cookies.session_hash_from_cookie(cookie_header),
        ip=client_address(request, settings().trusted_proxies),
        user_agent=request.headers.get("user-agent", ""),
    )


def local_path(wanted: str) -> str:
    """`wanted` if it is a path on this site, else the home page.

    Browsers read a backslash as a slash and drop tabs and line breaks, so any of those makes it a foreign address.
    """
    plain = wanted.isascii() and wanted.isprintable() and " " not in wanted and "\\" not in wanted
    if not plain or not wanted.startswith("/") or wanted.startswith("//"):
        return HOME
    parts = urlsplit(wanted)
    return HOME if parts.scheme or parts.netloc or parts.path.startswith("/auth/") else wanted


def with_token(page: str, token: str) -> str:
    """`page` with the link's token, so that its form can be tried again."""
    return f"{page}?token={quote(token[:100], safe='')}"


def refused(form: Form, page: str, error: DomainError, keep: Iterable[str] = ()) -> Response:
    """Back to the form's page with the reason and what was typed."""
    flash = Flash(
        page=urlsplit(page).path,
        error=error.message,
        field=(error.field or "") if isinstance(error, Invalid) else "",
        kept={name: form[name] for name in keep if form[name]},
        retry_after=error.retry_after if isinstance(error, LimitReached) else None,
    )
    return _with_flash(_see_other(page), flash)


def noticed(page: str, text: str) -> Response:
    """On to `page` with good news."""
    return _with_flash(_see_other(page), Flash(page=page, notice=text))


def waiting_for_code(waiting: Pending) -> Response:
    """On to the page that asks for the mailed code. The browser keeps which sign-up it is waiting for."""
    now = clock.utcnow()
    response = noticed(VERIFY, f"We have written to {waiting.email}. Enter the code from that mail.")
    _set(response, cookies.PENDING, cookies.write_pending(waiting, now), now + cookies.PENDING_LASTS, now)
    return response


def pending(form: Form) -> Pending:
    """The sign-up this browser waits for. Raises Invalid when there is none."""
    found = cookies.read_pending(form.cookie_header)
    if found is None:
        raise Invalid("That took too long, or it began in another browser. Sign up once more.", "code")
    return found


def asked_for_second_step(half: HalfSignedIn) -> Response:
    """On to the page that asks for the second step. The browser keeps that the password was right."""
    now = clock.utcnow()
    response = _see_other(SECOND_STEP)
    _set(response, cookies.SECOND, cookies.write_half(half, now), now + cookies.SECOND_LASTS, now)
    _unset(response, cookies.FLASH)
    return response


def half_signed_in(form: Form) -> HalfSignedIn | None:
    """Who gave their password in this browser just now."""
    return cookies.read_half(form.cookie_header)


def signed_in(path: str, new: NewSession) -> Response:
    """On to `path` with the new session's cookie."""
    response = _see_other(path)
    _set(response, cookies.session_cookie_name(cookies.secure()), new.token, new.expires, clock.utcnow())
    _unset(response, cookies.FLASH)
    _unset(response, cookies.PENDING)
    _unset(response, cookies.SECOND)
    return response


def signed_out() -> Response:
    """On to the sign-in page, without a session."""
    response = _see_other(SIGN_IN)
    _unset(response, cookies.session_cookie_name(cookies.secure()))
    return response


def _see_other(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


def _with_flash(response: Response, flash: Flash) -> Response:
    now = clock.utcnow()
    _set(response, cookies.FLASH, cookies.write_flash(flash, now), now + cookies.FLASH_LASTS, now)
    return response


def _set(response: Response, name: str, value: str, until: datetime, now: datetime) -> None:
    seconds = int((until - now).total_seconds())
    response.set_cookie(name, value, max_age=seconds, path="/", secure=cookies.secure(), httponly=True, samesite="lax")


def _unset(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=cookies.secure(), httponly=True, samesite="lax")
