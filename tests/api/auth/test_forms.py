"""The account forms, as a browser without JavaScript sends them."""

from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from sqlmodel import select

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.crypto import digest, token
from taskjuggler_app.core.db import transaction
from taskjuggler_app.models.users import User
from tests.api.auth.browser import PASSWORD, Browser, Mails, found

SIGN_UP = {"name": "Cleo", "business": "Cleo's Plumbing", "password": PASSWORD, "timezone": "Europe/Paris"}


@pytest.fixture
def newcomer() -> str:
    """An address nobody has used."""
    return f"cleo-{token(6).lower().replace('_', 'x').strip('-')}@example.com"


def _set_cookie(answer: httpx.Response, name: str) -> Any:
    for header in answer.headers.get_list("set-cookie"):
        jar = SimpleCookie(header)
        if name in jar:
            return jar[name]
    raise AssertionError(f"no cookie {name}")


def test_signing_in_opens_a_session_and_goes_home(browser: Browser, ada: str) -> None:
    answer = browser.sign_in(ada)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    who = browser.acts_for()
    assert who is not None
    assert who.email == ada


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser, ada: str) -> None:
    cookie = _set_cookie(browser.sign_in(ada), "tj_session")
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["secure"]
    assert 59 * 86_400 < int(cookie["max-age"]) <= 60 * 86_400


def test_under_https_the_cookie_is_bound_to_https_and_the_host(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "public_url", "https://work.example.com")
    cookie = _set_cookie(browser.sign_in(ada), "__Host-tj_session")
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_a_wrong_password_goes_back_to_the_form_with_the_reason_and_the_address(browser: Browser, ada: str) -> None:
    answer = browser.sign_in(ada, "wrong password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert browser.session_id == ""
    assert browser.flash is not None
    assert (browser.flash.page, browser.flash.field) == ("/sign-in", "password")
    assert browser.flash.kept == {"email": ada}
    assert "wrong password" not in str(browser.flash)
    assert _set_cookie(answer, "tj_flash")["httponly"]
    browser.sign_in(ada)
    assert browser.flash is None


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/tasks?status=open#top", "/tasks?status=open#top"),
        ("", "/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: x=1", "/"),
        (" //evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("tasks", "/"),
        ("/\u2215evil.example", "/"),
        ("/auth/sign-out", "/"),
    ],
)
def test_signing_in_leads_only_to_pages_of_ours(browser: Browser, ada: str, wanted: str, location: str) -> None:
    answer = browser.sign_in(ada, next=wanted)
    assert answer.headers["location"] == location
    assert browser.acts_for() is not None
    assert "x" not in answer.cookies


def test_each_sign_in_gets_a_new_token_and_ends_the_browsers_old_session(browser: Browser, ada: str) -> None:
    browser.sign_in(ada)
    first, first_cookie = browser.session_id, browser.cookie_header
    browser.sign_in(ada)
    assert browser.session_id != first
    thief = Browser()
    thief.cookies.set("tj_session", first_cookie.partition("tj_session=")[2].partition(";")[0])
    assert thief.session_id == first
    assert thief.acts_for() is None


def test_a_token_planted_before_signing_in_is_worth_nothing_afterwards(browser: Browser, ada: str) -> None:
    planted = token()
    browser.cookies.set("tj_session", planted, domain="127.0.0.1", path="/")
    browser.sign_in(ada)
    assert browser.session_id not in ("", digest(planted))
    attacker = Browser()
    attacker.cookies.set("tj_session", planted)
    assert attacker.acts_for() is None


def test_signing_out_ends_this_session_only(browser: Browser, ada: str) -> None:
    other = Browser()
    browser.sign_in(ada)
    other.sign_in(ada)
    held = browser.cookies.get("tj_session")
    answer = browser.post("/auth/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert browser.session_id == ""
    browser.cookies.set("tj_session", str(held))
    assert browser.acts_for() is None
    assert other.acts_for() is not None


def test_signing_out_everywhere_ends_all_sessions(browser: Browser, ada: str) -> None:
    other = Browser()
    browser.sign_in(ada)
    other.sign_in(ada)
    browser.post("/auth/sign-out-everywhere")
    assert other.acts_for() is None
    assert browser.session_id == ""


def test_signing_up_proves_the_address_and_signs_in(browser: Browser, newcomer: str, mails: Mails) -> None:
    answer = browser.post("/auth/sign-up", email=newcomer.upper(), **SIGN_UP)
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")
    assert browser.acts_for() is None
    answer = browser.post("/auth/verify-email", code=found(r"\b(\d{6})\b", mails(newcomer)[-1]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    who = browser.acts_for()
    assert who is not None
    assert (who.email, who.name, who.timezone, who.is_admin) == (newcomer, "Cleo", "Europe/Paris", True)


def test_a_wrong_code_is_counted_and_five_of_them_spend_it(browser: Browser, newcomer: str, mails: Mails) -> None:
    browser.post("/auth/sign-up", email=newcomer, **SIGN_UP)
    code = found(r"\b(\d{6})\b", mails(newcomer)[-1])
    for _ in range(5):
        wrong = browser.post("/auth/verify-email", code=f"{(int(code) + 1) % 1_000_000:06d}")
        assert wrong.headers["location"] == "/verify"
    browser.post("/auth/verify-email", code=code)
    assert browser.acts_for() is None
    browser.post("/auth/resend-code")
    browser.post("/auth/verify-email", code=found(r"\b(\d{6})\b", mails(newcomer)[-1]))
    assert browser.acts_for() is not None


def test_the_code_is_worth_nothing_in_another_browser(browser: Browser, newcomer: str, mails: Mails) -> None:
    browser.post("/auth/sign-up", email=newcomer, **SIGN_UP)
    stranger = Browser()
    answer = stranger.post("/auth/verify-email", code=found(r"\b(\d{6})\b", mails(newcomer)[-1]))
    assert answer.headers["location"] == "/verify"
    assert stranger.acts_for() is None


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"email": "cleo"}, "email"),
        ({"name": " "}, "name"),
        ({"password": "short"}, "password"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
    ],
)
def test_a_faulty_sign_up_says_which_field_and_keeps_the_rest(
    browser: Browser, newcomer: str, fault: dict[str, str], field: str
) -> None:
    answer = browser.post("/auth/sign-up", **{"email": newcomer, **SIGN_UP, **fault})
    assert answer.headers["location"] == "/sign-up"
    assert browser.flash is not None
    assert browser.flash.field == field
    assert browser.flash.kept["business"] == "Cleo's Plumbing"
    assert "password" not in browser.flash.kept


def test_a_forgotten_password_is_replaced_by_the_mailed_link(browser: Browser, ada: str, mails: Mails) -> None:
    other = Browser()
    other.sign_in(ada)
    assert browser.post("/auth/forgot", email=ada).headers["location"] == "/forgot"
    link = found(r"token=(\S+)", mails(ada)[-1])
    weak = browser.post("/auth/reset", token=link, password="short")
    assert weak.headers["location"] == f"/reset?token={link}"
    assert browser.flash is not None
    assert (browser.flash.page, browser.flash.field) == ("/reset", "password")
    answer = browser.post("/auth/reset", token=link, password="a different password")
    assert answer.headers["location"] == "/sign-in"
    assert other.acts_for() is None
    assert browser.acts_for() is None
    browser.sign_in(ada)
    assert browser.acts_for() is None
    browser.sign_in(ada, "a different password")
    assert browser.acts_for() is not None
    again = browser.post("/auth/reset", token=link, password="a third password")
    assert again.headers["location"].startswith("/reset?token=")


def test_a_made_up_reset_token_cannot_shape_the_answer(browser: Browser) -> None:
    answer = browser.post("/auth/reset", token="x\r\nSet-Cookie: a=b&next=//evil", password=PASSWORD)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/reset?token=x%0D%0ASet-Cookie")
    assert "a" not in answer.cookies


def test_changing_the_password_keeps_this_browser_and_signs_the_others_out(browser: Browser, ada: str) -> None:
    other = Browser()
    browser.sign_in(ada)
    other.sign_in(ada)
    answer = browser.post("/auth/password", current=PASSWORD, new="a different password")
    assert answer.headers["location"] == "/settings/security"
    assert browser.flash is not None
    assert browser.flash.notice
    assert browser.acts_for() is not None
    assert other.acts_for() is None
    other.sign_in(ada, "a different password")
    assert other.acts_for() is not None


def test_changing_the_password_needs_the_current_one_and_a_good_new_one(browser: Browser, ada: str) -> None:
    browser.sign_in(ada)
    for current, new, field in [("wrong", "a different password", "current"), (PASSWORD, "short", "new")]:
        browser.post("/auth/password", current=current, new=new)
        assert browser.flash is not None
        assert browser.flash.field == field
    with transaction() as session:
        stored = session.exec(select(User.password).where(User.email == ada)).one()
    assert stored.startswith("$argon2id$")
    browser.sign_in(ada)
    assert browser.acts_for() is not None


def test_a_guest_changes_no_password(browser: Browser, ada: str) -> None:
    answer = browser.post("/auth/password", current=PASSWORD, new="a different password")
    assert answer.headers["location"] == "/sign-in"


def test_a_cross_site_form_changes_nothing(browser: Browser, ada: str) -> None:
    browser.sign_in(ada)
    for path in ("/auth/sign-out", "/auth/sign-out-everywhere", "/auth/password", "/auth/sign-in"):
        answer = browser.post(path, site="cross-site", email=ada, password=PASSWORD)
        assert answer.status_code == 403
    assert browser.acts_for() is not None


@pytest.mark.parametrize("path", ["sign-in", "sign-up", "forgot", "reset", "verify-email"])
def test_an_empty_or_hostile_form_is_refused_politely(browser: Browser, path: str) -> None:
    assert browser.post(f"/auth/{path}").status_code == 303
    hostile = {"email": "a\0@b.c\r\nX: y", "password": "\0" * 20, "name": "\r\n", "token": "\0", "code": "\0٣٣٣"}
    answer = browser.post(f"/auth/{path}", **hostile)
    assert answer.status_code == 303
    assert "x" not in answer.headers
    assert browser.flash is not None
    assert browser.flash.error
