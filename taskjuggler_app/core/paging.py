"""Keyset pages: a cursor is the place of the last row, so deep pages cost what the first one does."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from taskjuggler_app.core.errors import Invalid

Row = TypeVar("Row")


@dataclass
class Page(Generic[Row]):
    """Some rows, and the cursor of the next page; empty when there is none."""

    rows: list[Row] = field(default_factory=list)
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key of the last row seen: its time and its id."""

    at: datetime
    id: UUID

    def dump(self) -> str:
        """The cursor as opaque text."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()}|{self.id}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that `dump` wrote. Invalid for anything else."""
        try:
            at, _, row_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
            return cls(datetime.fromisoformat(at).astimezone(UTC), UUID(row_id))
        except (ValueError, binascii.Error):
            raise Invalid("That page link is not one of ours.", "cursor") from None
