"""The conformance suite of the Model Context Protocol: all of it against a fixture server on our SDK, and against ours
what ours offers. The suite is npm's @modelcontextprotocol/conformance, of the version in tests/tools."""

import os
import re
import runpy
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server

from taskjuggler_app.api import mcp, security
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from tests.factories import make_owner

ROOT = Path(__file__).resolve().parents[2]
ALL = 32
"""Scenarios of the suite's version for servers."""
OURS = (
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "prompts-list",
    "dns-rebinding-protection",
)
"""What a server without sessions, logging, sampling and questions to the user can be asked."""


def _suite(url: str, *arguments: str) -> str:
    """What the suite says of the server at an address."""
    tools: Path = runpy.run_path(str(ROOT / "scripts" / "test_tools.py"))["node_tools"]()
    node = Path(sys.executable).with_name("node")
    command = [str(node), str(tools / "node_modules" / ".bin" / "conformance"), "server", "--url", url, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tools)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nobody listens")


def test_the_sdk_that_we_use_passes_the_suite_in_full() -> None:
    port = _port()
    command = [sys.executable, "-m", "tests.api.mcp_fixture", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        _wait_for(port)
        said = _suite(f"http://127.0.0.1:{port}/mcp", "--suite", "all")
    finally:
        server.terminate()
        server.wait(20)
    results = [line for line in said.splitlines() if " passed, " in line and not line.startswith("Total")]
    assert len(results) == ALL
    assert [line for line in results if " 0 failed" not in line] == []


class _WithKey:
    """Gives every request a key: the suite has no way to send one."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._key = app, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": list(scope["headers"])}
            MutableHeaders(scope=scope)["authorization"] = f"Bearer {self._key}"
        await self._app(scope, receive, send)


@contextmanager
def _ours(key: str) -> Iterator[str]:
    """Our own server behind our own guards, at an address."""
    port = _port()
    guarded = security.guarded(mcp.app(mcp.create()), csp="", public_url=f"http://127.0.0.1:{port}", host="127.0.0.1")
    server = Server(Config(_WithKey(guarded, key), port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.should_exit = True
        thread.join(20)


def test_ours_passes_what_it_offers(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits.forget_everything()
    monkeypatch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
    with transaction() as session:
        made = tokens.create(session, make_owner(session), name="Suite", abilities=list(tokens.ABILITIES), days=7)
    with _ours(made.secret) as url:
        for scenario in OURS:
            said = _suite(url, "--scenario", scenario)
            assert re.search(r"^Passed: ([1-9]\d*)/\1, 0 failed", said, re.MULTILINE), said
