"""Public labelled sentences, from checkouts outside the tree: the folder that BENCH_CORPORA names, when there is one.

duckling (github facebook/duckling, BSD-3-Clause): Duckling/Time/EN/Corpus.hs, its days and clock times.
CLINC150 (github clinc/oos-eval, CC BY 3.0): data/data_full.json, the intents that are one of our categories.
SNIPS (github sonos/nlu-benchmark, CC0): 2017-06-custom-intent-engines, the time ranges of restaurant bookings.
"""

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

Read = Callable[[str, datetime, str], dict[str, Any]]
_REFERENCE = datetime.fromisoformat("2013-02-12T04:30:00-02:00")
_EXAMPLES = re.compile(
    r"examples\s*\(\s*datetime\s*\((\d+), (\d+), (\d+), (\d+), (\d+), \d+\)\s*(Day|Hour|Minute)\)\s*"
    r"\[((?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*)\]"
)
_INTENTS = {
    "billing": ("pay_bill", "bill_balance", "bill_due", "report_fraud", "transactions"),
    "scheduling": ("restaurant_reservation", "cancel_reservation", "confirm_reservation", "schedule_meeting"),
    "support": ("order_status", "reset_settings", "sync_device"),
    "general": ("greeting", "thank_you", "goodbye"),
}


def figures(read: Read) -> tuple[list[tuple[str, str]], dict[str, float]]:
    """Lines for people and figures, for each corpus that is there."""
    home = Path(os.environ.get("BENCH_CORPORA") or "/nonexistent")
    shown: list[tuple[str, str]] = []
    found: dict[str, float] = {}
    for name, folder, score in (
        ("duckling", "duckling", _duckling),
        ("clinc150", "oos-eval", _clinc),
        ("snips", "nlu-benchmark", _snips),
    ):
        if (home / folder).is_dir():
            right, count = score(home / folder, read)
            shown.append((name, f"{right} of {count} right"))
            found[f"{name}_recall" if name != "clinc150" else "clinc150_accuracy"] = right / max(1, count)
    return shown or [("public corpora", "not scored: BENCH_CORPORA names no folder with them")], found


def _duckling(home: Path, read: Read) -> tuple[int, int]:
    """The day (and the clock time, where one is named) of each example is among what is found."""
    source = (home / "Duckling" / "Time" / "EN" / "Corpus.hs").read_text(encoding="utf-8")
    right = count = 0
    for match in _EXAMPLES.finditer(source):
        year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
        for text in re.findall(r"\"((?:[^\"\\]|\\.)*)\"", match[7]):
            answer = read(text, _REFERENCE, "Etc/GMT+2")
            days, times = ({one["value"] for one in answer[kind]} for kind in ("dates", "times"))
            date, clock = f"{year:04}-{month:02}-{day:02}", f"{hour:02}:{minute:02}"
            if match[6] == "Day":
                right += date in days
            else:
                right += clock in times and (not days or date in days)
            count += 1
    return right, count


def _clinc(home: Path, read: Read) -> tuple[int, int]:
    rows = json.loads((home / "data" / "data_full.json").read_text(encoding="utf-8"))["train"]
    wanted = {intent: category for category, intents in _INTENTS.items() for intent in intents}
    labelled = [(text, wanted[intent]) for text, intent in rows if intent in wanted]
    right = sum(read(text, _REFERENCE, "UTC")["category"]["value"] == category for text, category in labelled)
    return right, len(labelled)


def _snips(home: Path, read: Read) -> tuple[int, int]:
    """Something of each labelled time range is found in its place."""
    path = home / "2017-06-custom-intent-engines" / "BookRestaurant" / "validate_BookRestaurant.json"
    right = count = 0
    for row in json.loads(path.read_text(encoding="utf-8"))["BookRestaurant"]:
        text = "".join(piece["text"] for piece in row["data"])
        answer = read(text, _REFERENCE, "UTC")
        spans = [(one["start"], one["end"]) for kind in ("dates", "times", "periods") for one in answer[kind]]
        at = 0
        for piece in row["data"]:
            end = at + len(piece["text"])
            if piece.get("entity") == "timeRange":
                count += 1
                right += any(start < end and stop > at for start, stop in spans)
            at = end
    return right, count
