"""Charts are drawn as their numbers are: pure geometry in a box of 1000 by 100."""

from collections.abc import Sequence

import pytest

from taskjuggler_app.domain.analytics.tiles import Chart, Kind, Point
from taskjuggler_app.web.pages.analytics.drawing import nice, plot


def chart(kind: Kind, series: list[str], *rows: Sequence[float | None]) -> Chart:
    points = [
        Point(f"P{place}", [*row], [f"/rows/{place}" if n else "" for n in row]) for place, row in enumerate(rows)
    ]
    return Chart("key", "Title", "formula", "period", kind, series, points)


@pytest.mark.parametrize(
    ("number", "above"), [(0.3, 1), (1, 1), (3, 4), (4.5, 5), (7, 10), (10, 10), (11, 20), (399, 400), (401, 500)]
)
def test_an_axis_ends_at_a_round_number(number: float, above: float) -> None:
    assert nice(number) == above


def test_a_line_goes_through_its_numbers() -> None:
    made = plot(chart(Kind.LINE, ["Now", "Before"], [0, 10], [5, 5], [10, 0]))
    assert (made.top, made.middle, made.has_legend) == ("10", "5", True)
    assert [one.line for one in made.series] == ["0,100 500,50 1000,0", "0,0 500,50 1000,100"]
    assert made.columns[1].words == "P1: Now 5, Before 5"
    assert [[cell.text for cell in row.cells] for row in made.table] == [["0", "10"], ["5", "5"], ["10", "0"]]


def test_a_gap_is_passed_over_and_a_lone_number_is_seen() -> None:
    made = plot(chart(Kind.TREND, ["Shop", "Blog"], [50, None], [None, 80], [70, None]))
    assert made.series[0].line == "0,50 1000,30"
    assert made.series[1].line == "482,20 518,20"
    assert made.table[1].cells[0].text == "—"


def test_a_flow_is_stacked() -> None:
    made = plot(chart(Kind.FLOW, ["Done", "Open"], [1, 1], [2, 2]))
    assert made.series[0].area == "0,75 1000,50 1000,100 0,100"
    assert made.series[1].area == "0,50 1000,0 1000,50 0,75"


def test_bars_a_map_and_a_funnel_have_what_they_count() -> None:
    bars = plot(chart(Kind.HISTOGRAM, ["How many"], [2], [4]))
    assert [(one.bar_y, one.bar_height) for one in bars.columns] == [("50", "50"), ("0", "100")]
    hours = plot(chart(Kind.HEAT, [f"{hour:02}:00" for hour in range(24)], [1.0] * 23 + [5.0]))
    assert [hours.heat[0].cells[at].shade for at in (0, 23)] == [1, 5]
    assert hours.heat[0].cells[23].label == "P0 23:00: 5"
    funnel = plot(chart(Kind.FUNNEL, ["How many"], [8], [2]))
    assert [(one.words, one.bar_width) for one in funnel.columns] == [("8 · 100 %", "1000"), ("2 · 25 %", "250")]


def test_nothing_counted_is_said_and_not_drawn() -> None:
    made = plot(chart(Kind.LINE, ["Now"], [0], [0]))
    assert (made.is_empty, made.table, made.columns) == (True, [], [])
