"""What axe-core finds on a page, on a desktop and a phone, in light and in dark, and whether it scrolls sideways."""

import sys
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(sys.prefix) / "tools" / "node_modules" / "axe-core" / "axe.min.js"
"""Installed by scripts/install.sh."""
SIZES = ((390, 844), (1440, 900))
VIOLATIONS = """async options => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);  // a change of colours has begun
    const running = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity);
    const atRest = Promise.allSettled(running.map(one => one.finished));
    await Promise.race([atRest, new Promise(done => setTimeout(done, 2000))]);  // one that is paused never ends
    const found = await axe.run({resultTypes: ['violations'], ...options});
    return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}`));
}"""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules whose answer a theme can change."""


def examine(page: Page, path: str) -> list[str]:
    """One line for each violation on the page, once its content is there; the page is left wide and light."""
    page.goto(path)
    page.wait_for_selector("main h1")
    page.wait_for_function("!document.querySelector('.skeleton')")
    page.wait_for_timeout(150)
    page.add_script_tag(path=AXE)
    lines = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme, options in (("dark", COLOURS), ("light", {})):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # two literals
            lines += [f"{path}, {width} px, {scheme}: {found}" for found in page.evaluate(VIOLATIONS, options)]
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        lines += [f"{path}: {scrolled} px wide"] if scrolled > width else []
    return lines
