"""Proving once more who one is, before what cannot be taken back."""

from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access import accounts, limits, passwords
from taskjuggler_app.web.guard import current_principal
from taskjuggler_app.web.session import PageState


async def password(page: PageState, typed: str) -> None:
    """The person's own password, counted like signing in. Raises Invalid, LimitReached."""
    who = await page._run(accounts.own_credentials)
    await run_in_db(limits.count_account, limits.SIGN_IN, account=who.email)
    if not (await passwords.verify_password(typed, who.password_hash)).ok:
        raise Invalid("That is not your password.", "password")


async def count_code() -> None:
    """Count the try of a code of the second step. Raises LimitReached."""
    await run_in_db(limits.count_account, limits.SECOND_STEP, account=str(current_principal().user_id))


def said(form: dict[str, str], name: str) -> str:
    """What the form's field holds, never longer than a password may be."""
    return str(dict(form).get(name) or "")[: passwords.LONGEST + 1]
