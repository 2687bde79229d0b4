"""The peers of our benchmarks: packages that we measure ourselves against, installed on demand beside our own."""

import subprocess
import sys
from pathlib import Path

_HOME = Path(sys.prefix) / "peers"


def python(*pins: str) -> Path:
    """The Python of an environment that has exactly these packages ("nicegui==3.1.0"), made once."""
    home = _HOME / "python" / _named(pins)
    found = home / "bin" / "python"
    if not (home / "complete").exists():
        subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", "--clear", str(home)], check=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(found), *pins]
        subprocess.run(command, check=True)
        (home / "complete").touch()
    return found


def npm(*pins: str) -> Path:
    """A folder whose node_modules has these packages ("lighthouse@13.0.0"), made once; run Node with `node`."""
    home = _HOME / "npm" / _named(pins)
    if not (home / "complete").exists():
        home.mkdir(parents=True, exist_ok=True)
        command = [str(node().with_name("npm")), "install", "--silent", "--no-audit", "--no-fund"]
        subprocess.run([*command, "--prefix", str(home), *pins], check=True)
        (home / "complete").touch()
    return home


def node() -> Path:
    """The Node that our own build uses."""
    return Path(sys.executable).with_name("node")


def _named(pins: tuple[str, ...]) -> str:
    return "_".join(sorted(pins)).replace("/", "-").replace("@", "-")[:120]
