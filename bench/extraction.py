"""How well messages are read, on the third of our labelled messages that nothing was tuned on.

The messages are synthetic: written for this purpose before the extractor was read, Apache-2.0 like the rest of the
tree. Public corpora are not scored.
"""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.rig import report
from taskjuggler_app.domain.receptionist.extraction import extract, to_json
from taskjuggler_app.domain.receptionist.extraction.lines import plainly

HELD_OUT = Path(__file__).parents[1] / "tests" / "domain" / "extraction" / "business_held_out.jsonl"
RECEIVED = datetime.fromisoformat("2026-03-10T14:00:00Z")
FIELDS = ("dates", "times", "phones", "addresses")


def main() -> None:
    """Score every field; a label that a message leaves open is not scored."""
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    counts = {field: Counter[str]() for field in FIELDS}
    right = 0
    for row in rows:
        found = read(row["text"])
        right += found["category"]["value"] == row["category"]
        for field in FIELDS:
            if field in row:
                _count(counts[field], {one["value"] for one in found[field]}, set(row[field]))
    shown = [(field, _line(counts[field])) for field in FIELDS]
    shown += [("category", f"{right} of {len(rows)} right"), ("messages", f"{len(rows)}, held out, synthetic")]
    report(
        "Reading messages",
        shown,
        {
            "dates_f1": _f1(counts["dates"]),
            "phones_precision": _precision(counts["phones"]),
            "phones_recall": _recall(counts["phones"]),
            "category_accuracy": right / len(rows),
            "addresses_f1": _f1(counts["addresses"]),
            "times_f1": _f1(counts["times"]),
        },
    )


def read(text: str) -> dict[str, Any]:
    """The answer of `taskjuggler extract` for one message."""
    return plainly(to_json(extract(text, received_at=RECEIVED, zone="America/New_York", region="US")))


def _count(counts: Counter[str], found: set[str], labelled: set[str]) -> None:
    counts["right"] += len(found & labelled)
    counts["wrong"] += len(found - labelled)
    counts["missed"] += len(labelled - found)


def _precision(counts: Counter[str]) -> float:
    return counts["right"] / max(1, counts["right"] + counts["wrong"])


def _recall(counts: Counter[str]) -> float:
    return counts["right"] / max(1, counts["right"] + counts["missed"])


def _f1(counts: Counter[str]) -> float:
    return 2 * counts["right"] / max(1, 2 * counts["right"] + counts["wrong"] + counts["missed"])


def _line(counts: Counter[str]) -> str:
    labelled = counts["right"] + counts["missed"]
    return f"precision {_precision(counts):.3f}, recall {_recall(counts):.3f}, {labelled} labelled"


if __name__ == "__main__":
    main()
