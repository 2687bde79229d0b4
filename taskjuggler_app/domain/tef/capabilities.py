"""What an actor can do: a list of {type, version, parameters}, typed and versioned, searchable by containment."""

import re
from collections.abc import Sequence
from typing import Any

from taskjuggler_app.core.errors import Invalid

_TYPE = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")
MOST = 50


def checked(raw: object) -> list[dict[str, Any]]:
    """The capabilities as they are kept. Raises Invalid naming the place."""
    if not isinstance(raw, list) or len(raw) > MOST:
        raise Invalid(f"capabilities must be a list of at most {MOST}.", "capabilities")
    kept: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(raw):
        place = f"capabilities[{number}]"
        if not isinstance(item, dict):
            raise Invalid(f"{place} must be an object with a type.", place)
        kind, version = str(item.get("type", "")).strip().lower(), str(item.get("version", "1.0")).strip()
        if not _TYPE.fullmatch(kind):
            raise Invalid(f"{place}.type must be a word such as plumbing or text.summarise.", f"{place}.type")
        if not _VERSION.fullmatch(version):
            raise Invalid(f"{place}.version must look like 1.0.", f"{place}.version")
        parameters = item.get("parameters", {})
        if not isinstance(parameters, dict):
            raise Invalid(f"{place}.parameters must be an object.", f"{place}.parameters")
        kept[kind] = {"type": kind, "version": version, "parameters": parameters}
    return sorted(kept.values(), key=lambda one: str(one["type"]))


def missing(has: Sequence[dict[str, Any]], wanted: Sequence[str]) -> list[str]:
    """Which of the wanted types, each with an optional least version (`type@2.1`), the capabilities do not cover.

    A version covers every smaller one with the same first number.
    """
    versions = {str(one["type"]): _numbers(str(one["version"])) for one in has}
    lacking = []
    for want in wanted:
        kind, _, least = want.partition("@")
        have = versions.get(kind)
        needed = _numbers(least) if _VERSION.fullmatch(least) else None
        if have is None or (needed and (have[0] != needed[0] or have < needed)):
            lacking.append(want)
    return lacking


def _numbers(version: str) -> tuple[int, int, int]:
    parts = [int(part) for part in version.split(".")] + [0, 0]
    return parts[0], parts[1], parts[2]
