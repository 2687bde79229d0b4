"""Public pages that scanners are measured on, served on loopback. Nothing to fetch by hand.

accessibility-tool-audit: github alphagov/accessibility-tool-audit at commit e9e46115caf5 (MIT), its test and example
pages with what they load, as bench/corpora/accessibility-tool-audit.tar.xz. html5-boilerplate: its npm package.
"""

import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench import peers

AUDIT, CLEAN = "accessibility-tool-audit", "html5-boilerplate"
_CLEAN_PIN = f"{CLEAN}@9.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's word
        """Nothing on the terminal."""


@contextmanager
def served(*, clean: bool = False) -> Iterator[tuple[Path, str]]:
    """A folder with the audit's pages, and with the clean ones when asked for; and its address."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        with tarfile.open(Path(__file__).parent / "corpora" / f"{AUDIT}.tar.xz") as archive:
            archive.extractall(home, filter="data")
        if clean:
            (home / CLEAN).symlink_to(peers.npm(_CLEAN_PIN) / "node_modules" / CLEAN / "dist")
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(home)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield home, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
