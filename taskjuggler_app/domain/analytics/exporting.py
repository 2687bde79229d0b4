"""A dashboard as a sheet and as data: the page's own numbers, with how they were reckoned."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.sheets import harmless
from taskjuggler_app.domain.analytics.board import board
from taskjuggler_app.domain.analytics.tiles import Chart, Tile

_COLUMNS = ("Question", "Name", "Value", "Before", "Unit", "Period", "How it is reckoned")


def as_csv(session: Session, principal: Principal, key: str, wanted: Mapping[str, str]) -> str:
    """A line a number: those of the tiles, then those of the charts. Values are plain (seconds, percents of 100), empty
    where there was nothing to measure. `only` in `wanted` is the key of the one tile or chart that is asked for."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    found = board(session, principal, key, wanted)
    everything: list[Tile | Chart] = [*found.tiles, *found.charts]
    for one in everything:
        if wanted.get("only", "") in ("", one.key):
            for name, value, before, unit in _of_tile(one) if isinstance(one, Tile) else _of_chart(one):
                plain = (harmless(one.title), harmless(name), _plain(value), _plain(before), unit)
                writer.writerow([*plain, harmless(one.period), harmless(one.formula)])
    return out.getvalue()


def as_data(session: Session, principal: Principal, key: str, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows, for programs: {board, from, to, zone, channel, person, site, tiles: [{key, title, formula,
    period, lines}], charts: [{key, title, formula, period, kind, series, points: [{label, numbers, hrefs}]}]}."""
    found = board(session, principal, key, wanted)
    return {
        "board": key,
        "from": found.frame.first.isoformat(),
        "to": found.frame.last.isoformat(),
        "zone": found.frame.zone,
        "channel": found.frame.channel,
        "person": str(found.frame.doer) if found.frame.doer else None,
        "site": found.frame.site,
        "tiles": [asdict(tile) for tile in found.tiles],
        "charts": [asdict(chart) for chart in found.charts],
    }


def _of_tile(tile: Tile) -> Iterator[tuple[str, float | Decimal | None, float | None, str]]:
    for line in tile.lines:
        yield line.label, line.value, line.previous, line.unit


def _of_chart(chart: Chart) -> Iterator[tuple[str, float | None, float | None, str]]:
    for point in chart.points:
        for name, number in zip(chart.series, point.numbers, strict=True):
            yield f"{point.label} · {name}" if len(chart.series) > 1 else point.label, number, None, chart.unit


def _plain(value: float | Decimal | None) -> str:
    return "" if value is None else f"{value:.10g}"
