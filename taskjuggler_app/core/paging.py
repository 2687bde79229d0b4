"""Keyset pages: a cursor is the place of the last row, so deep pages cost what the first one does."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, literal, literal_column, tuple_
from sqlmodel import Session

from taskjuggler_app.core.errors import Invalid

RowT = TypeVar("RowT")
LONGEST_CURSOR = 2000
_NOT_OURS = "That page link is not one of ours."


@dataclass
class Page(Generic[RowT]):
    """Some rows, and the cursor of the next page; empty when there is none."""

    rows: list[RowT] = field(default_factory=list)
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key of the last row seen: its time and its id."""

    at: datetime
    id: UUID

    def dump(self) -> str:
        """The cursor as opaque text."""
        return _packed(f"{self.at.isoformat()}|{self.id}")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that `dump` wrote. Invalid for anything else."""
        try:
            at, _, row_id = _unpacked(text).partition("|")
            return cls(datetime.fromisoformat(at).astimezone(UTC), UUID(row_id))
        except (ValueError, OverflowError):
            raise Invalid(_NOT_OURS, "cursor") from None


def ordered_page(
    session: Session,
    query: Any,
    keys: Sequence[Any],
    cursor: str = "",
    size: int | None = None,
    *,
    descending: bool = False,
) -> Page[Any]:
    """A page of a SELECT in the order of `keys`, each row a tuple of what it selects; `size` None is all that is left.

    The keys are expressions that are never NULL, the last of them unique: numbers, text, moments or UUIDs. All go the
    same way, so that one comparison of rows finds what follows the cursor: a number that goes the other way is negated.
    Invalid for a cursor that is not ours.
    """
    place = tuple_(*keys)
    if cursor:
        last = tuple_(*_values(keys, cursor))
        query = query.where(place < last if descending else place > last)
    columns = [key.label(f"place_{number}") for number, key in enumerate(keys)]
    query = query.add_columns(*columns).order_by(*(key.desc() if descending else key for key in keys))
    found = session.execute(query if size is None else query.limit(literal_column(str(size + 1)))).all()
    shown = found if size is None else found[:size]
    if len(found) == len(shown):
        following = ""
    else:
        values = [one.isoformat() if isinstance(one, datetime) else str(one) for one in shown[-1][-len(keys) :]]
        following = _packed(json.dumps(values, ensure_ascii=False))
    return Page([tuple(row[: -len(keys)]) for row in shown], following)


def _values(keys: Sequence[Any], cursor: str) -> list[ColumnElement[Any]]:
    """What the cursor holds, as values of the keys' types."""
    try:
        pairs = zip(keys, json.loads(_unpacked(cursor)), strict=True)
        read: list[ColumnElement[Any]] = [literal(_read(key, said), key.type) for key, said in pairs]
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise Invalid(_NOT_OURS, "cursor") from None
    return read


def _read(key: Any, said: Any) -> Any:
    if not isinstance(said, str):
        raise TypeError(said)
    readers: dict[type, Callable[[str], Any]] = {
        datetime: lambda text: datetime.fromisoformat(text).astimezone(UTC),
        int: _whole,
        float: float,
        UUID: UUID,
    }
    return readers.get(key.type.python_type, _kept)(said)


def _whole(said: str) -> int:
    number = int(said)
    if abs(number) >= 2**63:
        raise ValueError(said)
    return number


def _kept(said: str) -> str:
    """Text that a database can keep."""
    if "\0" in said:
        raise ValueError(said)
    said.encode()
    return said


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpacked(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
