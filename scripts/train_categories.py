"""Train the category model: python scripts/train_categories.py

Reads scripts/training/category_seed.txt and the two tuned-on sets of tests/domain/extraction, never a held-out one,
and writes taskjuggler_app/domain/receptionist/extraction/category_model.json. The same input gives the same file:
batch gradient descent from zero, no randomness. Needs numpy (it comes with our dependencies).
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from taskjuggler_app.domain.receptionist.extraction.category_features import features
from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Category

ROOT = Path(__file__).parents[1]
SEED = ROOT / "scripts" / "training" / "category_seed.txt"
TUNED_ON = [ROOT / "tests" / "domain" / "extraction" / name for name in ("messages.jsonl", "business.jsonl")]
MODEL = ROOT / "taskjuggler_app" / "domain" / "receptionist" / "extraction" / "category_model.json"
CATEGORIES = list(Category)
PENALTY, STEPS, RATE, MOMENTUM, PARTS = 5e-5, 420, 0.45, 0.97, 4
SMALLEST = 0.07
"""Weights under this are dropped: they change nothing and make the file large."""


def examples() -> list[tuple[str, Category]]:
    """Every labelled message that may be trained on."""
    found: list[tuple[str, Category]] = []
    label = Category.GENERAL
    for line in SEED.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = Category(line.strip("[]"))
        elif line and not line.startswith("#"):
            found.append((line, label))
    for path in TUNED_ON:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found += [(row["text"], Category(row["category"])) for row in rows if "category" in row]
    return found


def train(rows: list[tuple[str, Category]]) -> dict[str, Any]:
    """The model on all rows; its sharpness from one that left a quarter of them out."""
    read = [features([Document.read(text)]) for text, _ in rows]
    labels = np.array([CATEGORIES.index(label) for _, label in rows])
    weights = [{name: feature.weight for name, feature in row.items()} for row in read]
    out = np.arange(len(rows)) % PARTS == 0
    names, w = _fit([row for row, left in zip(weights, out, strict=True) if not left], labels[~out])
    unseen = np.array(
        [
            w[-1] + sum((value * w[names[n]] for n, value in row.items() if n in names), np.zeros(len(CATEGORIES)))
            for row, left in zip(weights, out, strict=True)
            if left
        ]
    )
    print(f"left out: {float((unseen.argmax(axis=1) == labels[out]).mean()):.3f} right")
    names, w = _fit(weights, labels)
    kept = {name: [round(float(v) * 100) for v in w[n]] for name, n in names.items() if np.abs(w[n]).max() >= SMALLEST}
    bias = [round(float(v), 2) for v in w[-1]]
    sharp = min(np.arange(0.5, 4, 0.05), key=lambda s: _loss(unseen * s, labels[out]))
    return {
        "categories": [one.value for one in CATEGORIES],
        "bias": bias,
        "sharpness": round(float(sharp), 2),
        "weights": kept,
    }


def _fit(rows: list[dict[str, float]], labels: Any) -> tuple[dict[str, int], Any]:
    """Multinomial logistic regression with an L2 penalty; a feature must stand in two messages to count."""
    seen = Counter(name for row in rows for name in row)
    names = {name: place for place, name in enumerate(sorted(name for name, count in seen.items() if count > 1))}
    found = [
        (number, names[name], value) for number, row in enumerate(rows) for name, value in row.items() if name in names
    ]
    row_of, place_of = np.array([f[0] for f in found]), np.array([f[1] for f in found])
    value_of = np.array([f[2] for f in found], dtype=np.float32)
    starts = np.searchsorted(row_of, np.arange(len(rows)))
    by_place = np.argsort(place_of, kind="stable")
    place_starts = np.searchsorted(place_of[by_place], np.arange(len(names)))
    truth = np.eye(len(CATEGORIES), dtype=np.float32)[labels]
    w = np.zeros((len(names) + 1, len(CATEGORIES)), dtype=np.float32)
    speed = np.zeros_like(w)
    for _ in range(STEPS):
        z = np.add.reduceat(w[place_of] * value_of[:, None], starts) + w[-1]
        wrong = _softmax(z) - truth
        slope = np.add.reduceat((wrong[row_of] * value_of[:, None])[by_place], place_starts) / len(rows)
        speed[:-1] = MOMENTUM * speed[:-1] - RATE * (slope + PENALTY * w[:-1])
        speed[-1] = MOMENTUM * speed[-1] - RATE * wrong.mean(axis=0)
        w += speed
    return names, w


def _softmax(z: Any) -> Any:
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def _loss(z: Any, labels: Any) -> float:
    return float(-np.log(_softmax(z)[np.arange(len(labels)), labels] + 1e-12).mean())


def main() -> None:
    """Write the model and say how large it is."""
    rows = examples()
    model = train(rows)
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(model['weights'][name], separators=(',', ':'))}"
        for name in sorted(model["weights"])
    )
    head = ",\n".join(f'"{key}": {json.dumps(model[key])}' for key in ("categories", "bias", "sharpness"))
    MODEL.write_text(f'{{{head},\n"weights": {{\n{lines}\n}}}}\n', encoding="utf-8")
    print(f"{len(rows)} messages, {len(model['weights'])} features, {MODEL.stat().st_size} bytes")


if __name__ == "__main__":
    main()
