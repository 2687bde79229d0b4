"""A tool's server whose answers a test decides."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Elsewhere:
    """Answers POSTs with `answer` and `status`; keeps what it was sent. `failures` come first, as errors 500."""

    def __init__(self) -> None:
        self.answer: Any = {"output": "Fixed."}
        self.status, self.failures, self.delay = 200, 0, 0.0
        self.seen: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Any address."""
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.seen.append(({name.lower(): value for name, value in self.headers.items()}, body))
                time.sleep(outer.delay)
                status = 500 if len(outer.seen) <= outer.failures else outer.status
                said = outer.answer if isinstance(outer.answer, bytes) else json.dumps(outer.answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *args: object) -> None:
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/run"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
