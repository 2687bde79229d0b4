"""From outside, a known address and an unknown one look the same; guessing is limited; a link works once."""

import asyncio
import threading
import time
from typing import Any

import httpx
import pytest

from taskjuggler_app.api import auth
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access import limits, passwords, resets
from tests.api.auth.browser import PASSWORD, Browser, Mails, found

UNKNOWN = "nobody@example.com"


def _seen(answer: httpx.Response, browser: Browser) -> tuple[Any, ...]:
    """What an observer sees, with the address they typed themselves and the signed values taken out."""
    cookies = sorted(header.split("=")[0] + header.split(";", 1)[1] for header in answer.headers.get_list("set-cookie"))
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    flash = browser.flash
    shown = None if flash is None else (flash.page, flash.error, flash.field, sorted(flash.kept), len(flash.notice))
    return answer.status_code, headers, answer.text, cookies, shown


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The work done by the password hasher, as it is really done."""
    done: list[str] = []
    for name in ("verify", "hash"):
        real = getattr(passwords._hasher.current_hasher, name)

        def noted(*args: Any, _name: str = name, _real: Any = real, **options: Any) -> Any:
            done.append(_name)
            return _real(*args, **options)

        monkeypatch.setattr(passwords._hasher.current_hasher, name, noted)
    return done


def _compare(path: str, known: str, unknown: str, hashings: list[str], **fields: str) -> list[str]:
    outcomes = []
    for email in (known, unknown):
        browser = Browser()
        hashings.clear()
        answer = browser.post(path, email=email, **fields)
        outcomes.append((_seen(answer, browser), list(hashings)))
    assert outcomes[0] == outcomes[1]
    return outcomes[0][1]


def test_a_wrong_password_and_an_unknown_address_are_answered_alike_after_the_same_work(
    ada: str, hashings: list[str]
) -> None:
    passwords._nobodys_hash()
    unknown = UNKNOWN.rjust(len(ada), "x")
    assert _compare("/auth/sign-in", ada, unknown, hashings, password="wrong password") == ["verify"]


def test_signing_up_with_a_taken_address_is_answered_like_any_other(ada: str, hashings: list[str]) -> None:
    unknown = UNKNOWN.rjust(len(ada), "y")
    fields = {"name": "Eve", "business": "", "password": PASSWORD, "timezone": "UTC"}
    assert _compare("/auth/sign-up", ada, unknown, hashings, **fields) == ["hash"]


def test_neither_sign_up_can_be_told_apart_by_signing_in_afterwards(ada: str, hashings: list[str]) -> None:
    unknown = UNKNOWN.rjust(len(ada), "z")
    for email in (ada, unknown):
        Browser().post("/auth/sign-up", email=email, name="Eve", password="the eves password", timezone="UTC")
    assert _compare("/auth/sign-in", ada, unknown, hashings, password="the eves password") == ["verify"]


def test_asking_for_a_reset_is_answered_alike(ada: str, hashings: list[str], mails: Mails) -> None:
    unknown = UNKNOWN.rjust(len(ada), "x")
    assert _compare("/auth/forgot", ada, unknown, hashings) == []
    assert len(mails(ada)) == 1
    assert mails(unknown) == []


def test_answers_that_could_differ_in_time_wait_for_the_same_moment(
    ada: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "STEADY_SECONDS", 0.4)
    for email in (ada, UNKNOWN):
        started = time.monotonic()
        browser.post("/auth/forgot", email=email)
        assert time.monotonic() - started >= 0.39


def test_guessing_one_accounts_password_is_stopped_for_known_and_unknown_alike(ada: str) -> None:
    for email in (ada, UNKNOWN):
        browser = Browser()
        for _ in range(limits.SIGN_IN.per_account.amount):
            browser.sign_in(email, "wrong password")
            assert browser.flash is not None
            assert browser.flash.retry_after is None
        right = browser.sign_in(email, PASSWORD)
        assert right.headers["location"] == "/sign-in"
        assert browser.acts_for() is None
        assert browser.flash is not None
        assert browser.flash.retry_after is not None
        assert browser.flash.retry_after > 0


def test_guesses_sent_all_at_once_are_not_all_tried(ada: str, hashings: list[str]) -> None:
    browser = Browser()

    async def storm() -> None:
        form = {"email": ada, "password": "wrong password"}
        headers = {"Sec-Fetch-Site": "same-origin"}
        await asyncio.gather(*(browser._post("/auth/sign-in", headers, form) for _ in range(30)))

    asyncio.run(storm())
    assert hashings.count("verify") == limits.SIGN_IN.per_account.amount


def test_a_reset_opens_an_account_whose_sign_in_somebody_else_used_up(ada: str, mails: Mails) -> None:
    browser = Browser()
    for _ in range(limits.SIGN_IN.per_account.amount + 1):
        browser.sign_in(ada, "wrong password")
    browser.post("/auth/forgot", email=ada)
    browser.post("/auth/reset", token=found(r"token=(\S+)", mails(ada)[-1]), password="a different password")
    browser.sign_in(ada, "a different password")
    assert browser.acts_for() is not None


def test_of_two_uses_of_one_link_at_the_same_moment_one_wins(ada: str, mails: Mails) -> None:
    Browser().post("/auth/forgot", email=ada)
    link = found(r"token=(\S+)", mails(ada)[-1])
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def use(password_hash: str) -> None:
        try:
            with transaction() as session:
                together.wait(timeout=10)
                resets.reset(session, link, password_hash, clock.utcnow())
            outcomes.append("won")
        except Invalid:
            outcomes.append("lost")

    threads = [threading.Thread(target=use, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["lost", "won"]


def test_of_two_sign_ups_with_one_address_at_the_same_moment_neither_fails(site: None) -> None:
    browsers = [Browser(), Browser()]
    form = {"email": "twice@example.com", "name": "Cleo", "password": PASSWORD, "timezone": ""}

    async def both() -> list[httpx.Response]:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return list(await asyncio.gather(*(one._post("/auth/sign-up", headers, form) for one in browsers)))

    assert [answer.headers["location"] for answer in asyncio.run(both())] == ["/verify", "/verify"]
