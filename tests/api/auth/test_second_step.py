"""Signing in with a code after the password, as a browser without JavaScript does it."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import cookies, sessions, totp, two_factor
from taskjuggler_app.models.users import User, UserSession
from tests.api.auth.browser import Browser, Mails, found


class App:
    """An authenticator app, and the recovery codes beside it."""

    def __init__(self, email: str) -> None:
        earlier = clock.utcnow() - timedelta(minutes=10)
        with transaction() as session:
            user = session.exec(select(User).where(User.email == email)).one()
            new = sessions.create(session, user.id, ip="", user_agent="", now=earlier)
            principal = sessions.resolve(session, new.id, earlier)
            assert principal is not None
            self.secret = two_factor.begin(session, principal).secret
            step = totp.step_of(earlier)
            self.codes = two_factor.confirm(session, principal, totp.code_at(self.secret, step), earlier)

    def code(self, ahead: int = 0) -> str:
        """What it shows now."""
        return totp.code_at(self.secret, totp.step_of(clock.utcnow()) + ahead)

    def wrong(self) -> str:
        """Six digits that it does not show."""
        shown = {self.code(ahead) for ahead in (-2, -1, 0, 1, 2)}
        return next(
            digits for digits in ("000000", "111111", "222222", "333333", "444444", "555555") if digits not in shown
        )


@pytest.fixture
def app(ada: str) -> App:
    """Ada's authenticator app; the second step is on."""
    return App(ada)


def test_the_password_alone_signs_nobody_in(browser: Browser, ada: str, app: App) -> None:
    answer = browser.sign_in(ada, next="/tasks")
    assert (answer.status_code, answer.headers["location"]) == (303, "/second-step")
    assert browser.session_id == ""
    answer = browser.post("/auth/second-step", code=app.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")
    who = browser.acts_for()
    assert who is not None
    assert who.email == ada
    assert cookies.value_of(browser.cookie_header, cookies.SECOND) == ""
    with transaction() as session:
        payload = session.exec(select(UserSession.payload).where(UserSession.id == browser.session_id)).one()
    assert json.loads(payload)["factors"] == ["password", "totp"]


def test_a_wrong_password_says_nothing_of_a_second_step(browser: Browser, ada: str, app: App) -> None:
    answer = browser.sign_in(ada, "wrong password")
    assert answer.headers["location"] == "/sign-in"
    assert cookies.value_of(browser.cookie_header, cookies.SECOND) == ""


def test_a_code_that_signed_in_signs_nobody_else_in(browser: Browser, ada: str, app: App) -> None:
    watcher, code = Browser(), app.code()
    browser.sign_in(ada)
    watcher.sign_in(ada)
    browser.post("/auth/second-step", code=code)
    answer = watcher.post("/auth/second-step", code=code)
    assert answer.headers["location"] == "/second-step"
    assert watcher.flash is not None
    assert watcher.flash.field == "code"
    assert watcher.acts_for() is None


def test_a_recovery_code_stands_in_once(browser: Browser, ada: str, app: App, mails: Mails) -> None:
    browser.sign_in(ada)
    assert browser.post("/auth/second-step", code=app.codes[0]).headers["location"] == "/"
    assert browser.acts_for() is not None
    assert found(r"(\d) are left", mails(ada)[-1]) == "9"
    again = Browser()
    again.sign_in(ada)
    assert again.post("/auth/second-step", code=app.codes[0]).headers["location"] == "/second-step"
    assert again.acts_for() is None


def test_without_the_password_a_code_is_worth_nothing(browser: Browser, ada: str, app: App) -> None:
    answer = browser.post("/auth/second-step", code=app.code())
    assert answer.headers["location"] == "/sign-in"
    assert browser.acts_for() is None


def test_a_made_up_or_old_half_sign_in_is_refused(
    browser: Browser, ada: str, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(ada)
    held = cookies.value_of(browser.cookie_header, cookies.SECOND)
    forger = Browser()
    forger.cookies.set(cookies.SECOND, held[:-2] + "00")
    assert forger.post("/auth/second-step", code=app.code()).headers["location"] == "/sign-in"
    with clock.at(clock.utcnow() + timedelta(minutes=11)):
        assert cookies.read_half(f"{cookies.SECOND}={held}") is None


def test_a_password_that_changed_in_between_ends_the_half_sign_in(browser: Browser, ada: str, app: App) -> None:
    browser.sign_in(ada)
    with transaction() as session:
        user = session.exec(select(User).where(User.email == ada)).one()
        user.password = "another hash"
        session.add(user)
    assert browser.post("/auth/second-step", code=app.code()).headers["location"] == "/sign-in"
    assert browser.acts_for() is None


def test_guessing_codes_is_limited_for_the_account_from_wherever_it_comes(browser: Browser, ada: str, app: App) -> None:
    for _ in range(10):
        guesser = Browser()
        guesser.sign_in(ada)
        guesser.post("/auth/second-step", code=app.wrong())
        assert guesser.flash is not None
        assert guesser.flash.error == two_factor.WRONG
    browser.sign_in(ada)
    browser.post("/auth/second-step", code=app.code())
    assert browser.flash is not None
    assert "Too many attempts" in browser.flash.error
    assert browser.acts_for() is None


def test_a_form_from_another_site_is_refused(browser: Browser, ada: str, app: App) -> None:
    browser.sign_in(ada)
    answer = browser.post("/auth/second-step", site="cross-site", code=app.code())
    assert answer.status_code == 403
    assert browser.acts_for() is None
