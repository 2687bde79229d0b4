"""The embedded Files port: a folder."""

import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from taskjuggler_app.core.errors import Invalid, NotFound

_KEY = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{7,200}")


class LocalFiles:
    """Files under one folder, two levels deep by the key's beginning."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: BinaryIO) -> int:
        """Write to a temporary file, then rename: a reader sees all of it or nothing."""
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                shutil.copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            Path(name).rename(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return size

    def open(self, key: str) -> BinaryIO:
        """The stored bytes."""
        try:
            return cast(BinaryIO, self._path(key).open("rb"))
        except FileNotFoundError:
            raise NotFound("That file is not there any more.") from None

    def delete(self, key: str) -> None:
        """Forget the key."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise Invalid("That is no key of a stored file.")
        return self._root / key[:2] / key[2:4] / key
