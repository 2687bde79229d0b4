"""The tiles as a sheet and as data: the page's own numbers, with how they were reckoned."""

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.sheets import harmless
from taskjuggler_app.domain.analytics import frame, monday

_COLUMNS = ("Question", "Name", "Value", "Before", "Unit", "Period", "How it is reckoned")


def as_csv(session: Session, principal: Principal, wanted: Mapping[str, str]) -> str:
    """A line a number. Values are plain (seconds, percents of 100), empty where there was nothing to measure."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for tile in as_data(session, principal, wanted)["tiles"]:
        for line in tile["lines"]:
            head = [harmless(tile["title"]), harmless(line["label"]), _plain(line["value"]), _plain(line["previous"])]
            writer.writerow([*head, line["unit"], harmless(tile["period"]), harmless(tile["formula"])])
    return out.getvalue()


def as_data(session: Session, principal: Principal, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows, for programs: {from, to, zone, channel, person, tiles: [{key, title, formula, lines}]}."""
    looked_at = frame.parse(session, principal.team_id, clock.utcnow(), wanted)
    return {
        "from": looked_at.first.isoformat(),
        "to": looked_at.last.isoformat(),
        "zone": looked_at.zone,
        "channel": looked_at.channel,
        "person": str(looked_at.doer) if looked_at.doer else None,
        "tiles": [asdict(tile) for tile in monday.tiles(session, principal, looked_at)],
    }


def _plain(value: float | Decimal | None) -> str:
    return "" if value is None else f"{value:.10g}"
