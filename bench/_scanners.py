"""Ours and the peers over the same addresses: what each reports on each page, and what it costs."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench import peers

os.environ.setdefault("PUPPETEER_SKIP_DOWNLOAD", "1")  # the peers share the system's browser
LIGHTHOUSE, PA11Y = "lighthouse@12.8.2", "pa11y@9.0.1"
_FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]
_PA11Y = """
const pa11y = require('pa11y');
(async () => {
  const chromeLaunchConfig = { executablePath: process.env.CHROME_PATH, args: ['--no-sandbox', '--disable-gpu'] };
  for (const url of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    let codes = [];
    try { codes = (await pa11y(url, { chromeLaunchConfig, timeout: 60000 })).issues.map((one) => one.code); }
    catch (error) { codes = []; }
    console.log(JSON.stringify([url, codes]));
  }
})();
"""


@dataclass(frozen=True)
class Run:
    """What a tool reported (page -> ids), and its cost in seconds."""

    found: dict[str, set[str]]
    wall: float
    cpu: float
    issues: list[dict[str, Any]]


def ours(urls: Sequence[str]) -> Run:
    """`taskjuggler scan --json`."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "urls.txt"
        file.write_text("\n".join(urls))
        command = [sys.executable, "-m", "taskjuggler_app", "scan", urls[0], "--json", "--allow-local", "--urls-file"]
        text, wall, cpu = _timed([*command, str(file)], "")
    issues = json.loads(text)["issues"]
    found: dict[str, set[str]] = {url: set() for url in urls}
    for issue in issues:
        if issue["category"] == "accessibility" and not issue["needs_review"]:
            found[issue["page_url"]].add(issue["check"])
    return Run(found, wall, cpu, issues)


def pa11y(urls: Sequence[str]) -> Run:
    """pa11y with its own runner, one page after the other."""
    home = peers.npm(PA11Y)
    script = home / "run.cjs"
    script.write_text(_PA11Y)
    text, wall, cpu = _timed([str(peers.node()), str(script)], json.dumps(list(urls)))
    found = {url: set(codes) for url, codes in (json.loads(line) for line in text.splitlines())}
    return Run(found, wall, cpu, [])


def lighthouse(urls: Sequence[str], categories: str) -> Run:
    """Lighthouse, one page after the other."""
    program = peers.npm(LIGHTHOUSE) / "node_modules" / "lighthouse" / "cli" / "index.js"
    found, wall, cpu = {}, 0.0, 0.0
    for url in urls:
        options = ["--quiet", "--output=json", f"--only-categories={categories}", f"--chrome-flags={' '.join(_FLAGS)}"]
        text, seconds, used = _timed([str(peers.node()), str(program), url, *options], "")
        wall, cpu = wall + seconds, cpu + used
        audits = json.loads(text)["audits"] if text.strip().startswith("{") else {}
        found[url] = {name for name, audit in audits.items() if audit.get("score") == 0}
    return Run(found, wall, cpu, [])


def _timed(command: list[str], given: str) -> tuple[str, float, float]:
    """Output, wall and CPU seconds of a command with all its descendants.

    Sampled ten times a second: browsers leave processes that nobody waits for, so rusage of children misses most.
    """
    browser = shutil.which("chromium") or shutil.which("google-chrome") or ""
    environment = {**os.environ, "CHROME_PATH": browser}
    used: dict[tuple[int, float], float] = {}
    with tempfile.TemporaryFile("w+") as source, tempfile.TemporaryFile("w+") as output:
        source.write(given)
        source.seek(0)
        began = time.monotonic()
        process = psutil.Popen(command, stdin=source, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        while process.poll() is None:
            _sample(process, used)
            time.sleep(0.1)
        wall = time.monotonic() - began
        output.seek(0)
        return output.read(), wall, sum(used.values())


def _sample(process: psutil.Popen, used: dict[tuple[int, float], float]) -> None:
    with contextlib.suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                used[(one.pid, one.create_time())] = sum(one.cpu_times()[:2])
