"""One installation with the demo workspace for all browser tests: database, web, worker, Chromium.

With SCALED=1 it is spread out: tests/e2e/scaled.py.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from twilio.request_validator import RequestValidator

from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.core import db
from taskjuggler_app.core.config import settings
from taskjuggler_app.demo import load, story
from taskjuggler_app.web import build
from tests import database

FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
)
SMS = "/webhooks/twilio/sms"


collect_ignore = [] if os.environ.get("SCALED") else ["test_scaled.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser or the running processes."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


class Installation:
    """The running product."""

    def __init__(self, url: str, port: int) -> None:
        self.database_url = url
        self.base_url = f"http://127.0.0.1:{port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def begin(self) -> None:
        """Start what every test needs."""
        for name in ("web", "worker"):
            self.start(name)
        wait_for(f"{self.base_url}/healthz")

    def start(self, name: str, **env: str) -> subprocess.Popen[bytes]:
        """Start `taskjuggler NAME`; one more of its kind is "second NAME"."""
        command = [sys.executable, "-m", "taskjuggler_app", name.rpartition(" ")[2]]
        self.processes[name] = subprocess.Popen(command, env={**os.environ, **env})
        return self.processes[name]

    def kill(self, name: str) -> None:
        """As if the machine had lost power: no signal handler runs."""
        for child in _children(self.processes[name].pid):
            os.kill(child, signal.SIGKILL)
        self.processes[name].kill()
        self.processes[name].wait()

    def stop(self) -> None:
        """Stop what runs."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)

    def send_sms(self, text: str, *, sid: str = "", to: str = story.MAIN_LINE, sender: str = "+12075550110") -> int:
        """A signed text message; the webhook's status."""
        form = {
            "MessageSid": sid or f"SM{uuid4().hex}",
            "AccountSid": "AC" + "0" * 32,
            "From": sender,
            "To": to,
            "Body": text,
            "NumMedia": "0",
        }
        signature = RequestValidator(auth_token()).compute_signature(settings().public_url + SMS, form)
        headers = {"X-Twilio-Signature": signature}
        return httpx.post(self.base_url + SMS, data=form, headers=headers, trust_env=False).status_code

    def rows(self, query: str, *args: object) -> list[tuple[object, ...]]:
        """What the database says."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), args)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def installation(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo workspace behind a web process and a worker."""
    build.ensure_built(print)
    with database.clone(server, migrated) as url, pytest.MonkeyPatch.context() as patch:
        port = free_port()
        patch.setenv("DATABASE_URL", url)
        patch.setenv("DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("PORT", str(port))
        patch.setenv("PUBLIC_URL", f"http://127.0.0.1:{port}")
        patch.setenv("SECRET_KEY", "a secret of the browser tests alone")
        settings.cache_clear()
        db.configure(url)
        load.load()
        running = Installation(url, port)
        if os.environ.get("SCALED"):
            from tests.e2e.scaled import Scaled

            running = Scaled(url, port, tmp_path_factory.mktemp("scaled"))
            for name, value in running.environment().items():
                patch.setenv(name, value)
            settings.cache_clear()
        running.begin()
        yield running
        running.stop()
        db.dispose()
    settings.cache_clear()


@pytest.fixture(scope="session")
def chromium(installation: Installation) -> Iterator[Browser]:
    """One browser; each test has contexts of its own. After the installation: Playwright keeps a loop running."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser, installation: Installation) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers; with `email` the person is signed in."""
    opened: list[BrowserContext] = []

    def make(email: str = "", **options: object) -> BrowserContext:
        usual = {"base_url": installation.base_url, "viewport": {"width": 1440, "height": 900}}
        context = chromium.new_context(**{**usual, **options})  # type: ignore[arg-type]  # options of several types
        opened.append(context)
        if email:
            sign_in(context.new_page(), email)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def maya(open_browser: Callable[..., BrowserContext]) -> Page:
    """The demo's owner at her home page."""
    return open_browser(story.PEOPLE[0].email).pages[0]


def sign_in(page: Page, email: str, password: str = story.DEMO_PASSWORD) -> None:
    """With the form's request, and on to the home page; test_accounts fills the form itself."""
    form: dict[str, str | float | bool] = {"email": email, "password": password, "next": "/"}
    answer = page.request.post("/auth/sign-in", form=form, headers={"Sec-Fetch-Site": "same-origin"}, max_redirects=0)
    assert answer.status == httpx.codes.SEE_OTHER
    page.goto("/")
    page.wait_for_selector("h1:has-text('Today')")
    page.wait_for_load_state("networkidle")  # the page was drawn by the server; now it also answers


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it holds before the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def wait_for(address: str, seconds: float = 60) -> None:
    """Return when the address answers 200."""

    def answers() -> bool:
        try:
            return httpx.get(address, timeout=1, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    assert eventually(answers, seconds), f"{address} does not answer"


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []
