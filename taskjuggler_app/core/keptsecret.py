"""Secrets that an installation makes for itself and keeps in a file."""

import os
import secrets
from pathlib import Path


def kept_secret(path: Path, nbytes: int) -> str:
    """The secret in `path`, made on first use from `nbytes` random bytes (URL-safe text), readable by its owner only.

    Callers at the same time get the same one, and a killed caller leaves no half-written file: it appears whole
    (link(2)) or not at all. Raises OSError where the folder cannot be written or the file cannot be read.
    """
    if not path.exists() or not path.read_text().strip():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(nbytes))
                file.flush()
                os.fsync(file.fileno())
            if path.exists() and not path.read_text().strip():
                path.unlink()
            os.link(draft, path)
        except FileExistsError:
            pass  # somebody else was first; theirs counts
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text().strip()
