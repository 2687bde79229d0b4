"""A list as CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request

from taskjuggler_app.core.sheets import harmless


def is_wanted(request: Request) -> bool:
    """Whether the caller would rather have CSV."""
    return request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip().lower() == "text/csv"


def sheet(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows under the names; nothing in it is a formula to a program that opens it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return harmless("; ".join(value))
    return harmless(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
