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
PENALTY, STEPS, RATE = 2e-3, 600, 4.0
SMALLEST = 0.05
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
    """Multinomial logistic regression with an L2 penalty; a feature must stand in two messages to count."""
    read = [features([Document.read(text)]) for text, _ in rows]
    seen = Counter(name for row in read for name in row)
    names = sorted(name for name, count in seen.items() if count > 1)
    place = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, -1] = 1
    for number, row in enumerate(read):
        for name, value in row.items():
            if name in place:
                x[number, place[name]] = value.weight
    y = np.array([[float(label is category) for category in CATEGORIES] for _, label in rows])
    w = np.zeros((x.shape[1], len(CATEGORIES)))
    shrink = np.full((x.shape[1], 1), PENALTY)
    shrink[-1] = 0
    speed = np.zeros_like(w)
    for _ in range(STEPS):
        z = x @ w
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        speed = 0.9 * speed - RATE * 0.1 * (x.T @ (p - y) / len(rows) + shrink * w)
        w += speed
    weights = {
        name: [round(float(v), 2) for v in w[n]] for name, n in place.items() if float(np.abs(w[n]).max()) >= SMALLEST
    }
    bias = [round(float(v), 2) for v in w[-1]]
    return {"categories": [category.value for category in CATEGORIES], "bias": bias, "weights": weights}


def main() -> None:
    """Write the model and say how large it is."""
    rows = examples()
    model = train(rows)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(model['weights'][name])}" for name in sorted(model["weights"]))
    head = f'"categories": {json.dumps(model["categories"])},\n"bias": {json.dumps(model["bias"])}'
    MODEL.write_text(f'{{{head},\n"weights": {{\n{lines}\n}}}}\n', encoding="utf-8")
    print(f"{len(rows)} messages, {len(model['weights'])} features, {MODEL.stat().st_size} bytes")


if __name__ == "__main__":
    main()
