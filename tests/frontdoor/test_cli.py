"""`taskjuggler` as people meet it: help, wrong settings, taken ports, a played text message."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from taskjuggler_app.commands import ports
from taskjuggler_app.core.config import Settings

TOKEN = "the account's token"


def taskjuggler(*arguments: str, data_dir: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a command without a terminal and without the settings of whoever runs the tests."""
    return given(b"", *arguments, data_dir=data_dir, **env)


def given(said: bytes, *arguments: str, data_dir: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """The same, with something on standard input."""
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return subprocess.run(
        [sys.executable, "-m", "taskjuggler_app", *arguments],
        env={**clean, "DATA_DIR": str(data_dir), "COLUMNS": "200", **env},
        input=said.decode("utf-8", errors="surrogateescape"),
        encoding="utf-8",
        errors="surrogateescape",
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


class Recorder(BaseHTTPRequestHandler):
    """Keeps what it was sent and answers what the test asks for."""

    received: list[tuple[str, dict[str, str], str]] = []
    status = 200
    port = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.received.append((self.path, dict(parse_qsl(body)), self.headers["X-Twilio-Signature"]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[type[Recorder]]:
    """Something that listens in the app's place; its port is `app.port`."""

    class Handler(Recorder):
        received: list[tuple[str, dict[str, str], str]] = []

    handler = Handler
    server = HTTPServer(("127.0.0.1", 0), handler)
    handler.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_help_names_every_command_without_loading_the_app(tmp_path: Path) -> None:
    said = taskjuggler("--help", data_dir=tmp_path).stdout
    for command in ("up", "web", "worker", "scheduler", "doctor", "migrate", "demo", "verify", "simulate", "extract"):
        assert f" {command} " in said
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, taskjuggler_app.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"reflex", "sqlalchemy", "twilio", "httpx", "procrastinate"}.isdisjoint(loaded)


@pytest.mark.parametrize("command", ["up", "web", "worker", "scheduler", "migrate"])
def test_a_wrong_setting_stops_every_command_with_one_line(tmp_path: Path, command: str) -> None:
    done = taskjuggler(command, data_dir=tmp_path, PUBLIC_URL="example.com/app")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Stopped: PUBLIC_URL: must be http://host")
    assert done.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_said_in_one_line_without_its_password(tmp_path: Path, taken: int) -> None:
    done = taskjuggler("migrate", data_dir=tmp_path, DATABASE_URL="postgresql://me:hunter2@127.0.0.1:1/x")
    assert done.returncode == 2
    assert done.stderr.startswith("Stopped: DATABASE_URL: the database does not answer")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


def test_a_taken_port_is_said_with_the_line_to_type_and_starts_nothing(tmp_path: Path, taken: int) -> None:
    done = taskjuggler("up", data_dir=tmp_path, PORT=str(taken))
    assert done.returncode == 1
    assert f"port {taken} is taken by another program. Try: PORT=" in done.stderr
    assert "make run" in done.stderr
    assert not (tmp_path / "pgdata").exists()


def test_a_host_that_is_not_ours_is_not_called_a_taken_port() -> None:
    found = ports.trouble("203.0.113.7", 8080)
    assert found is not None
    assert found.said == "HOST: 203.0.113.7 is no address of this machine"


def test_the_offered_port_is_free(taken: int) -> None:
    found = ports.trouble("127.0.0.1", taken)
    assert found is not None
    assert ports.trouble("127.0.0.1", found.other) is None


def test_a_played_text_is_signed_as_twilio_signs_it(tmp_path: Path, app: type[Recorder]) -> None:
    settings = {"PORT": str(app.port), "TWILIO_AUTH_TOKEN": TOKEN}
    done = taskjuggler(
        "simulate", "sms", "--from", "+12075550150", "--to", "+12075550100", "Ça fuit", data_dir=tmp_path, **settings
    )
    assert done.returncode == 0, done.stderr
    assert "becomes a task" in done.stdout
    ((path, form, signature),) = app.received
    assert (form["From"], form["To"], form["Body"]) == ("+12075550150", "+12075550100", "Ça fuit")
    assert RequestValidator(TOKEN).validate(f"http://127.0.0.1:{app.port}{path}", form, signature)


def test_behind_a_proxy_the_public_address_is_signed(tmp_path: Path, app: type[Recorder]) -> None:
    settings = {"PORT": str(app.port), "TWILIO_AUTH_TOKEN": TOKEN, "PUBLIC_URL": "https://tasks.example.com"}
    assert taskjuggler("simulate", "sms", "Hello", data_dir=tmp_path, **settings).returncode == 0
    ((path, form, signature),) = app.received
    assert RequestValidator(TOKEN).validate(f"https://tasks.example.com{path}", form, signature)


def test_a_refusal_is_said_in_plain_words(tmp_path: Path, app: type[Recorder]) -> None:
    app.status = 403
    done = taskjuggler("simulate", "sms", "Hello", data_dir=tmp_path, PORT=str(app.port))
    assert done.returncode == 1
    assert "refused the signature" in done.stderr


def test_an_app_that_does_not_run_is_said_with_what_to_type(tmp_path: Path) -> None:
    done = taskjuggler("simulate", "sms", "Hello", data_dir=tmp_path, PORT="1")
    assert done.returncode == 1
    assert "nothing answers at http://127.0.0.1:1: start it with `make run`" in done.stderr


def test_the_doctor_says_what_is_embedded_and_changes_nothing(tmp_path: Path, taken: int) -> None:
    done = taskjuggler("doctor", data_dir=tmp_path, PORT=str(taken), TWILIO_ACCOUNT_SID="AC1")
    assert done.returncode == 1, "the port is taken and Twilio is half configured"
    assert "embedded, no data yet" in done.stdout
    assert "taken by another program" in done.stdout
    assert "TWILIO_AUTH_TOKEN is missing" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_the_doctor_works_before_there_is_a_data_folder(tmp_path: Path) -> None:
    secret = "0123456789 abcdef"
    done = taskjuggler("doctor", data_dir=tmp_path / "not" / "yet", SECRET_KEY=secret, PORT=str(_free()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GB free" in done.stdout
    assert not (tmp_path / "not").exists()


def test_an_unknown_revision_is_said_with_the_newest(tmp_path: Path, empty_url: str) -> None:
    done = taskjuggler("migrate", "--revision", "nope", data_dir=tmp_path, DATABASE_URL=empty_url)
    assert done.returncode == 2
    assert done.stderr.startswith("Stopped: Can't locate revision identified by 'nope'. The newest revision is ")
    assert done.stderr.count("\n") == 1


def test_a_byte_that_is_not_utf8_costs_no_other_line(tmp_path: Path) -> None:
    lines = b'{"id": 1, "text": "caf\xff at 9am"}\n{"id": 2, "text": "fine"}\n'
    for locale in ({"PYTHONIOENCODING": "utf-8:strict"}, {"PYTHONIOENCODING": "latin-1"}):
        done = given(lines, "extract", data_dir=tmp_path, **locale)
        assert done.returncode == 0, done.stderr
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
        assert "caf\N{REPLACEMENT CHARACTER}" in json.loads(done.stdout.splitlines()[0])["summary"].lower()


def test_rules_that_are_no_text_are_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "rules").write_bytes(b"\xff\xfe")
    done = taskjuggler("route", str(tmp_path / "rules"), data_dir=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is not UTF-8" in done.stderr


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
