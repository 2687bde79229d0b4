"""Builds the browser's half of the app when its sources changed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import fasteners

CSP_HASHES = "csp-hashes.json"
"""Beside the built client: what the security headers allow of its inline scripts."""

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".web" / "build"
_STAMP = BUILD / "source-hash"
_SOURCES = ("rxconfig.py", "taskjuggler_app/taskjuggler_app.py", "taskjuggler_app/web", "taskjuggler_app/models",
            "assets", "reflex.lock", "requirements.lock")  # fmt: skip


class BuildFailed(Exception):
    """The web app could not be built; the message ends with what the build printed."""


def ensure_built(progress: Callable[[str], None]) -> bool:
    """Build if a source changed since the last build; True when it built. Two starts at once build once."""
    (ROOT / ".web").mkdir(exist_ok=True)
    with fasteners.InterProcessLock(ROOT / ".web" / ".build.lock"):
        wanted = source_hash()
        if is_built(wanted):
            return False
        progress("Building the web app (about a minute, only when its sources changed)")
        output = _export()
        if not _complete():  # Reflex's export was seen to fail silently when the machine is busy
            progress("The build came out incomplete, building once more")
            output = _export()
        if not _complete():
            raise BuildFailed(f"The web app could not be built:\n{output[-3000:]}")
        _STAMP.write_text(wanted)
        return True


def is_built(wanted: str | None = None) -> bool:
    """Whether the build on disk is of the sources on disk."""
    return _complete() and _STAMP.exists() and _STAMP.read_text() == (wanted or source_hash())


def source_hash() -> str:
    """SHA-256 over names and contents of every file that the build depends on."""
    total = hashlib.sha256()
    for path in sorted(_source_files()):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(_content(path)).digest())
    return total.hexdigest()


def scripts_version() -> str:
    """Twelve letters that change with our own scripts: part of their address, so that browsers keep them."""
    total = hashlib.sha256()
    for path in sorted((ROOT / "assets" / "js").glob("*.js")):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def script_hashes() -> list[str]:
    """CSP hashes of the built pages' inline scripts."""
    hashes: list[str] = json.loads((BUILD / CSP_HASHES).read_text())
    return hashes


def pages() -> frozenset[str]:
    """Addresses of the built pages without a dynamic part, as people write them: /tasks/board."""
    client = BUILD / "client"
    return frozenset("/" + page.parent.relative_to(client).as_posix() for page in client.rglob("*/index.html"))


def shell() -> str:
    """The built HTML of every page whose address has a dynamic part."""
    return (BUILD / "client" / "__spa-fallback.html").read_text(encoding="utf-8")


def build_environment() -> dict[str, str]:
    """The process environment with the virtual environment's own Node first and Reflex told to use npm."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return {
        **os.environ,
        "PATH": path,
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "npm_config_update_notifier": "false",
    }


def _content(path: Path) -> bytes:
    """The file's bytes; of JSON its meaning, since the build itself reorders the npm lock."""
    if path.suffix == ".json":
        return json.dumps(json.loads(path.read_bytes()), sort_keys=True).encode()
    return path.read_bytes()


def _source_files() -> Iterator[Path]:
    for name in _SOURCES:
        path = ROOT / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from (p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _export() -> str:
    shutil.rmtree(BUILD, ignore_errors=True)  # a failed export must not look like the one before it
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--no-zip", "--frontend-only"],
        cwd=ROOT,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def _complete() -> bool:
    return (BUILD / "client" / "index.html").exists() and (BUILD / CSP_HASHES).exists()
