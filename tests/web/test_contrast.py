"""Every pair of colours that meets on a screen passes WCAG 2.2 AA, in light and in dark.

Text: 4.5 to 1 (1.4.3). Edges of controls, focus rings and marks that carry meaning: 3 to 1 (1.4.11).
"""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "css" / "tokens.css"
_TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")

PAGES = ("canvas", "sidebar", "surface", "raised", "hover")
TEXT = [
    *((ink, page) for ink in ("ink", "ink-2", "ink-3", "accent-ink") for page in PAGES),
    *(
        (f"{tone}-ink", page)
        for tone in ("success", "warning", "danger", "info")
        for page in ("surface", "raised", "hover")
    ),
    *((f"{tone}-ink", f"{tone}-soft") for tone in ("accent", "success", "warning", "danger", "info", "neutral")),
    *((f"hue-{hue}-ink", f"hue-{hue}-soft") for hue in range(8)),
    ("ink", "pressed"),
    ("ink", "selection"),
    ("ink-2", "pressed"),
    ("ink", "accent-soft"),
    ("ink-2", "accent-soft"),
    ("success-ink", "accent-soft"),
    ("danger-ink", "accent-soft"),
    ("ink-2", "neutral-soft"),
    ("ink-3", "neutral-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
]
CATEGORIES = ("maintenance", "scheduling", "billing", "sales", "support", "legal", "research", "general")
MARKS = [
    *((edge, page) for edge in ("control", "focus", "accent") for page in PAGES),
    *((f"category-{name}", page) for name in CATEGORIES for page in ("surface", "raised", "hover")),
    *((f"chart-{tone}", page) for tone in range(6) for page in ("surface", "raised")),
    ("surface", "control"),
]
# What eyes without red or green cones see of linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def read_tokens() -> dict[str, tuple[str, str]]:
    return {name: (light, dark) for name, light, dark in _TOKEN.findall(TOKENS.read_text())}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def failures(pairs: list[tuple[str, str]], scheme: int, least: float) -> list[str]:
    tokens = read_tokens()
    measured = [(ink, page, contrast(tokens[ink][scheme], tokens[page][scheme])) for ink, page in pairs]
    return [f"{ink} on {page}: {ratio:.2f}" for ink, page, ratio in measured if ratio < least]


def test_contrast_is_measured_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_is_readable_on_everything_it_stands_on(scheme: int) -> None:
    assert failures(TEXT, scheme, 4.5) == []


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_edges_and_marks_are_seen(scheme: int) -> None:
    assert failures(MARKS, scheme, 3.0) == []


def test_every_colour_outside_the_tokens_is_a_token() -> None:
    """A colour written straight into a rule would escape the checks above."""
    stray = {
        sheet.name: found
        for sheet in TOKENS.parent.glob("*.css")
        if sheet != TOKENS and (found := re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", sheet.read_text()))
    }
    assert stray == {}


def seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> list[float]:
    """The linear RGB that such eyes see, square-rooted: near enough to how they tell shades apart."""
    parts = [(int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]
    return [max(0.0, sum(w * c for w, c in zip(row, parts, strict=True))) ** 0.5 for row in matrix]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("blindness", ["protanopia", "deuteranopia"])
def test_the_first_series_of_charts_are_told_apart_by_colour_blind_eyes(blindness: str, scheme: int) -> None:
    colours = [read_tokens()[f"chart-{tone}"][scheme] for tone in range(3)]
    eyes = [seen(colour, BLINDNESS[blindness]) for colour in colours]
    for place, one in enumerate(eyes):
        for other in eyes[place + 1 :]:
            assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 0.15
