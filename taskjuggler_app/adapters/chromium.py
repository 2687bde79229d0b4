"""Chromium as the scanner's eyes: one browser, a few pages at once, every byte through the guard proxy.

A page gets a fixed time. Whatever it does (alerts without end, redirects in circles, a body without end, a crash) costs
that page only: its context is thrown away, and the browser is started again if it went with it.
"""

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Dialog, Error, Page, Playwright, async_playwright

from taskjuggler_app.adapters.axe import axe_source
from taskjuggler_app.adapters.guard_proxy import GuardProxy
from taskjuggler_app.adapters.recorder import Recorder
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_url, same_origin
from taskjuggler_app.domain.sitehealth.visit import Visit

DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 900}
PAGE_SECONDS = 45.0
LOAD_SECONDS = 20.0
TAB_STOPS = 25
_HERE = Path(__file__).parent / "page"
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
    "--no-first-run",
)
MISSING = (
    "There is no browser for the scanner. Type `apt-get install chromium`, or `playwright install chromium`, "
    "or set CHROMIUM to the path of one."
)


_ANIMATED = """async () => {
  const moving = [], seen = new Set();
  for (const image of document.images) {
    const url = image.currentSrc || image.src;
    if (!/\\.gif($|[?#])/i.test(url) || seen.has(url) || seen.size > 4) continue;
    if (new URL(url).origin !== location.origin) continue;
    seen.add(url);
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    let frames = 0;
    for (let at = 0; at < bytes.length - 2 && frames < 2; at++)
      if (bytes[at] === 0x21 && bytes[at + 1] === 0xf9 && bytes[at + 2] === 4) frames += 1;
    if (frames > 1) moving.push(url);
  }
  return moving;
}"""
"""A GIF with more than one graphic control block (GIF89a, 23) moves."""


class BrowserMissing(Exception):
    """No Chromium on this machine; the message says what to type."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to sign in: headers for the exact origin of the site, cookies as Playwright takes them."""

    headers: dict[str, str]
    cookies: list[dict[str, Any]]
    username: str = ""
    password: str = ""


class Chromium:
    """`async with Chromium(reach) as browser:` then `await browser.visit(url)`, several at a time."""

    def __init__(self, reach: Reach, *, pages: int = 2, access: Access | None = None, origin: str = "") -> None:
        self._reach, self._access, self._origin = reach, access, origin
        self._slots = asyncio.Semaphore(pages)
        self._proxy = GuardProxy(reach)
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._idle: list[BrowserContext] = []
        self._scripts = {
            name: (_HERE / f"{name}.js").read_text(encoding="utf-8")
            for name in ("watch", "collect", "probe", "axe_run")
        }
        self._axe = axe_source()

    async def __aenter__(self) -> "Chromium":
        await self._proxy.__aenter__()
        self._playwright = await async_playwright().start()
        try:
            await self._running()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        with contextlib.suppress(Error, TimeoutError):
            if self._browser is not None:
                await asyncio.wait_for(self._browser.close(), 10)
        if self._playwright is not None:
            await self._playwright.stop()
        await self._proxy.__aexit__(None, None, None)

    async def visit(self, url: str, *, deep: bool = True) -> Visit:
        """Everything one visit can tell; never raises for what the page does. `deep` runs axe and the probes too."""
        visit = Visit(url)
        began = time.monotonic()
        async with self._slots:
            for last in (False, True):
                visit = Visit(url)
                try:
                    async with asyncio.timeout(PAGE_SECONDS), self._page() as page:
                        await self._look(page, visit, deep)
                    break
                except AddressRefused as refusal:
                    visit.error = refusal.message
                    break
                except TimeoutError:
                    visit.error = f"The page took longer than {PAGE_SECONDS:.0f} seconds."
                    break
                except Error as error:
                    visit.error = _plain(error)
                    if last or not _worth_another_try(error):
                        break
        visit.seconds = time.monotonic() - began
        return visit

    async def run(self, url: str, work: Callable[[Page], Any]) -> Any:
        """Open the address and hand the loaded page to `work`: for screenshots and for proving fixes."""
        async with self._slots, asyncio.timeout(PAGE_SECONDS), self._page() as page:
            check_url(url, self._reach)
            await page.goto(url, wait_until="load", timeout=LOAD_SECONDS * 1000)
            return await work(page)

    async def _look(self, page: Page, visit: Visit, deep: bool) -> None:
        check_url(visit.url, self._reach)
        session = await page.context.new_cdp_session(page)
        recorder = Recorder()
        await recorder.attach(session)
        await _sign_in(session, self._access, self._origin, visit.url)
        response = await page.goto(visit.url, wait_until="domcontentloaded", timeout=LOAD_SECONDS * 1000)
        with contextlib.suppress(Error):
            await page.wait_for_load_state("load", timeout=8000)
        await page.wait_for_timeout(150)
        recorder.fill(visit, page.url)
        if visit.headers.get("x-guard"):
            visit.error = "The address could not be opened." if visit.status == 502 else "That address is closed to us."
            return
        if response is not None and "html" in visit.headers.get("content-type", "text/html"):
            with contextlib.suppress(Error):
                visit.source = (await response.text())[:1_000_000]
            visit.facts = await page.evaluate(self._scripts["collect"])
            visit.cookies = [dict(cookie) for cookie in await page.context.cookies()]
            if deep:
                await self._examine(page, visit)
        elif response is not None:
            visit.error = "" if visit.status < 400 else f"It answered {visit.status}."

    async def _examine(self, page: Page, visit: Visit) -> None:
        """axe in every frame, then what is found by doing; each part may fail without costing the others."""
        for frame in page.frames:
            with contextlib.suppress(Error):
                await frame.evaluate(self._axe)
        with contextlib.suppress(Error):
            visit.axe = await page.evaluate(self._scripts["axe_run"], ["target-size", "color-contrast-enhanced"])
        with contextlib.suppress(Error):
            visit.probes = await page.evaluate(self._scripts["probe"], 60)
        with contextlib.suppress(Error):
            visit.probes["animated"] = await page.evaluate(_ANIMATED)
        with contextlib.suppress(Error):
            visit.probes.update(await _tab_through(page, int(visit.probes.get("stops") or 0)))
        with contextlib.suppress(Error):
            await page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict of the two
            visit.probes["narrow"] = await page.evaluate("document.documentElement.scrollWidth")
            await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    @contextlib.asynccontextmanager
    async def _page(self) -> AsyncIterator[Page]:
        """A fresh page in a context of this site; a context whose page misbehaved is not used again."""
        browser = await self._running()
        context = self._idle.pop() if self._idle else await self._context(browser)
        kept = False
        try:
            page = await context.new_page()
            page.on("dialog", _dismiss)
            page.on("popup", _shut)
            yield page
            await asyncio.wait_for(page.close(), 5)
            self._idle.append(context)
            kept = True
        finally:
            if not kept:
                await self._discard(context)

    async def _discard(self, context: BrowserContext) -> None:
        try:
            await asyncio.wait_for(context.close(), 5)
        except (Error, TimeoutError):
            broken, self._browser = self._browser, None
            self._idle.clear()
            if broken is not None:
                with contextlib.suppress(Error, TimeoutError):
                    await asyncio.wait_for(broken.close(), 5)

    async def _context(self, browser: Browser) -> BrowserContext:
        context = await browser.new_context(
            viewport=DESKTOP,  # type: ignore[arg-type]
            bypass_csp=True,
            accept_downloads=False,
            service_workers="block",
            reduced_motion="no-preference",
        )
        await context.add_init_script(self._scripts["watch"])
        if self._access and self._access.cookies:
            await context.add_cookies(self._access.cookies)  # type: ignore[arg-type]
        return context

    async def _running(self) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._idle.clear()
                self._browser = await self._start()
            return self._browser

    async def _start(self) -> Browser:
        if self._playwright is None:
            raise BrowserMissing(MISSING)
        try:
            return await self._playwright.chromium.launch(
                executable_path=program(self._playwright),
                args=list(_FLAGS),
                chromium_sandbox=not (hasattr(os, "geteuid") and os.geteuid() == 0),
                proxy={"server": self._proxy.url, "bypass": "<-loopback>"},
            )
        except Error as error:
            raise BrowserMissing(f"Chromium did not start: {_plain(error)}") from None


def program(playwright: Playwright) -> str:
    """The setting's browser, the system's, or the one that Playwright brought. BrowserMissing."""
    for name in (settings().chromium, "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    own = playwright.chromium.executable_path
    if own and Path(own).exists():
        return own
    raise BrowserMissing(MISSING)


async def _sign_in(session: CDPSession, access: Access | None, origin: str, url: str) -> None:
    """Send the site's credentials with requests to its exact origin only."""
    if access is None or not access.headers or not same_origin(origin, url):
        return
    site = origin.rstrip("/") + "/*"
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": site, "requestStage": "Request"}]})

    def onward(event: dict[str, Any]) -> None:
        request = event["request"]
        headers = {**request["headers"], **(access.headers if same_origin(origin, request["url"]) else {})}
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        task = asyncio.ensure_future(
            session.send("Fetch.continueRequest", {"requestId": event["requestId"], "headers": listed})
        )
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    session.on("Fetch.requestPaused", onward)


async def _tab_through(page: Page, stops: int) -> dict[str, Any]:
    """Press Tab through the first controls: the order of focus, and where the keyboard got stuck."""
    if stops < 1:
        return {"tabs": [], "trapped": ""}
    await page.evaluate(
        """() => { window.__tabs = []; document.activeElement?.blur?.(); window.scrollTo(0, 0);
        window.addEventListener('keydown', () => window.__tabs.push(document.activeElement), true); }"""
    )
    for _ in range(min(stops, TAB_STOPS) + 3):
        await page.keyboard.press("Tab")
    found: dict[str, Any] = await page.evaluate(
        """() => {
        const tabs = window.__tabs.slice(1).filter(Boolean).concat(document.activeElement);
        const box = (el) => {
          const at = el.getBoundingClientRect();
          return [at.x, at.y + scrollY, at.width, at.height];
        };
        const end = tabs.findIndex((el, n) => el === document.body || tabs.indexOf(el) < n);
        const once = end < 0 ? tabs : tabs.slice(0, end);
        const says = (el) => el.outerHTML.slice(0, 300);
        const last = tabs[tabs.length - 1];
        const stuck = last && last !== document.body && last.localName !== 'iframe' && tabs.slice(-4).length === 4 &&
          tabs.slice(-4).every((el) => el === last) ? says(last) : '';
        return { trapped: stuck, tabs: once.map((el) => ({ html: says(el), box: box(el) })) };
        }"""
    )
    if int(stops) < 2:
        found["trapped"] = ""
    return found


async def _dismiss(dialog: Dialog) -> None:
    with contextlib.suppress(Error):
        await dialog.dismiss()


async def _shut(page: Page) -> None:
    with contextlib.suppress(Error):
        await page.close()


def _plain(error: Error) -> str:
    """Chromium's reason in one line."""
    first = error.message.splitlines()[0] if error.message else "The page could not be opened."
    return first.removeprefix("Page.goto: ")[:300]


def _worth_another_try(error: Error) -> bool:
    words = error.message.lower()
    return any(part in words for part in ("context was destroyed", "crashed", "has been closed", "frame was detached"))
