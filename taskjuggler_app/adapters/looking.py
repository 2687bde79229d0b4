"""What a visit does with a page: open it, read it, run axe, try the keyboard, narrow it, measure it."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from playwright.async_api import CDPSession, Error, Page, Response

from taskjuggler_app.adapters.measuring import measure_again
from taskjuggler_app.adapters.recorder import Recorder
from taskjuggler_app.core.netaddr import same_origin
from taskjuggler_app.domain.sitehealth.visit import Visit

DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 900}
LOAD_SECONDS = 20.0
TAB_STOPS = 25
EXTRA_RULES = ["target-size"]
"""Rules that axe leaves off and WCAG 2.2 asks for."""
WIDTH_RULES = ["target-size", "scrollable-region-focusable", "link-in-text-block"]
"""Rules whose answer depends on the width of the window: run again at a phone's."""
_HERE = Path(__file__).parent / "page"


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
_PAINTED = """() => Promise.race([
  new Promise((done) => setTimeout(done, 2000)),
  Promise.all(Array.from(document.images).filter((image) => {
    const at = image.getBoundingClientRect();
    return !image.complete && at.bottom > 0 && at.top < innerHeight;
  }).map((image) => new Promise((done) => {
    for (const end of ["load", "error"]) image.addEventListener(end, done, { once: true });
  }))).then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))),
])"""
"""The pictures in view are there and painted, or two seconds are over: until then another element is the largest."""
_STOPS = """() => {
window.open = window.__open;
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
# Where an element that had the focus is removed, Tab goes on from there: here the start of the page. A window that a
# key opens would take the keys that follow: none is opened, and what held the key is seen to hold it.
_WATCH_TABS = """() => { window.__tabs = []; window.scrollTo(0, 0);
window.__open = window.open;
window.open = () => null;
const top = document.createElement('i');
top.tabIndex = -1;
document.body.prepend(top);
top.focus();
top.remove();
window.addEventListener('keydown', () => window.__tabs.push(document.activeElement), true); }"""
_HAS_WIDTHS = """() => Array.from(document.styleSheets).some((sheet) => {
  try { return Array.from(sheet.cssRules).some((rule) => rule.media && /width/.test(rule.conditionText)); }
  catch { return true; }
})"""


# Until the page has a title, says no more that it loads, and is still for 150 ms; 3 s at most.
_SETTLED = """() => new Promise((done) => {
  const end = performance.now() + 3000;
  let still = performance.now();
  const watch = new MutationObserver(() => { still = performance.now(); });
  watch.observe(document, { subtree: true, childList: true, characterData: true });
  const loads = () => !document.title || document.querySelector(":is(body, main, main *)[aria-busy=true]");
  const look = () => {
    const now = performance.now();
    if (now < end && (loads() || now - still < 150)) return setTimeout(look, 50);
    watch.disconnect();
    done();
  };
  setTimeout(look, 150);
})"""
# Two frames, and the end of what moves because of them.
_AT_REST = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => Promise.race([
  new Promise((late) => setTimeout(late, 1000)),
  Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < Infinity)
    .map((one) => one.finished)),
]).then(() => done()))))"""


@dataclass(frozen=True, slots=True)
class Access:
    """How to sign in: headers for the exact origin of the site, cookies as Playwright takes them."""

    headers: dict[str, str]
    cookies: list[dict[str, Any]]
    username: str = ""
    password: str = ""

    @classmethod
    def by_cookie(cls, secret: str, url: str) -> "Access":
        """Signed in by the cookie `secret`, NAME=VALUE, at the site of `url`."""
        name, _, value = secret.partition("=")
        kept = {
            "httpOnly": True,
            "secure": url.startswith("https:"),
            "sameSite": "Lax",
        }  # how the site sets it is its own
        return cls({}, [{"name": name.strip(), "value": value.strip(), "url": url, **kept}])


@dataclass(frozen=True, slots=True)
class Scripts:
    """What runs in the page."""

    axe: str
    watch: str = field(default_factory=lambda: _script("watch"))
    collect: str = field(default_factory=lambda: _script("collect"))
    probe: str = field(default_factory=lambda: _script("probe"))
    axe_run: str = field(default_factory=lambda: _script("axe_run"))


def _script(name: str) -> str:
    return (_HERE / f"{name}.js").read_text(encoding="utf-8")


@dataclass(slots=True)
class Look:
    """One look at one page; fills the visit."""

    page: Page
    visit: Visit
    scripts: Scripts
    access: Access | None
    origin: str

    async def open(self) -> tuple[Response | None, Recorder, CDPSession]:
        """Load the page, signed in where that is its site. Error when it does not come."""
        session = await self.page.context.new_cdp_session(self.page)
        recorder = Recorder()
        await recorder.attach(session)
        await _sign_in(session, self.access, self.origin, self.visit.url)
        address = urldefrag(self.visit.url)[0]
        response = await self.page.goto(address, wait_until="domcontentloaded", timeout=LOAD_SECONDS * 1000)
        with contextlib.suppress(Error):
            await self.page.wait_for_load_state("load", timeout=8000)
        with contextlib.suppress(Error):
            await self.page.evaluate(_PAINTED)
        with contextlib.suppress(Error):
            await self.page.evaluate(_SETTLED)
        return response, recorder, session

    async def at_it(self, *, deep: bool, measure: bool) -> None:
        """Everything that one visit collects. Error when the page does not come."""
        response, recorder, session = await self.open()
        visit = self.visit
        try:
            recorder.fill(visit, self.page.url)
            if visit.headers.get("x-guard"):
                closed = visit.status != 502
                visit.error = "That address is closed to us." if closed else "The address could not be opened."
            elif response is not None and "html" in visit.headers.get("content-type", "text/html"):
                await self._read(response, session, deep=deep, measure=measure)
            elif response is not None:
                visit.error = "" if visit.status < 400 else f"It answered {visit.status}."
        finally:
            with contextlib.suppress(Error):
                await session.detach()

    async def _read(self, response: Response, session: CDPSession, *, deep: bool, measure: bool) -> None:
        visit = self.visit
        with contextlib.suppress(Error):
            visit.source = (await response.text())[:1_000_000]
        visit.facts = await self.page.evaluate(self.scripts.collect)
        visit.cookies = [dict(cookie) for cookie in await self.page.context.cookies()]
        if deep:
            await self._examine(session)
        if measure:
            with contextlib.suppress(Error, TimeoutError):
                await measure_again(self.page, session, visit)

    async def _examine(self, session: CDPSession) -> None:
        """axe in every frame, then what is found by doing; each part may fail without costing the others."""
        page, visit = self.page, self.visit
        for frame in page.frames:
            with contextlib.suppress(Error):
                await frame.evaluate(self.scripts.axe)
        with contextlib.suppress(Error):
            visit.axe = await page.evaluate(self.scripts.axe_run, {"rules": EXTRA_RULES})
        with contextlib.suppress(Error):
            visit.probes = await page.evaluate(self.scripts.probe, 60)
        if any(".gif" in str(row["src"]).lower() for row in visit.rows("images")):
            with contextlib.suppress(Error):
                visit.probes["animated"] = await page.evaluate(_ANIMATED)
        with contextlib.suppress(Error):
            visit.probes.update(await _tab_through(page, session, int(visit.probes.get("stops") or 0)))
        try:
            await self._narrow()
        except Error:
            return
        finally:
            with contextlib.suppress(Error):
                await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # a plain dict of the two

    async def _narrow(self) -> None:
        """The page at 320 px, which is 1280 at 400 %: does it fit, and what is wrong only there."""
        page, visit = self.page, self.visit
        await page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict of the two
        await page.evaluate(_AT_REST)
        visit.probes["narrow"] = await page.evaluate("document.documentElement.scrollWidth")
        if await page.evaluate(_HAS_WIDTHS):
            visit.probes["narrowAxe"] = await page.evaluate(self.scripts.axe_run, {"only": WIDTH_RULES})


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


async def _tab_through(page: Page, session: CDPSession, stops: int) -> dict[str, Any]:
    """Press Tab through the first controls: the order of focus, and where the keyboard got stuck."""
    if stops < 1:
        return {"tabs": [], "trapped": ""}
    await page.evaluate(_WATCH_TABS)
    presses = []
    for _ in range(min(stops, TAB_STOPS) + 3):
        for kind in ("rawKeyDown", "keyUp"):
            key = {"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
            presses.append(session.send("Input.dispatchKeyEvent", key))
    await asyncio.gather(*presses)
    found: dict[str, Any] = await page.evaluate(_STOPS)
    if int(stops) < 2:
        found["trapped"] = ""
    return found
