"""What we change in the client that Reflex builds."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import reflex as rx
from reflex_base.plugins.base import PostBuildContext, PreCompileContext
from typing_extensions import Unpack

from taskjuggler_app.web.build import CSP_HASHES

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)

# Reflex 0.10 bakes the backend's address into the build and swaps only the host name, only for localhost.
_BAKED_ADDRESS = """    const frontend_hostname = window.location.hostname;
    endpoint.hostname = frontend_hostname;
    if (window.location.protocol === "https:") {"""
_PAGE_ADDRESS = """    endpoint.host = window.location.host;
    if (!window.location.port) endpoint.port = "";
    if (window.location.protocol === "https:") {"""
_DROPPED_PORT = '      endpoint.port = ""; // Assume websocket is on https port via load balancer.\n'


class SameOrigin(rx.plugins.Plugin):
    """One build for every host and port, under a policy without inline scripts of unknown content."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Make the client dial the page's own address."""
        context["add_modify_task"]("utils/state.js", dial_the_pages_own_address)

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Our own scripts as one file; the hashes of the inline scripts beside the pages, for the security headers."""
        static_dir = context["static_dir"]
        bundle(static_dir)
        hashes = sorted({h for page in static_dir.rglob("*.html") for h in inline_script_hashes(page.read_text())})
        (static_dir.parent / CSP_HASHES).write_text(json.dumps(hashes, indent=1))


def dial_the_pages_own_address(source: str) -> str:
    """Rewrite `getBackendURL` in Reflex's client. Raises ValueError when this Reflex has another one."""
    if _PAGE_ADDRESS in source:
        return source
    if _BAKED_ADDRESS not in source or _DROPPED_PORT not in source:
        raise ValueError("Reflex's client changed: look again at getBackendURL in utils/state.js")
    return source.replace(_BAKED_ADDRESS, _PAGE_ADDRESS).replace(_DROPPED_PORT, "")


def bundle(static_dir: Path) -> None:
    """Make js/app.js and what it imports one small file: a phone asks once instead of sixteen times."""
    static_dir = static_dir.resolve()  # the bundler takes a plain relative name for a package
    bundler = static_dir.parents[1] / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    into = static_dir.parent / "app.js"
    node, source = shutil.which("node") or "node", static_dir / "js" / "app.js"
    command: list[str | Path] = [node, bundler, source, "--file", into, "--minify"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not into.exists():
        raise RuntimeError(f"our scripts could not be bundled: {done.stderr or done.stdout}")
    for one in (static_dir / "js").glob("*.js"):
        one.unlink()
    into.replace(static_dir / "js" / "app.js")


def inline_script_hashes(html: str) -> set[str]:
    """CSP source expressions ('sha256-…') of every non-empty inline script (CSP Level 3, 2.3.1)."""
    scripts = (match.group(1) for match in _INLINE_SCRIPT.finditer(html))
    return {
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for script in scripts
        if script
    }
