"""The account forms: native HTML posts that work without JavaScript, answered 303 to the page that comes next.

A refusal travels to the form's page in a signed cookie that lasts a minute (cookies.Flash).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from taskjuggler_app.api import forms
from taskjuggler_app.api.forms import FORGOT, RESET, SECOND_STEP, SECURITY, SIGN_IN, SIGN_UP, VERIFY, Form
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import accounts, addresses, limits, passwords, resets, sessions, two_factor
from taskjuggler_app.domain.access.accounts import Credentials
from taskjuggler_app.domain.access.cookies import HalfSignedIn, Pending
from taskjuggler_app.domain.access.sessions import NewSession
from taskjuggler_app.domain.cases.service import record_event

P = ParamSpec("P")
R = TypeVar("R")
Handler = Callable[[Form], Awaitable[Response]]

# Answers that must not tell a known address from an unknown one all take at least this long, in seconds.
STEADY_SECONDS = 0.5
WRONG_CODE = "That code is wrong or too old. Ask for a new one if you need it."


async def sign_in(form: Form) -> Response:
    """Email and password for a session; an unknown address costs the same work as a known one."""
    email, password = addresses.normalise_email(form["email"]), form["password"]
    who = await run_in_db(_find_credentials, email, form.ip)
    verdict = await passwords.verify_password(password, who.password_hash if who else None)
    if who is None or not verdict.ok:
        raise Invalid(accounts.REFUSED, "password")
    new = await run_in_db(_start_session, who, verdict.new_hash, form)
    if isinstance(new, HalfSignedIn):
        return forms.asked_for_second_step(new)
    return forms.signed_in(forms.local_path(form["next"]), new)


async def second_step(form: Form) -> Response:
    """A code from the app, or a recovery code, for a session; the password was given in this browser just before."""
    half = forms.half_signed_in(form)
    who = await run_in_db(_in_transaction, accounts.half_credentials, half) if half else None
    if half is None or who is None:
        return forms.refused(form, SIGN_IN, Invalid("That took too long. Sign in once more.", "password"))
    await run_in_db(limits.count, limits.SECOND_STEP, account=half.user_id, ip=form.ip)
    new = await run_in_db(_finish_second_step, who, form)
    if new is None:
        raise Invalid(two_factor.WRONG, "code")
    await run_in_db(limits.clear, limits.SECOND_STEP, account=half.user_id)
    return forms.signed_in(forms.local_path(half.next), new)


async def sign_up(form: Form) -> Response:
    """A new account, waiting for the code that was mailed; the same answer if the address has one already."""
    async with _steady():
        account = accounts.checked(form["name"], form["business"], form["email"], form["timezone"])
        passwords.check_new_password(form["password"], email=account.email, name=account.name)
        await run_in_db(limits.count, limits.SIGN_UP, account=account.email, ip=form.ip)
        password_hash = await passwords.hash_password(form["password"])
        waiting = Pending(account.email, accounts.new_attempt(), forms.local_path(form["next"])[:200])
        await run_in_db(_in_transaction, accounts.sign_up, account, password_hash, waiting.attempt, clock.utcnow())
    return forms.waiting_for_code(waiting)


async def verify_email(form: Form) -> Response:
    """The mailed code finishes the sign-up that this browser began, and signs it in."""
    waiting = forms.pending(form)
    new = await run_in_db(_finish_sign_up, waiting, form)
    if new is None:
        raise Invalid(WRONG_CODE, "code")
    return forms.signed_in(forms.local_path(waiting.next), new)


async def resend_code(form: Form) -> Response:
    """A new code for the sign-up that this browser began."""
    async with _steady():
        waiting = forms.pending(form)
        await run_in_db(limits.count, limits.SIGN_UP, account=waiting.email, ip=form.ip)
        await run_in_db(_in_transaction, accounts.send_code_again, waiting.email, waiting.attempt, clock.utcnow())
    return forms.noticed(VERIFY, "If the address is new here, a new code is on its way.")


async def sign_out(form: Form) -> Response:
    """End this browser's session."""
    await run_in_db(_in_transaction, sessions.end, form.session_id)
    return forms.signed_out()


async def sign_out_everywhere(form: Form) -> Response:
    """End every session of the person who is signed in here."""
    await run_in_db(_revoke_everything, form)
    return forms.signed_out()


async def forgot(form: Form) -> Response:
    """A link by mail, if somebody has the address; the answer is the same if nobody does."""
    async with _steady():
        email = addresses.normalise_email(form["email"])
        await run_in_db(limits.count, limits.RESET, account=email, ip=form.ip)
        await run_in_db(_in_transaction, resets.forgot, email, clock.utcnow())
    return forms.noticed(FORGOT, "If that address has an account, we have mailed a link. It is good for an hour.")


async def reset(form: Form) -> Response:
    """A new password for the link from the mail; signed in nowhere afterwards."""
    token, password = form["token"], form["password"]
    try:
        await run_in_db(limits.count, limits.VERIFY, account=token, ip=form.ip)
        owner = await run_in_db(_in_transaction, resets.owner_of, token, clock.utcnow())
        passwords.check_new_password(password, email=owner.email, name=owner.name)
        password_hash = await passwords.hash_password(password)
        await run_in_db(_in_transaction, resets.reset, token, password_hash, clock.utcnow())
    except DomainError as error:
        return forms.refused(form, forms.with_token(RESET, token), error)
    await run_in_db(limits.clear, limits.SIGN_IN, account=owner.email)
    return forms.noticed(SIGN_IN, "Your password is changed. Sign in with the new one.")


async def change_password(form: Form) -> Response:
    """The current password and a new one; every other browser is signed out."""
    found = await run_in_db(_own_credentials, form)
    if found is None:
        return forms.signed_out()
    principal, who = found
    verdict = await passwords.verify_password(form["current"], who.password_hash)
    if not verdict.ok:
        raise Invalid("That is not your current password.", "current")
    await run_in_db(limits.give_back, limits.SIGN_IN, account=who.email, ip=form.ip)
    try:
        passwords.check_new_password(form["new"], email=who.email, name=who.name)
    except Invalid as error:
        raise Invalid(error.message, "new") from error
    password_hash = await passwords.hash_password(form["new"])
    await run_in_db(_change_password, principal, who, password_hash, form)
    return forms.noticed(SECURITY, "Your password is changed. Other devices were signed out.")


@asynccontextmanager
async def _steady() -> AsyncIterator[None]:
    """Make what happens inside last STEADY_SECONDS at least, however it ends."""
    ends = time.monotonic() + STEADY_SECONDS
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, ends - time.monotonic()))


def _in_transaction(use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    with transaction() as session:
        return use_case(session, *args, **kwargs)


def _find_credentials(email: str, ip: str) -> Credentials | None:
    limits.count(limits.SIGN_IN, account=email, ip=ip)
    with transaction() as session:
        return accounts.credentials(session, email)


def _own_credentials(form: Form) -> tuple[Principal, Credentials] | None:
    with transaction() as session:
        principal = sessions.resolve(session, form.session_id, clock.utcnow())
        if principal is None:
            return None
        who = accounts.own_credentials(session, principal)
    limits.count(limits.SIGN_IN, account=who.email, ip=form.ip)
    return principal, who


def _start_session(who: Credentials, new_hash: str | None, form: Form) -> NewSession | HalfSignedIn:
    with transaction() as session:
        half = accounts.half_signed_in(session, who, new_hash, forms.local_path(form["next"])[:200])
        new = half or _sign_in(session, who, form, new_hash=new_hash)
    limits.give_back(limits.SIGN_IN, account=who.email, ip=form.ip)
    return new


def _finish_second_step(who: Credentials, form: Form) -> NewSession | None:
    with transaction() as session:
        factor = two_factor.take(session, who.user_id, form["code"], clock.utcnow())
        if not factor:
            return None
        return _sign_in(session, who, form, factors=("password", factor))


def _sign_in(
    session: Session,
    who: Credentials,
    form: Form,
    *,
    factors: tuple[str, ...] = ("password",),
    new_hash: str | None = None,
) -> NewSession:
    """A session for the browser that sent `form`, and its line in the log of the workspace it opens in."""
    now = clock.utcnow()
    new = accounts.sign_in(
        session,
        who,
        factors=factors,
        new_hash=new_hash,
        replaces=form.session_id,
        ip=form.ip,
        user_agent=form.user_agent,
        now=now,
    )
    _record(session, sessions.resolve(session, new.id, now), "account.signed_in", form)
    return new


def _finish_sign_up(waiting: Pending, form: Form) -> NewSession | None:
    limits.count(limits.VERIFY, account=waiting.email, ip=form.ip)
    now = clock.utcnow()
    with transaction() as session:
        who = accounts.finish_sign_up(session, waiting.email, waiting.attempt, form["code"], now)
        if who is None:
            return None
        return _sign_in(session, who, form)


def _revoke_everything(form: Form) -> None:
    with transaction() as session:
        principal = sessions.resolve(session, form.session_id, clock.utcnow())
        if principal is not None and principal.user_id is not None:
            sessions.revoke_all(session, principal.user_id)
            _record(session, principal, "account.signed_out_everywhere", form)


def _change_password(principal: Principal, who: Credentials, password_hash: str, form: Form) -> None:
    with transaction() as session:
        accounts.change_password(session, principal, who, password_hash)
        _record(session, principal, "account.password_changed", form)


def _record(session: Session, principal: Principal | None, kind: str, form: Form) -> None:
    """A line in the log of the workspace that the person works in."""
    if principal is not None:
        data = {"address": form.ip}
        record_event(session, principal, kind=kind, subject_type="user", subject_id=str(principal.user_id), data=data)


def _form_route(path: str, page: str, handler: Handler, *keep: str) -> Route:
    """A POST route whose refusals go back to `page`, keeping the typed values of the fields `keep`."""

    async def endpoint(request: Request) -> Response:
        form = await forms.read(request)
        try:
            return await handler(form)
        except DomainError as error:
            return forms.refused(form, page, error, keep)

    return Route(path, endpoint, methods=["POST"], name=handler.__name__)


routes: list[Route] = [
    _form_route("/auth/sign-in", SIGN_IN, sign_in, "email", "next"),
    _form_route("/auth/second-step", SECOND_STEP, second_step),
    _form_route("/auth/sign-up", SIGN_UP, sign_up, "name", "business", "email", "timezone"),
    _form_route("/auth/verify-email", VERIFY, verify_email),
    _form_route("/auth/resend-code", VERIFY, resend_code),
    _form_route("/auth/sign-out", SIGN_IN, sign_out),
    _form_route("/auth/sign-out-everywhere", SIGN_IN, sign_out_everywhere),
    _form_route("/auth/forgot", FORGOT, forgot, "email"),
    _form_route("/auth/reset", RESET, reset),
    _form_route("/auth/password", SECURITY, change_password),
]
