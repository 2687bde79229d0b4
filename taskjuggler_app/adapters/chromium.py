"""Chromium as the scanner's eyes: one browser, a few pages at once, every byte through the guard proxy.

A page gets a fixed time. Whatever it does (alerts without end, redirects in circles, a body without end, a crash) costs
that page only: its context is thrown away, and the browser is started again if it went with it. A tab whose page kept
to the rules is used for the next page of the same site: a new one costs more than most pages do.
"""

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.async_api import Browser, BrowserContext, Dialog, Error, Page, Playwright, async_playwright

from taskjuggler_app.adapters.axe import axe_source
from taskjuggler_app.adapters.guard_proxy import GuardProxy
from taskjuggler_app.adapters.looking import DESKTOP, LOAD_SECONDS, Access, Look, Scripts
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_url
from taskjuggler_app.domain.sitehealth.visit import ENDLESS, Visit

PAGE_SECONDS = 45.0
PAGES_A_TAB = 60
T = TypeVar("T")
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


class BrowserMissing(Exception):
    """No Chromium on this machine; the message says what to type."""


@dataclass(slots=True)
class _Tab:
    """A page in a context of its own, and for how many addresses it was used."""

    context: BrowserContext
    page: Page
    used: int = 0


class Chromium:
    """`async with Chromium(reach) as browser:` then `await browser.visit(url)`, several at a time."""

    def __init__(self, reach: Reach, *, pages: int = 2, access: Access | None = None, origin: str = "") -> None:
        self._reach, self._access, self._origin = reach, access, origin
        self._slots = asyncio.Semaphore(pages)
        self._proxy = GuardProxy(reach)
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._idle: list[_Tab] = []
        self._scripts = Scripts(axe_source())

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

    async def visit(self, url: str, *, deep: bool = True, measure: bool = False) -> Visit:
        """Everything one visit can tell; never raises for what the page does. `deep` runs axe and the probes too,
        `measure` loads the page twice more for medians and for what of its code is used."""
        visit = Visit(url)
        began = time.monotonic()
        async with self._slots:
            for last in (False, True):
                visit = Visit(url)
                try:
                    async with asyncio.timeout(PAGE_SECONDS), self._page() as page:
                        check_url(url, self._reach)
                        look = Look(page, visit, self._scripts, self._access, self._origin)
                        await look.at_it(deep=deep, measure=measure)
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

    async def run(self, url: str, work: Callable[[Page], Awaitable[T]]) -> T:
        """Open the address and hand the loaded page to `work`: for screenshots, prints and for proving fixes.

        Error and TimeoutError when the page does not come, AddressRefused when it is closed to us.
        """
        async with self._slots, asyncio.timeout(PAGE_SECONDS), self._page() as page:
            check_url(url, self._reach)
            await Look(page, Visit(url), self._scripts, self._access, self._origin).open()
            return await work(page)

    async def print_pdf(self, html: str) -> bytes:
        """The document as a PDF, A4. It is given no network."""
        browser = await self._running()
        context = await browser.new_context(java_script_enabled=False, offline=True)
        try:
            page = await context.new_page()
            await page.set_content(html, wait_until="load", timeout=LOAD_SECONDS * 1000)
            margin = {"top": "15mm", "bottom": "15mm", "left": "12mm", "right": "12mm"}
            return await page.pdf(format="A4", print_background=True, margin=margin)  # type: ignore[arg-type]  # a plain dict of the four
        finally:
            await self._discard(context)

    @contextlib.asynccontextmanager
    async def _page(self) -> AsyncIterator[Page]:
        """A tab of this site; one whose page misbehaved is not used again."""
        browser = await self._running()
        tab = self._idle.pop() if self._idle else await self._tab(browser)
        kept = False
        try:
            tab.used += 1
            yield tab.page
            if tab.used < PAGES_A_TAB and not tab.page.is_closed():
                self._idle.append(tab)
                kept = True
        finally:
            if not kept:
                await self._discard(tab.context)

    async def _discard(self, context: BrowserContext) -> None:
        try:
            await asyncio.wait_for(context.close(), 5)
        except (Error, TimeoutError):
            broken, self._browser = self._browser, None
            self._idle.clear()
            if broken is not None:
                with contextlib.suppress(Error, TimeoutError):
                    await asyncio.wait_for(broken.close(), 5)

    async def _tab(self, browser: Browser) -> _Tab:
        context = await browser.new_context(
            viewport=DESKTOP,  # type: ignore[arg-type]  # a plain dict of the two
            bypass_csp=True,
            accept_downloads=False,
            service_workers="block",
            reduced_motion="no-preference",
        )
        await context.add_init_script(self._scripts.watch)
        if self._access and self._access.cookies:
            await context.add_cookies(self._access.cookies)  # type: ignore[arg-type]  # plain dicts of its shape
        page = await context.new_page()
        page.on("dialog", _answer)
        page.on("popup", _shut)
        return _Tab(context, page)

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


async def _answer(dialog: Dialog) -> None:
    """No to everything, but a page that asks whether to be left is left."""
    with contextlib.suppress(Error):
        await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())


async def _shut(page: Page) -> None:
    with contextlib.suppress(Error):
        await page.close()


_REASONS = {
    "ERR_CONNECTION_REFUSED": "The server refused the connection.",
    "ERR_CONNECTION_RESET": "The server broke the connection off.",
    "ERR_EMPTY_RESPONSE": "The server closed the connection without an answer.",
    "ERR_NAME_NOT_RESOLVED": "There is no server of that name.",
    "ERR_TIMED_OUT": "The server did not answer in time.",
    "ERR_CONNECTION_TIMED_OUT": "The server did not answer in time.",
    "ERR_TOO_MANY_REDIRECTS": ENDLESS,
    "ERR_ABORTED": "It is a download and no page.",
    "ERR_UNSAFE_PORT": "Browsers do not open this port.",
    "ERR_TUNNEL_CONNECTION_FAILED": "The server could not be reached.",
    "ERR_CERT": "Its certificate is not trusted.",
    "ERR_SSL": "It could not agree with the server on encryption.",
}


def _plain(error: Error) -> str:
    """Chromium's reason in one line, in words where we have them."""
    first = error.message.splitlines()[0] if error.message else "The page could not be opened."
    words = next((said for name, said in _REASONS.items() if f"net::{name}" in first), "")
    if not words and "Timeout" in first:
        words = f"It did not load within {LOAD_SECONDS:.0f} seconds."
    return words or first.removeprefix("Page.goto: ")[:300]


def _worth_another_try(error: Error) -> bool:
    words = error.message.lower()
    return any(part in words for part in ("context was destroyed", "crashed", "has been closed", "frame was detached"))
