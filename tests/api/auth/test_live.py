"""Open pages hear that their session has ended."""

import psycopg

from taskjuggler_app.core import db, live, topics
from tests.api.auth.browser import Browser


def test_pages_of_an_ended_session_are_told(browser: Browser, ada: str) -> None:
    other = Browser()
    browser.sign_in(ada)
    other.sign_in(ada)
    expected = {topics.session(browser.session_id), topics.session(other.session_id)}
    with psycopg.connect(db.url(), autocommit=True) as listener:
        listener.execute(f"LISTEN {live.CHANNEL}")
        browser.post("/auth/sign-out-everywhere")
        heard = {notification.payload for notification in listener.notifies(timeout=5, stop_after=3)}
    assert expected <= heard
