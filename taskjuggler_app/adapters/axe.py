"""axe-core, unmodified from its npm package (MPL-2.0), as scanner.lock pins it and `make install` puts it."""

import sys
from functools import lru_cache
from pathlib import Path

AXE = Path(sys.prefix) / "tools" / "node_modules" / "axe-core" / "axe.min.js"


class AxeMissing(Exception):
    """axe-core is not installed; the message says what to type."""


@lru_cache
def axe_source() -> str:
    """The script. AxeMissing when the installation lacks it."""
    try:
        return AXE.read_text(encoding="utf-8")
    except OSError:
        raise AxeMissing("The accessibility rules (axe-core) are not installed: type `make install`.") from None
