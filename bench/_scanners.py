"""Ours and the peers over the same addresses: what each reports on each page, and what it costs."""

import contextlib
import json
import os
import re
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
_PA11Y_CRITERION = re.compile(r"\.(\d)_(\d)_(\d+)")
_FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]
_PA11Y = """
const pa11y = require('pa11y');
(async () => {
  const chromeLaunchConfig = { executablePath: process.env.CHROME_PATH, args: ['--no-sandbox', '--disable-gpu'] };
  for (const url of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    let found = [];
    try { found = (await pa11y(url, { chromeLaunchConfig, timeout: 60000 })).issues; }
    catch (error) { found = []; }
    console.log(JSON.stringify([url, found.map((one) => [one.code, one.context || ""])]));
  }
})();
"""


_LIGHTHOUSE = """
import { readFileSync } from 'node:fs';
import lighthouse from 'lighthouse';
import { launch } from 'chrome-launcher';
const { urls, flags, onlyCategories } = JSON.parse(readFileSync(0, 'utf8'));
const chrome = await launch({ chromePath: process.env.CHROME_PATH, chromeFlags: flags });
const within = (work, ms) => Promise.race([work, new Promise((_, no) => setTimeout(() => no(new Error('late')), ms))]);
for (const url of urls) {
  let audits = {};
  const settings = { port: chrome.port, output: 'json', onlyCategories, maxWaitForLoad: 15000,
    throttlingMethod: 'provided', logLevel: 'silent' };
  try { audits = (await within(lighthouse(url, settings), 45000)).lhr.audits; }
  catch (error) { audits = {}; }
  console.log(JSON.stringify([url, audits]));
}
await chrome.kill();
process.exit(0);
"""


@dataclass(frozen=True)
class Report:
    """One certain report of a tool: page, rule, the element's HTML. `by_criterion`: the rule only names criteria."""

    page: str
    rule: str
    html: str
    criteria: tuple[str, ...] = ()
    by_criterion: bool = False
    from_axe: bool = False


@dataclass(frozen=True)
class Run:
    """What a tool reported, and its cost in seconds. `issues` is our own JSON."""

    reports: list[Report]
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
    if not text.startswith("{"):
        sys.exit(f"the scan said nothing: run it by hand: {' '.join(command)} FILE")
    issues = json.loads(text)["issues"]
    reports = [
        Report(
            issue["page_url"],
            issue["check"],
            issue["html_context"] or "",
            tuple(issue["wcag_criteria"]),
            from_axe=issue["source"].startswith("axe-core"),
        )
        for issue in issues
        if not issue["needs_review"]
    ]
    return Run(reports, wall, cpu, issues)


def pa11y(urls: Sequence[str]) -> Run:
    """pa11y with its own runner, one page after the other."""
    home = peers.npm(PA11Y)
    script = home / "run.cjs"
    script.write_text(_PA11Y)
    text, wall, cpu = _timed([str(peers.node()), str(script)], json.dumps(list(urls)))
    reports = []
    for url, found in (json.loads(line) for line in text.splitlines()):
        for code, html in found:
            criteria = tuple(".".join(one) for one in _PA11Y_CRITERION.findall(code))
            reports.append(Report(url, code, html, criteria, by_criterion=True))
    return Run(reports, wall, cpu, [])


def lighthouse(urls: Sequence[str], categories: str) -> Run:
    """Lighthouse, one page after the other."""
    program = peers.npm(LIGHTHOUSE) / "node_modules" / "lighthouse" / "cli" / "index.js"
    reports, wall, cpu = [], 0.0, 0.0
    for url in urls:
        options = ["--quiet", "--output=json", f"--only-categories={categories}", f"--chrome-flags={' '.join(_FLAGS)}"]
        text, seconds, used = _timed([str(peers.node()), str(program), url, *options], "")
        wall, cpu = wall + seconds, cpu + used
        reports += _failed(url, json.loads(text)["audits"] if text.strip().startswith("{") else {})
    return Run(reports, wall, cpu, [])


def lighthouse_at_once(urls: Sequence[str], categories: str) -> Run:
    """Lighthouse in one browser without throttling, for what it reports; no measure of speed."""
    home = peers.npm(LIGHTHOUSE)
    script = home / "run.mjs"
    script.write_text(_LIGHTHOUSE)
    asked = {"urls": list(urls), "flags": _FLAGS, "onlyCategories": categories.split(",")}
    text, wall, cpu = _timed([str(peers.node()), str(script)], json.dumps(asked))
    answers = [json.loads(line) for line in text.splitlines() if line.startswith("[")]
    return Run([one for url, audits in answers for one in _failed(url, audits)], wall, cpu, [])


def _failed(url: str, audits: dict[str, Any]) -> list[Report]:
    reports = []
    for name, audit in audits.items():
        if audit.get("score") == 0:
            items = (audit.get("details") or {}).get("items") or [{}]
            reports += [Report(url, name, str((item.get("node") or {}).get("snippet") or "")) for item in items]
    return reports


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
