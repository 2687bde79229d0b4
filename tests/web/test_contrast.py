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
    *((f"plot-{place}", page) for place in range(6) for page in ("surface", "raised", "hover")),
    ("surface", "control"),
]


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
