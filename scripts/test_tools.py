"""What the tests need beside our packages: a Chromium, and by Node what tests/tools names.

axe-core comes with `make install`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WANTED = Path(__file__).resolve().parents[1] / "tests" / "tools"
TOOLS = Path(sys.prefix) / "tools" / "tests"
_FILES = ("package.json", "package-lock.json")


def node_tools() -> Path:
    """The folder whose node_modules has what tests/tools/package-lock.json names; installed by our own Node."""
    done = TOOLS / "installed-lock.json"
    if not done.exists() or done.read_bytes() != (WANTED / _FILES[1]).read_bytes():
        TOOLS.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            shutil.copy(WANTED / name, TOOLS)
        programs = Path(sys.executable).parent
        path = os.pathsep.join((str(programs), os.environ.get("PATH", "")))
        command = [str(programs / "npm"), "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, check=True, cwd=TOOLS, env={**os.environ, "PATH": path})
        shutil.copy(TOOLS / _FILES[1], done)  # last: only what was installed whole counts
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
    node_tools()
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
