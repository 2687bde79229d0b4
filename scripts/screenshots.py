"""Takes the pictures of the README from a running demo workspace: `scripts/screenshots.py [ADDRESS]`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from taskjuggler_app.demo import story

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}


def main(address: str) -> None:
    """Write docs/pictures/*.jpg."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        page = _page(browser, address, "light", WIDE)
        _sign_in(page)
        for name, path in (("board", "/tasks/board"), ("monday", "/monday"), ("rules", "/rules")):
            _open(page, path)
            _keep(page, name)
        _open(page, "/inbox")
        page.get_by_role("listitem").filter(has_text="leak").first.get_by_role("link").first.click()
        _settle(page)
        _keep(page, "inbox")
        visitor = _page(browser, address, "dark", PHONE)
        _open(visitor, "/book/quote-call")
        _keep(visitor, "booking")
        browser.close()


def _chromium() -> str | None:
    found = [path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()]
    return found[0] if found else None


def _page(browser: Browser, address: str, scheme: str, size: dict[str, int]) -> Page:
    context = browser.new_context(
        base_url=address,
        viewport=size,  # type: ignore[arg-type]  # a plain dict of the two
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    return context.new_page()


def _sign_in(page: Page) -> None:
    _open(page, "/sign-in")
    page.fill("input[name=email]", story.PEOPLE[0].email)
    page.fill("input[name=password]", story.DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def _open(page: Page, path: str) -> None:
    page.goto(path)
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.locator(".skeleton").first.wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(1500)


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=80)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
