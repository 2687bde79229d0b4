"""What one actor lets another do. Permissions only ever narrow: allowing more takes a new relationship.

A permission is a flag (may), a number (at most) or a list of words (only these). A missing one is the widest.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from taskjuggler_app.core.errors import Invalid

FLAGS = ("create_task", "message", "delegate", "see_status")
NUMBERS = ("max_budget", "max_depth")
LISTS = ("scopes",)
DEPTH = 3
"""How often a task may be handed on, unless a relationship says less."""


def checked(raw: object) -> dict[str, Any]:
    """Permissions as they are kept. Raises Invalid naming the one that is wrong."""
    if not isinstance(raw, Mapping):
        raise Invalid("permissions must be an object.", "permissions")
    kept: dict[str, Any] = {}
    for name, value in raw.items():
        place = f"permissions.{name}"
        if name in FLAGS and isinstance(value, bool):
            kept[name] = value
        elif name in NUMBERS and not isinstance(value, bool) and (number := _number(value)) is not None:
            kept[name] = str(number)
        elif name in LISTS and isinstance(value, list) and all(isinstance(word, str) for word in value):
            kept[name] = sorted({word.strip().lower() for word in value if word.strip()})
        else:
            raise Invalid(f"{place} is not a permission, or not its kind of value.", place)
    return kept


def wider(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The permissions that `new` gives and `old` did not."""
    flags = [name for name in FLAGS if allows(new, name) and not allows(old, name)]
    numbers = [
        name
        for name in NUMBERS
        if (limit := at_most(old, name)) is not None and ((asked := at_most(new, name)) is None or asked > limit)
    ]
    lists = [name for name in LISTS if name in old and (name not in new or not set(new[name]) <= set(old[name]))]
    return [*flags, *numbers, *lists]


def narrowed(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """What is left when a task passes two relationships one after the other: the narrower of each."""
    left: dict[str, Any] = {name: allows(parent, name) and allows(child, name) for name in FLAGS}
    for name in NUMBERS:
        limits = [limit for limit in (at_most(parent, name), at_most(child, name)) if limit is not None]
        if limits:
            left[name] = str(min(limits))
    for name in LISTS:
        given = [set(one[name]) for one in (parent, child) if name in one]
        if given:
            left[name] = sorted(set.intersection(*given))
    return left


def allows(given: Mapping[str, Any], flag: str) -> bool:
    """Whether the flag is given; one that is not spoken of is."""
    return bool(given.get(flag, True))


def at_most(given: Mapping[str, Any], name: str) -> Decimal | None:
    """The limit, or None when there is none."""
    return _number(given[name]) if name in given else None


def outside(given: Mapping[str, Any], scopes: list[str]) -> list[str]:
    """The scopes that are not among those given; none when everything is."""
    return [scope for scope in scopes if "scopes" in given and scope not in given["scopes"]]


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
