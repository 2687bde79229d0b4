"""The product spread out: two web processes behind nginx with their pages in Redis, two workers, two schedulers."""

import shutil
import subprocess
from pathlib import Path

from tests.e2e.conftest import Installation, free_port, wait_for

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
PAIRS = ("web", "second web", "worker", "second worker", "scheduler", "second scheduler")


class Scaled(Installation):
    """`start(name)` starts and `kill(name)` take one of each pair: "worker" or "second worker"."""

    def __init__(self, url: str, port: int, folder: Path) -> None:
        super().__init__(url, port)
        self.folder, self.redis_port = folder, free_port()
        self.webs = {"web": free_port(), "second web": free_port()}

    def environment(self) -> dict[str, str]:
        """What every process is told beside the usual."""
        return {"REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0", "TRUSTED_PROXIES": "1"}

    def begin(self) -> None:
        """Redis, the second of everything, and nginx with the configuration of deploy/ once both answer."""
        redis = ("redis-server", "--port", str(self.redis_port), "--save", "", "--dir", str(self.folder))
        self.processes["redis"] = self._other(*redis)
        for name in PAIRS:
            self.start(name)
        for port in self.webs.values():
            wait_for(f"http://127.0.0.1:{port}/healthz")
        (self.folder / "nginx.conf").write_text(self._configuration())
        self.processes["nginx"] = self._other("nginx", "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;")
        wait_for(f"{self.base_url}/healthz")

    def start(self, name: str, **env: str) -> subprocess.Popen[bytes]:
        """Start one of a pair, "worker" or "second worker"; each web process has a port of its own behind nginx."""
        if name in self.webs:
            env.setdefault("PORT", str(self.webs[name]))
        return super().start(name, **env)

    def _configuration(self) -> str:
        text = CONFIGURATION.read_text()
        for name, port in zip(("web1:8080", "web2:8080"), self.webs.values(), strict=True):
            text = text.replace(name, f"127.0.0.1:{port}")
        text = text.replace("listen 8000", f"listen {self.base_url.rpartition(':')[2]}")
        return text.replace("/tmp/taskjuggler-nginx.pid", str(self.folder / "nginx.pid"))

    def _other(self, program: str, *args: str) -> subprocess.Popen[bytes]:
        found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
        assert found, f"{program} is missing. On Debian: apt-get install redis-server nginx-light"
        return subprocess.Popen([found, *args], stdout=subprocess.DEVNULL)
