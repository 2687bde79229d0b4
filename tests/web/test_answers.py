"""What a dashboard's tile shows: its first number with its change, and bars beside the rest."""

from taskjuggler_app.domain.analytics.tiles import Tile, TileLine, line
from taskjuggler_app.web.pages.analytics.answers import answer, change


def _tile(key: str, *lines: TileLine) -> Tile:
    return Tile(key, "A title", "How", "A week", list(lines), "Nothing.")


def test_a_change_is_per_cent_of_a_count_and_points_of_a_percentage() -> None:
    assert change(line("All", 47, 38, "count")) == "+24 %"
    assert change(line("Half within", 3600.0, 7200.0, "seconds")) == "−50 %"  # noqa: RUF001  # a real minus
    assert change(line("Routed by a rule", 78.2, 82.4, "percent")) == "−4 points"  # noqa: RUF001
    assert change(line("Routed by a rule", 50.0, 49.0, "percent")) == "+1 point"


def test_there_is_no_change_from_nothing_nor_of_the_same() -> None:
    assert change(line("All", 5, 0, "count")) == ""
    assert change(line("All", 5, 5, "count")) == ""
    assert change(line("Half within", None, 60.0, "seconds")) == ""
    assert change(line("Late", 3, None, "count", compares=False)) == ""


def test_slower_is_worse_and_more_work_is_neither() -> None:
    slower = answer(_tile("response", line("Half within", 7200.0, 3600.0, "seconds")))
    quicker = answer(_tile("response", line("Half within", 1800.0, 3600.0, "seconds")))
    more = answer(_tile("work_in", line("All", 8, 4, "count")))
    assert (slower.lines[0].tone, quicker.lines[0].tone, more.lines[0].tone) == ("warning", "success", "neutral")


def test_bars_compare_the_parts_and_leave_the_sum_out() -> None:
    shown = answer(
        _tile("work_in", line("All", 30, 0, "count"), line("Texts", 20, 0, "count"), line("Mail", 5, 0, "count"))
    )
    assert shown.leads
    assert [one.share for one in shown.lines] == ["", "100", "25"]


def test_a_list_of_people_leads_with_nobody_and_an_empty_tile_has_no_lead() -> None:
    people = answer(_tile("load", line("Maya", 4, None, "count"), line("Luis", 1, None, "count")))
    assert not people.leads
    assert [one.share for one in people.lines] == ["100", "25"]
    assert not answer(_tile("response")).leads
