"""What the tests need beside our packages: a Chromium, and ical.js as a second reader of our calendars.

axe-core comes with `make install`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ICAL = "ical.js@2.2.1"  # MPL-2.0, used by tests alone
TOOLS = Path(sys.prefix) / "tools" / "tests"


def ical_js() -> Path:
    """The folder whose node_modules has ical.js; installed by our own Node when it is missing."""
    if not (TOOLS / "node_modules" / "ical.js" / "package.json").exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        programs = Path(sys.executable).parent
        path = os.pathsep.join((str(programs), os.environ.get("PATH", "")))
        command = [
            str(programs / "npm"),
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(TOOLS),
            ICAL,
        ]
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})
    return TOOLS


def installed() -> str | None:
    """CHROMIUM, the system's Chromium, or the one that Playwright brought."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> None:
    """Install what is missing; Chromium as the system's package under root on Debian, else as Playwright's."""
    ical_js()
    if installed() is None:
        if os.geteuid() == 0 and shutil.which("apt-get"):
            print("Installing Chromium for the browser tests")
            subprocess.run(["apt-get", "update", "-qq"], check=False)
            subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
        if installed() is None:
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    found = installed()
    if found is None:
        sys.exit("No Chromium: install one (apt-get install chromium) or set CHROMIUM to its path.")
    print(f"Browser tests use {found}")


if __name__ == "__main__":
    main()
