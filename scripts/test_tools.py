"""What the browser tests need beside our packages: a Chromium. axe-core comes with `make install`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def installed() -> str | None:
    """CHROMIUM, the system's Chromium, or the one that Playwright brought."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> None:
    """Install what is missing: Chromium as the system's package under root on Debian, else as Playwright's."""
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
