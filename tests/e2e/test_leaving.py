"""Deleting an account in a browser: what goes and stays is said, it can be taken back, and it is done in the end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import BrowserContext

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.demo import story
from taskjuggler_app.domain.access import accounts, passwords
from taskjuggler_app.domain.farewell import asking
from tests.e2e.conftest import Installation, eventually, sign_in


def _somebody() -> str:
    """The address of a new account with the demo's password."""
    email = f"goner-{uuid4().hex[:8]}@example.com"
    secret = passwords.hash_password(story.DEMO_PASSWORD)
    with transaction() as session:
        account = accounts.NewAccount("Gil Goner", "Goner and Co", email, "UTC")
        accounts.create(session, account, asyncio.run(secret)).email_verified_at = clock.utcnow()
    return email


def test_an_account_is_kept_and_then_deleted(
    open_browser: Callable[..., BrowserContext], installation: Installation
) -> None:
    page = open_browser().new_page()
    email = _hashed_apart(_somebody)
    sign_in(page, email)
    page.goto("/settings/data")
    page.wait_for_selector("text=Goner and Co with all that is in it")
    page.wait_for_selector("text=What stays, and why")
    page.click("button:has-text('Delete my account…')")
    page.fill("#leaving-password", "not mine")
    page.click("#leaving-account button:has-text('Delete my account')")
    page.wait_for_selector("#leaving-password-error:has-text('not your password')")
    page.fill("#leaving-password", story.DEMO_PASSWORD)
    page.click("#leaving-account button:has-text('Delete my account')")
    page.wait_for_selector("text=Until then nothing changes")

    other = open_browser(email).pages[0]  # signing in shows it, on every page
    other.wait_for_selector(".page-alert:has-text('will be deleted on')")
    other.click(".page-alert button:has-text('Keep my account')")
    other.wait_for_selector(".page-alert", state="detached")
    page.wait_for_selector("button:has-text('Delete my account…')")  # and the first browser has seen it

    page.click("button:has-text('Delete my account…')")
    page.fill("#leaving-password", story.DEMO_PASSWORD)
    page.click("#leaving-account button:has-text('Delete my account')")
    page.wait_for_selector("text=Until then nothing changes")
    installation.rows("UPDATE account_deletions SET due_at = now() WHERE finished_at IS NULL")
    with transaction() as session:
        assert asking.queue_due(session, clock.utcnow() + timedelta(minutes=1)) == 1
    page.wait_for_url("**/sign-in**")
    done = "SELECT count(*) FROM account_deletions WHERE finished_at IS NOT NULL"
    assert eventually(lambda: installation.rows(done) == [(1,)], 20)
    stranger = open_browser().new_page()
    stranger.goto("/sign-in")
    stranger.wait_for_load_state("networkidle")
    stranger.fill("input[name=email]", email)
    stranger.fill("input[name=password]", story.DEMO_PASSWORD)
    stranger.keyboard.press("Enter")
    stranger.wait_for_selector("text=Wrong address or password")


def _hashed_apart(make: Callable[[], str]) -> str:
    """Run outside the loop that Playwright keeps in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()
