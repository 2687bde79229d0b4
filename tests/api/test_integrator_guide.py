"""The examples of the integrator's guide, run as they stand there against a server on this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from uvicorn import Config, Server

from jobs.handlers import tef as handlers
from jobs.scheduler import tell_webhooks
from jobs.worker import drain_now
from taskjuggler_app.api import mcp, tef
from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import InboxItem, Task
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState
from taskjuggler_app.server import Lifespans, Prefixes
from tests.domain.webhooks.receiver import receiving
from tests.factories import make_owner

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "integrator.md"
_BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """The guide's programs in their order: (language, source)."""
    return [(found[1], found[2]) for found in _BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))]


@pytest.fixture
def address(database_url: str) -> Iterator[str]:
    """REST, MCP and the task exchange behind one address, as the product serves them."""
    limits.forget_everything()
    assistants = mcp.create()
    app = Prefixes({mcp.PATH: mcp.app(assistants), tef.PREFIX: tef.app}, otherwise=api.create())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(Config(Lifespans(app, assistants.session_manager.run), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


class Reader:
    """Somebody who goes through the guide with a key, in a folder of their own."""

    def __init__(self, address: str, folder: Path) -> None:
        with transaction() as session:
            made = tokens.create(session, make_owner(session), name="Guide", abilities=list(tokens.ABILITIES), days=7)
        self.folder = folder
        self.env = {**os.environ, "TASKJUGGLER": address, "KEY": made.secret, "NO_PROXY": "127.0.0.1", "no_proxy": "*"}

    def runs(self, language: str, source: str) -> str:
        """What the program prints. Fails where the program fails."""
        bash = ["bash", "-euo", "pipefail", "-c", source]
        command = bash if language == "bash" else [sys.executable, "-c", source]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{source}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def _deliver() -> None:
    """What the worker does with envelopes that wait."""
    with transaction() as session:
        waiting = session.exec(select(EnvelopeLog.id).where(EnvelopeLog.state == EnvelopeState.QUEUED)).all()
    for envelope_id in waiting:
        handlers.deliver(str(envelope_id))


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the guide's shell examples use both")
def test_every_example_does_what_the_guide_says(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "allow_local_targets", True)
    made, listed, changed, message, hook, verified, assistant, agent, answers = blocks()
    reader = Reader(address, tmp_path)

    reader.runs(*made)
    assert reader.runs(*listed).splitlines()[0] == '"Call about order 48213"'
    assert reader.runs(*changed).strip()
    reader.runs(*message)
    with transaction() as session:
        assert [task.priority for task in session.exec(select(Task)).all()] == ["urgent"]
        assert [item.from_identifier for item in session.exec(select(InboxItem)).all()] == ["ada@example.com"]

    with receiving() as receiver:
        reader.env["MY_ADDRESS"] = receiver.url
        secret = reader.runs(*hook).strip()
        reader.runs(*assistant)
        tell_webhooks()
        drain_now()
        scope: dict[str, Any] = {}
        exec(verified[1], scope)  # noqa: S102  # the guide's own function
        assert receiver.got
        headers, body = receiver.got[0]
        assert scope["verified"](secret, headers, body)
        assert not scope["verified"](secret, headers, body + b" ")
        assert not scope["verified"](secret, {**headers, "webhook-timestamp": "1700000000"}, body)

    reader.runs(*agent)
    _deliver()
    reader.runs(*answers)
    with transaction() as session:
        task = session.exec(select(Task).where(Task.title == "Sum up the week")).one()
        assert task.status == "completed"
