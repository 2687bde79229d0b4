"""The mails about somebody's own account, deferred with the change that causes them."""

from sqlmodel import Session

from taskjuggler_app.core import crypto, queue
from taskjuggler_app.core.config import settings
from taskjuggler_app.models.users import User

_SIGNATURE = "\n\nTaskJuggler\n"


def send_code(session: Session, to: str, code: str, minutes: int) -> None:
    """The six digits that prove somebody reads this mailbox."""
    _send(
        session,
        to,
        f"{code} is your TaskJuggler code",
        f"Your code is {code}. It is good for {minutes} minutes.\n\n"
        "If you did not ask for it, do nothing: without the code nothing happens.",
    )


def send_text_code(session: Session, to: str, code: str, minutes: int) -> None:
    """The six digits that prove somebody reads this phone."""
    queue.defer(
        session,
        "sms.send",
        to=to,
        body=f"{code} is your TaskJuggler code. It is good for {minutes} minutes.",
        idempotency_key=f"code:{crypto.token(12)}",
    )


def send_already_registered(session: Session, owner: User) -> None:
    """To the owner of an address that somebody tried to sign up with."""
    _send(
        session,
        owner.email,
        "You already have a TaskJuggler account",
        "Somebody, probably you, tried to sign up with this address. You have an account already:\n"
        f"{_page('/sign-in')}\n\nIf you have forgotten its password: {_page('/forgot')}\n\n"
        "If it was not you, do nothing: your account is unchanged.",
    )


def send_reset_link(session: Session, owner: User, token: str) -> None:
    """The link that sets a new password."""
    _send(
        session,
        owner.email,
        "Choose a new TaskJuggler password",
        f"Somebody, probably you, asked to reset your password. Choose a new one within 60 minutes:\n"
        f"{_page(f'/reset?token={token}')}\n\n"
        "If it was not you, do nothing: your password is unchanged.",
    )


def send_password_changed(session: Session, owner: User) -> None:
    """So that a change its owner did not make does not stay unseen."""
    _send(
        session,
        owner.email,
        "Your TaskJuggler password was changed",
        "Your password has just been changed, and your other devices were signed out.\n\n"
        f"If it was not you, choose a new one now: {_page('/forgot')}",
    )


def send_two_factor_on(session: Session, owner: User) -> None:
    """So that a lock its owner did not put on does not stay unseen."""
    _send(
        session,
        owner.email,
        "Two-factor sign-in is on",
        "Signing in to TaskJuggler now takes your password and a code from your authenticator app. Other browsers were "
        "signed out.\n\nKeep the recovery codes where you find them without your phone.\n\n"
        f"If it was not you, choose a new password now: {_page('/forgot')}",
    )


def send_two_factor_off(session: Session, owner: User) -> None:
    """The second step is gone."""
    _send(
        session,
        owner.email,
        "Two-factor sign-in is off",
        "From now on your password alone signs you in to TaskJuggler.\n\n"
        f"If it was not you, choose a new password now: {_page('/forgot')}",
    )


def send_recovery_code_used(session: Session, owner: User, left: int) -> None:
    """One recovery code fewer."""
    unused = "1 is left" if left == 1 else f"{left} are left"
    _send(
        session,
        owner.email,
        "A recovery code was used",
        f"Somebody, probably you, used one of your recovery codes instead of the authenticator app; {unused}. You get "
        f"new ones here: {_page('/settings/security')}\n\n"
        f"If it was not you, choose a new password now: {_page('/forgot')}",
    )


def send_deletion_asked(session: Session, owner: User, day: str) -> None:
    """The grace, and the way back."""
    _send(
        session,
        owner.email,
        f"Your TaskJuggler account will be deleted on {day}",
        f"Somebody, probably you, asked for the deletion of your account. It goes on {day}; until then nothing "
        f"changes.\n\nTo keep it, sign in and press “Keep my account”: {_page('/settings/data')}\n\n"
        f"If it was not you, keep it, and choose a new password now: {_page('/forgot')}",
    )


def send_deletion_cancelled(session: Session, owner: User) -> None:
    """The account stays."""
    _send(
        session,
        owner.email,
        "Your TaskJuggler account stays",
        "Its deletion was taken back. Nothing was deleted.\n\n"
        f"If it was not you, choose a new password now: {_page('/forgot')}",
    )


def send_deleted(session: Session, address: str) -> None:
    """The last mail to the address."""
    _send(
        session,
        address,
        "Your TaskJuggler account is deleted",
        "Your account is gone, and so is what it knew of you. Payments and the logs of workspaces that you shared "
        "stay, without your name. Thank you for having been here.",
    )


def _send(session: Session, to: str, subject: str, text: str) -> None:
    queue.defer(
        session,
        "mail.send",
        to=to,
        subject=subject,
        text=text + _SIGNATURE,
        html=None,
        idempotency_key=f"account:{crypto.token(12)}",
    )


def _page(path: str) -> str:
    return settings().public_url.rstrip("/") + path
