"""Files of the demo: bytes behind the Files port, ready for a row."""

import hashlib
import io
from typing import BinaryIO, cast

from taskjuggler_app.adapters import registry
from taskjuggler_app.domain.files.service import Received, new_key


def kept(name: str, content: bytes) -> Received:
    """Keep the bytes; the row is for the caller to make."""
    key = new_key()
    registry.files().put(key, cast(BinaryIO, io.BytesIO(content)))
    return Received(name, content[:8192], len(content), hashlib.sha256(content).hexdigest(), key)
