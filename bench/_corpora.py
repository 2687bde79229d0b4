"""Public pages that scanners are measured on, from a folder that the environment names, served on loopback."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

VARIABLE = "BENCH_CORPORA"


def folder(*names: str) -> Path:
    """The folder of checkouts; ends the benchmark with what is missing and where it comes from."""
    home = Path(os.environ.get(VARIABLE) or "/nonexistent")
    missing = [name for name in names if not (home / name).is_dir()]
    if missing:
        sys.exit(
            f"Set {VARIABLE} to a folder with checkouts of {', '.join(names)} "
            "(github alphagov/accessibility-tool-audit, h5bp/html5-boilerplate). "
            f"Missing: {', '.join(missing)}."
        )
    return home


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's word
        """Nothing on the terminal."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The folder's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(home)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
