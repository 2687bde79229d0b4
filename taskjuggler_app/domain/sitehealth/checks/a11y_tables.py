"""Tables of data, and tables that are none."""

from collections.abc import Iterator
from typing import Any

from taskjuggler_app.domain.sitehealth.checks.registry import LOW, MEDIUM, Found, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit


def _data(visit: Visit) -> Iterator[dict[str, Any]]:
    """Tables that are meant as such."""
    for row in visit.rows("tables"):
        if row["role"] not in ("presentation", "none") and row["rows"]:
            yield row


def _is_layout(table: dict[str, Any]) -> bool:
    cells = [cell for row in table["rows"] for cell in row]
    return table["blocks"] > 0 and not any(cell["tag"] == "th" for cell in cells) and table["caption"] is None


@page_check(
    "table-layout",
    MEDIUM,
    "Lay the page out with CSS, not with a table",
    "A screen reader announces rows and columns that mean nothing.",
    wcag="1.3.1 1.3.2",
)
def table_layout(visit: Visit) -> Found:
    for table in _data(visit):
        if _is_layout(table):
            yield at(table, "It holds blocks of the page and no data.")


@page_check(
    "table-no-headings",
    MEDIUM,
    "Mark the headings of a table as such",
    "Without th a cell is read without what it is about.",
    wcag="1.3.1",
)
def table_no_headings(visit: Visit) -> Found:
    for table in _data(visit):
        cells = [cell for row in table["rows"] for cell in row]
        if not _is_layout(table) and len(table["rows"]) > 1 and not any(cell["tag"] == "th" for cell in cells):
            yield at(table, "None of its cells is a heading (th).")


@page_check(
    "table-only-headings",
    MEDIUM,
    "Keep th for headings",
    "A table of headings alone says that data follows, and none does.",
    wcag="1.3.1",
)
def table_only_headings(visit: Visit) -> Found:
    for table in _data(visit):
        if all(cell["tag"] == "th" for row in table["rows"] for cell in row):
            yield at(table, "Every cell is a heading.")


@page_check(
    "table-scope",
    LOW,
    "Say whether a heading is of its row or its column",
    "Where both are, screen readers guess, and not all guess right.",
    "WCAG 2.2 technique H63",
    wcag="1.3.1",
)
def table_scope(visit: Visit) -> Found:
    for table in _data(visit):
        rows = table["rows"]
        heads = [cell for row in rows for cell in row if cell["tag"] == "th"]
        both = any(cell["tag"] == "th" for cell in rows[0]) and any(row and row[0]["tag"] == "th" for row in rows[1:])
        if both and not any(cell["scope"] for cell in heads) and not any(c["headers"] for row in rows for c in row):
            yield at(table, "It has headings of rows and of columns, and no scope tells them apart.")


@page_check(
    "table-double-headings",
    LOW,
    "Tie cells under two headings to both",
    "With two headings in a row only headers and id say which belong to a cell.",
    "WCAG 2.2 technique H43",
    wcag="1.3.1",
)
def table_double_headings(visit: Visit) -> Found:
    for table in _data(visit):
        doubled = [row for row in table["rows"] if [c["tag"] for c in row[:3]] == ["th", "th", "td"]]
        if doubled and not any(cell["headers"] or cell["scope"] for row in doubled for cell in row):
            yield at(table, "Rows have two headings, and their cells name neither.")


@page_check(
    "table-caption",
    LOW,
    "Give a table of data a caption",
    "It says what the table is about before one has to read it.",
    "WCAG 2.2 technique H39",
    wcag="1.3.1",
)
def table_caption(visit: Visit) -> Found:
    for table in _data(visit):
        if not _is_layout(table) and not table["caption"] and not table["named"] and not table["nested"]:
            yield at(table, "It has no caption.")


@page_check(
    "table-nested",
    MEDIUM,
    "Do not put a table into a table",
    "Screen readers lose the way between the two.",
    wcag="1.3.1",
)
def table_nested(visit: Visit) -> Found:
    for table in _data(visit):
        if table["nested"]:
            yield at(table, "It stands inside a heading of a table." if table["inHeader"] else "It stands in a table.")


@page_check(
    "table-ragged",
    LOW,
    "Give every row the same number of columns",
    "In a ragged row the cells stand under the wrong headings.",
    wcag="1.3.1",
)
def table_ragged(visit: Visit) -> Found:
    for table in _data(visit):
        rows = [row for row in table["rows"] if row]
        widths = {sum(int(cell["span"]) for cell in row) for row in rows}
        reaches_down = any(int(cell["down"]) > 1 for row in rows for cell in row)
        if len(widths) > 1 and not reaches_down:
            yield at(table, f"Its rows have {min(widths)} to {max(widths)} columns.")


@page_check(
    "table-empty-cells",
    LOW,
    "Write something into empty cells",
    "An empty cell may mean zero, unknown or forgotten.",
    wcag="1.3.1",
)
def table_empty_cells(visit: Visit) -> Found:
    for table in _data(visit):
        if _is_layout(table):
            continue
        cells = [cell for row in table["rows"][1:] for cell in row if cell["tag"] == "td"]
        empty = [cell for cell in cells if not cell["text"] and not cell["media"]]
        if empty:
            yield at(table, f"{len(empty)} of its {len(cells)} cells are empty.")
