"""A fix tried on the page where the fault was found, the check run again, and a picture of the element."""

import io
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Error, Page

from taskjuggler_app.adapters.axe import axe_source
from taskjuggler_app.adapters.chromium import Chromium
from taskjuggler_app.adapters.looking import EXTRA_RULES, Scripts
from taskjuggler_app.core.netaddr import AddressRefused
from taskjuggler_app.domain.sitehealth.checks import ALL, Finding, axe, run_page
from taskjuggler_app.domain.sitehealth.fixes import Fix
from taskjuggler_app.domain.sitehealth.visit import Visit

_APPLY = """([selector, sets]) => {
  const el = selector ? document.querySelector(selector) : document.documentElement;
  if (!el) return false;
  for (const [name, value] of sets) {
    if (name === "head.title") document.title = value;
    else if (name === "head.description") {
      let meta = document.querySelector("meta[name=description]");
      if (!meta) document.head.append(meta = Object.assign(document.createElement("meta"), { name: "description" }));
      meta.content = value;
    } else if (name === "text") el.textContent = value;
    else if (name.startsWith("style.")) el.style.setProperty(name.slice(6), value, "important");
    else if (value === null) el.removeAttribute(name);
    else el.setAttribute(name, value);
  }
  return true;
}"""
_MARK = """(selector) => {
  const el = document.querySelector(selector);
  if (!el || !el.checkVisibility?.({ visibilityProperty: true })) return null;
  el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const at = el.getBoundingClientRect();
  if (at.width < 2 || at.height < 2) return null;
  const frame = document.createElement("div");
  Object.assign(frame.style, { position: "fixed", zIndex: 2147483647, pointerEvents: "none", boxSizing: "border-box",
    left: at.x - 5 + "px", top: at.y - 5 + "px", width: at.width + 10 + "px", height: at.height + 10 + "px",
    border: "3px solid #d1242f", borderRadius: "4px", boxShadow: "0 0 0 3px #ffffffcc" });
  frame.id = "taskjuggler-mark";
  document.documentElement.append(frame);
  const wide = Math.max(at.width + 160, 480), high = Math.max(at.height + 120, 220);
  const x = Math.max(0, Math.min(at.x + at.width / 2 - wide / 2, innerWidth - wide));
  const y = Math.max(0, Math.min(at.y + at.height / 2 - high / 2, innerHeight - high));
  return { x, y, width: Math.min(wide, innerWidth), height: Math.min(high, innerHeight) };
}"""
_AROUND = """(selector) => {
  const flat = (text, most) => (text || "").replace(/\\s+/g, " ").trim().slice(0, most);
  const el = selector ? document.querySelector(selector) : null;
  const near = el && (el.closest("figure, li, article, section, td, p, form") || el.parentElement);
  const image = el && (el.matches("img, input") ? el : el.querySelector("img"));
  const before = el && Array.from(document.querySelectorAll("h1, h2, h3, h4")).filter((one) =>
    one.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  return {
    "Title of the page": flat(document.title, 200), "Language": document.documentElement.lang || "",
    "Main heading": flat(document.querySelector("h1")?.innerText, 200),
    "Heading before it": flat(before?.innerText, 200),
    "Text around it": flat(near?.innerText, 800), "File of the image": flat((image?.src || "").split("/").pop(), 100),
    "Leads to": flat(el?.closest("a")?.href, 200),
    "Text of the page": flat((document.querySelector("main, [role=main], article") || document.body)?.innerText, 1800),
  };
}"""
"""What a person would look at to write a text for the element, or for the page."""
_UNMARK = "() => document.getElementById('taskjuggler-mark')?.remove()"


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the check no longer finds the element after the fix, and the element as it was, marked (PNG).

    `around` is what the page says around it, for who writes a text for it.
    """

    holds: bool
    shot: io.BytesIO | None
    around: dict[str, Any] = field(default_factory=dict)


async def prove(browser: Chromium, finding: Finding, fix: Fix | None) -> Proof:
    """Try the fix in a page of its own, which is thrown away. Never raises for what the page does."""

    async def work(page: Page) -> Proof:
        shot = await _picture(page, finding.place.selector) if finding.place.selector else None
        around: dict[str, Any] = await page.evaluate(_AROUND, finding.place.selector)
        holds = bool(fix and fix.sets) and await _tried(page, finding, fix)
        return Proof(holds, shot, around)

    try:
        return await browser.run(finding.page_url, work)
    except (Error, TimeoutError, AddressRefused):
        return Proof(False, None)


async def _tried(page: Page, finding: Finding, fix: Fix | None) -> bool:
    """The fault is seen before the fix and not after: what was not seen proves nothing."""
    if fix is None or not await _sees(page, finding):
        return False
    applied = await page.evaluate(_APPLY, [finding.place.selector, [list(one) for one in fix.sets]])
    return bool(applied) and not await _sees(page, finding)


async def _sees(page: Page, finding: Finding) -> bool:
    scripts = Scripts(axe_source())
    visit = Visit(finding.page_url, page.url, 200)
    if finding.check.source.startswith("axe-core"):
        await page.evaluate(scripts.axe)
        visit.axe = await page.evaluate(scripts.axe_run, {"only": [finding.check.id], "rules": EXTRA_RULES})
        found = axe.findings(visit)
    else:
        visit.facts = await page.evaluate(scripts.collect)
        found = run_page(visit, ALL)
    return any(one.check.id == finding.check.id and one.place.selector == finding.place.selector for one in found)


async def _picture(page: Page, selector: str) -> io.BytesIO | None:
    try:
        clip = await page.evaluate(_MARK, selector)
        if clip is None:
            return None
        taken = io.BytesIO(await page.screenshot(clip=clip, animations="disabled", timeout=5000))
        await page.evaluate(_UNMARK)
    except (Error, TimeoutError):
        return None
    return taken
