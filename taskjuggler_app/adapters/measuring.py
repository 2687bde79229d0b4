"""A page loaded twice more: medians of its timings, and how much of its code and styles it uses."""

import asyncio
from statistics import median
from typing import Any

from playwright.async_api import CDPSession, Page

from taskjuggler_app.domain.sitehealth.visit import Visit

TIMINGS = ("lcp", "cls", "blocked", "long", "fcp", "ttfb")
SECONDS = 8.0
_LAB = """() => {
  const { lab } = window.__taskjuggler, navigation = performance.getEntriesByType("navigation")[0];
  return { lcp: lab.lcp, cls: lab.cls, blocked: lab.blocked, long: lab.long,
    fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime || 0,
    ttfb: navigation ? navigation.responseStart - navigation.requestStart : 0 };
}"""
_PLAIN = """async () => {
  const files = performance.getEntriesByType("resource").filter((one) => /\\.(m?js|css)([?#]|$)/.test(one.name)
    && new URL(one.name).origin === location.origin && one.decodedBodySize > 8000).slice(0, 12);
  return Promise.all(files.map(async ({ name }) => {
    const text = await (await fetch(name, { cache: "force-cache" })).text();
    const bare = text.replace(/\\/\\*(?!!)[\\s\\S]*?\\*\\//g, "");
    const short = bare.replace(/^[ \\t]+|[ \\t]+$|^\\/\\/.*$/gm, "").replace(/\\n+/g, "\\n");
    const map = /[#@] sourceMappingURL=(?!data:)(\\S+)\\s*(\\*\\/)?\\s*$/.exec(text.slice(-300));
    return { url: name, saved: text.length - short.length, map: map ? map[1] : "" };
  }));
}"""
"""What blanks and remarks cost in the site's own code, and the source map that it names."""


async def measure_again(page: Page, session: CDPSession, visit: Visit) -> None:
    """Set `lab` to the median of three loads without a cache, and `unused` to what of each file was not needed."""
    runs: list[dict[str, float]] = [visit.facts["lab"]]
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for coverage in (False, True):
        sheets = await _start(session) if coverage else {}
        async with asyncio.timeout(SECONDS):
            await page.reload(wait_until="load")
            await page.wait_for_timeout(150)
        runs.append(await page.evaluate(_LAB))
        if coverage:
            code: list[dict[str, Any]] = await page.evaluate(_PLAIN)
            visit.facts["plainCode"], visit.facts["sourceMaps"] = code, [one for one in code if one["map"]]
            visit.facts["unused"] = [*await _scripts(session), *await _styles(session, sheets)]
    visit.facts["lab"] |= {name: median(float(run[name]) for run in runs) for name in TIMINGS} | {"runs": len(runs)}


async def _start(session: CDPSession) -> dict[str, dict[str, Any]]:
    sheets: dict[str, dict[str, Any]] = {}

    def added(event: dict[str, Any]) -> None:
        sheets[event["header"]["styleSheetId"]] = event["header"]

    session.on("CSS.styleSheetAdded", added)
    await session.send("Profiler.enable")
    await session.send("Profiler.startPreciseCoverage", {"callCount": False, "detailed": True})
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    await session.send("CSS.startRuleUsageTracking")
    return sheets


async def _scripts(session: CDPSession) -> list[dict[str, Any]]:
    found = []
    for script in (await session.send("Profiler.takePreciseCoverage"))["result"]:
        ranges = [one for function in script["functions"] for one in function["ranges"]]
        if not script["url"].startswith("http") or not ranges:
            continue
        ranges.sort(key=lambda one: (one["startOffset"], -one["endOffset"]))
        used = bytearray(max(one["endOffset"] for one in ranges))
        for one in ranges:  # the outer first: an inner function's own count is painted over it
            length = one["endOffset"] - one["startOffset"]
            used[one["startOffset"] : one["endOffset"]] = (b"\1" if one["count"] else b"\0") * length
        found.append({"kind": "script", "url": script["url"], "total": len(used), "unused": used.count(0)})
    return found


async def _styles(session: CDPSession, sheets: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    used: dict[str, int] = dict.fromkeys(sheets, 0)
    for rule in (await session.send("CSS.stopRuleUsageTracking"))["ruleUsage"]:
        if rule["used"] and rule["styleSheetId"] in used:
            used[rule["styleSheetId"]] += int(rule["endOffset"] - rule["startOffset"])
    return [
        {
            "kind": "style sheet",
            "url": header["sourceURL"],
            "total": int(header["length"]),
            "unused": max(0, int(header["length"]) - used[sheet]),
        }
        for sheet, header in sheets.items()
        if header["sourceURL"].startswith("http")
    ]
