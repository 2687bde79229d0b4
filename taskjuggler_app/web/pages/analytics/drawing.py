"""From a chart's numbers to what is drawn: pure geometry, 1000 units wide and 100 high."""

import math
from collections.abc import Sequence
from itertools import accumulate

from taskjuggler_app.domain.analytics.tiles import Chart, Kind, Point, shown
from taskjuggler_app.web.components.shapes import Plot, PlotCell, PlotColumn, PlotRow, PlotSeries

WIDTH, HEIGHT = 1000.0, 100.0
TONES = 6
SHADES = 5
_MOST_TICKS = 7
_ALL_TICKS = 11
_BAR_SHARE = 0.7
_STACKED = (Kind.FLOW,)
_BARS = (Kind.BARS, Kind.HISTOGRAM)


def plot(chart: Chart) -> Plot:
    """The chart as the component takes it."""
    made = Plot(
        key=chart.key,
        title=chart.title,
        formula=chart.formula,
        period=chart.period,
        is_empty=chart.is_empty,
        empty=chart.empty,
        series=[PlotSeries(name, str(place % TONES)) for place, name in enumerate(chart.series)],
    )
    if chart.is_empty:
        return made
    if chart.kind is Kind.HEAT:
        made.kind, made.heat, made.series = "heat", _heat(chart), []
        return made
    made.table = [_row(chart, point) for point in chart.points]
    if chart.kind is Kind.FUNNEL:
        made.kind, made.columns = "funnel", _funnel(chart)
        return made
    top = 100.0 if chart.kind is Kind.TREND else nice(_highest(chart))
    made.top, made.middle = shown(top, chart.unit), shown(top / 2, chart.unit) if top > 1 else ""
    made.has_legend = len(chart.series) > 1
    made.has_bars = chart.kind in _BARS
    made.ticks = _ticks([point.label for point in chart.points], chart.kind in _BARS)
    made.columns = [_column(chart, place, top) for place in range(len(chart.points))]
    if chart.kind not in _BARS:
        _draw_lines(chart, made, top)
    return made


def nice(number: float) -> float:
    """The least of 1, 2, 4, 5, 10, 20, 40 … that is not below the number."""
    if number <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(number))
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= number - 1e-9)


def _highest(chart: Chart) -> float:
    if chart.kind in _STACKED:
        return max(sum(n or 0 for n in point.numbers) for point in chart.points)
    return max(n or 0 for point in chart.points for n in point.numbers)


def _draw_lines(chart: Chart, made: Plot, top: float) -> None:
    stacked = [list(accumulate(n or 0 for n in point.numbers)) for point in chart.points]
    for place, series in enumerate(made.series):
        if chart.kind in _STACKED:
            upper = _path([levels[place] for levels in stacked], top)
            lower = _path([levels[place - 1] if place else 0.0 for levels in stacked], top)
            series.line = " ".join(upper)
            series.area = " ".join([*upper, *reversed(lower)])
        else:
            series.line = " ".join(_path([point.numbers[place] for point in chart.points], top))
            if place == 0 and chart.kind is Kind.LINE:
                series.area = f"{_spot(0, len(chart.points), 0, top)} {series.line} {WIDTH:g},{HEIGHT:g}"
                if len(chart.points) == 1:
                    series.area = ""


def _path(numbers: Sequence[float | None], top: float) -> list[str]:
    """Points of a line; gaps are passed over. A single one is drawn across, or nobody would see it."""
    found = [(place, n) for place, n in enumerate(numbers) if n is not None]
    if len(found) == 1:
        y = HEIGHT * (1 - found[0][1] / top)
        x = WIDTH * found[0][0] / max(1, len(numbers) - 1)
        low, high = (0.0, WIDTH) if len(numbers) == 1 else (max(0.0, x - 18), min(WIDTH, x + 18))
        return [f"{low:g},{y:.4g}", f"{high:g},{y:.4g}"]
    return [_spot(place, len(numbers), n, top) for place, n in found]


def _spot(place: int, count: int, number: float, top: float) -> str:
    return f"{WIDTH * place / max(1, count - 1):.5g},{HEIGHT * (1 - number / top):.4g}"


def _column(chart: Chart, place: int, top: float) -> PlotColumn:
    point, count = chart.points[place], len(chart.points)
    made = PlotColumn(point.label, _words(chart, point), next((href for href in point.hrefs if href), ""))
    if chart.kind in _BARS:
        width, height = WIDTH / count, HEIGHT * (point.numbers[0] or 0) / top
        made.x, made.width = f"{width * place:.5g}", f"{width:.5g}"
        made.bar_x, made.bar_width = f"{width * (place + (1 - _BAR_SHARE) / 2):.5g}", f"{width * _BAR_SHARE:.5g}"
        made.bar_y, made.bar_height = f"{HEIGHT - height:.4g}", f"{height:.4g}"
        return made
    step = WIDTH / max(1, count - 1)
    left, right = max(0.0, step * (place - 0.5)), min(WIDTH, step * (place + 0.5))
    made.x, made.width = (f"{left:.5g}", f"{right - left:.5g}") if count > 1 else ("0", f"{WIDTH:g}")
    return made


def _words(chart: Chart, point: Point) -> str:
    numbers = [shown(n, chart.unit) for n in point.numbers]
    if len(numbers) == 1:
        return f"{point.label}: {numbers[0]}"
    return f"{point.label}: " + ", ".join(f"{name} {n}" for name, n in zip(chart.series, numbers, strict=True))


def _row(chart: Chart, point: Point) -> PlotRow:
    cells = [PlotCell(shown(n, chart.unit), href) for n, href in zip(point.numbers, point.hrefs, strict=True)]
    return PlotRow(label=point.label, cells=cells)


def _ticks(labels: Sequence[str], is_bars: bool) -> list[str]:
    """The names under the axis: all of few, else some, evenly spread, the first and the last with them."""
    if len(labels) <= (_ALL_TICKS if is_bars else _MOST_TICKS):
        return list(labels)
    last = len(labels) - 1
    count = next((n for n in range(_MOST_TICKS, 3, -1) if last % (n - 1) == 0), 5)
    return [labels[round(last * place / (count - 1))] for place in range(count)]


def _funnel(chart: Chart) -> list[PlotColumn]:
    first = chart.points[0].numbers[0] or 0
    made = []
    for point in chart.points:
        number = point.numbers[0] or 0
        width = WIDTH * number / first if first else 0
        words = f"{number:,.0f} · {100 * number / first:.0f} %" if first else f"{number:,.0f}"
        made.append(PlotColumn(point.label, words, point.hrefs[0], bar_x="0", bar_width=f"{width:.5g}"))
    return made


def _heat(chart: Chart) -> list[PlotRow]:
    most = max(n or 0 for point in chart.points for n in point.numbers)
    rows = []
    for point in chart.points:
        cells = []
        for hour, n, href in zip(chart.series, point.numbers, point.hrefs, strict=True):
            number = int(n or 0)
            shade = -(-number * SHADES // int(most)) if most else 0
            cells.append(PlotCell(f"{number:,}", href, f"{point.label} {hour}: {number:,}", shade))
        rows.append(PlotRow(day=point.label, cells=cells))
    return rows
