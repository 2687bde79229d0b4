"""Bytes that no row speaks of any more."""

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.queue import job
from taskjuggler_app.domain.files.service import FORGET


@job(FORGET)
def forget_bytes(storage_keys: list[str]) -> None:
    """Delete the bytes behind the keys; unknown keys are no error."""
    for key in storage_keys:
        registry.files().delete(key)
