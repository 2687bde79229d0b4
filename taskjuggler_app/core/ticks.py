"""What the active scheduler did last, for those who run the installation: one row of `cache`, written now and then."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from taskjuggler_app.core import cache

KEY = "scheduler:ticks"
KEEP_SECONDS = 7 * 24 * 3600
WRITE_EVERY_SECONDS = 10.0


@dataclass(slots=True)
class Tick:
    """One line of the schedule. Times are ISO 8601 in UTC, empty while it has not run; `failed` says how it failed
    last, empty when its last run went well.
    """

    name: str
    every_seconds: int
    last_at: str = ""
    next_at: str = ""
    took_ms: int = 0
    failed: str = ""


@dataclass(slots=True)
class Board:
    """The schedule of one scheduler process and when it was written down last."""

    by: str
    ticks: dict[str, Tick]
    written: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether the row is old enough to be written again."""
        return self.written is None or (now - self.written).total_seconds() >= WRITE_EVERY_SECONDS

    def write(self, session: Session, now: datetime) -> None:
        """Keep the board where the other processes see it."""
        self.written = now
        said = {"by": self.by, "at": now.isoformat(), "ticks": [asdict(tick) for tick in self.ticks.values()]}
        cache.put(session, KEY, json.dumps(said), KEEP_SECONDS)


def read(session: Session) -> tuple[str, str, list[Tick]]:
    """Which process wrote, when (ISO 8601), and the schedule; empty when no scheduler ran for a week."""
    kept = cache.get(session, KEY)
    if kept is None:
        return "", "", []
    said = json.loads(kept)
    return said["by"], said["at"], [Tick(**tick) for tick in said["ticks"]]
