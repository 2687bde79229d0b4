"""What a person sees: a message arriving, a click answered, a page loaded, in a real Chromium."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from twilio.request_validator import RequestValidator

from bench import rig
from bench._ingest import PATH
from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.core.config import settings
from taskjuggler_app.demo import story

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
]
ARRIVALS, CLICKS, LOADS = 30, 40, 5

_WATCH = """(text) => new Promise((resolve) => {
  const seen = () => document.body.innerText.includes(text) && (resolve(Date.now()), true);
  if (seen()) return;
  const watcher = new MutationObserver(() => seen() && watcher.disconnect());
  watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
})"""
_CLICK = """([press, expect]) => new Promise((resolve) => {
  const button = [...document.querySelectorAll("button")].find((b) => b.innerText.trim() === press);
  const started = performance.now();
  const watcher = new MutationObserver(() => {
    const shown = [...document.querySelectorAll("button")].some((b) => b.innerText.trim() === expect);
    if (shown) { watcher.disconnect(); resolve(performance.now() - started); }
  });
  watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
  button.click();
})"""


@dataclass(frozen=True)
class Seen:
    """Times in ms; transfer in kB as sent (compressed)."""

    visible: list[float]
    clicks: list[float]
    cold_loads: list[float]
    transfer_kb: float


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@contextmanager
def signed_in() -> Iterator[BrowserContext]:
    """A browser in which the demo's owner is signed in."""
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(f"{rig.base_url()}/sign-in")
        page.fill("input[name=email]", story.PEOPLE[0].email)
        page.fill("input[name=password]", story.DEMO_PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("h1:has-text('Today')")
        page.close()
        yield context


def measure() -> Seen:
    """Arrivals, clicks and cold loads, one after the other."""
    with signed_in() as context:
        page = context.new_page()
        page.goto(f"{rig.base_url()}/tasks")
        page.wait_for_selector(".task-row")
        visible = [_arrival(page) for _ in range(ARRIVALS + 3)][3:]
        pressed = clicks(page)
        page.close()
        loads = [cold_load(context) for _ in range(LOADS)]
    return Seen(visible, pressed, [ms for ms, _ in loads], loads[0][1])


def send_sms(text: str) -> None:
    """One signed text message."""
    form = {
        "MessageSid": f"SM{uuid4().hex}",
        "AccountSid": "AC" + "0" * 32,
        "From": story.CALLERS[0][0],
        "To": story.MAIN_LINE,
        "Body": text,
        "NumMedia": "0",
    }
    signature = RequestValidator(auth_token()).compute_signature(settings().public_url + PATH, form)
    answer = httpx.post(rig.base_url() + PATH, data=form, headers={"X-Twilio-Signature": signature}, trust_env=False)
    if answer.status_code != httpx.codes.OK:
        sys.exit(f"the webhook answered {answer.status_code}")


def _arrival(page: Page) -> float:
    """From sending the text to its task being in the open list."""
    name = f"Gate {uuid4().hex[:8]} is stuck"
    page.evaluate(f"window.arrived = ({_WATCH})({name!r}); null")
    started = time.time() * 1e3
    send_sms(name)
    seen: float = page.evaluate("window.arrived")
    time.sleep(0.3)  # each arrival meets an idle page, as in life
    return seen - started


def clicks(page: Page) -> list[float]:
    """From a press on the task's page to the buttons of its new status, with the commit between."""
    page.click(".task-row .row-link")
    page.wait_for_selector("button:has-text('Mark done')")
    page.wait_for_timeout(500)
    times = []
    for i in range(CLICKS):
        pressed, expected = ("Mark done", "Reopen") if i % 2 == 0 else ("Reopen", "Mark done")
        times.append(float(page.evaluate(_CLICK, [pressed, expected])))
        page.wait_for_timeout(350)
    return times


def cold_load(context: BrowserContext) -> tuple[float, float]:
    """From nothing cached to the first row of the task list; and the kB of JavaScript and CSS on the wire."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.clearBrowserCache")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    devtools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    started = time.perf_counter()
    page.goto(f"{rig.base_url()}/tasks", wait_until="commit")
    page.wait_for_selector(".task-row")
    elapsed = (time.perf_counter() - started) * 1e3
    page.wait_for_timeout(300)
    transferred = sum(size for request, size in sizes.items() if kinds.get(request) in ("Script", "Stylesheet"))
    page.close()
    return elapsed, transferred / 1e3
