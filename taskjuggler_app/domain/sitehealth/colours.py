"""Contrast (WCAG 2.2, 1.4.3): ratios, and the nearest colour that has one."""

import re

Rgb = tuple[int, int, int]


def parse(text: str) -> Rgb | None:
    """#rrggbb as numbers."""
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", text.strip())
    return (int(found[1], 16), int(found[2], 16), int(found[3], 16)) if found else None


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(left: Rgb, right: Rgb) -> float:
    """Contrast ratio, 1 to 21."""
    high, low = sorted((luminance(left), luminance(right)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def nearest_passing(text: str, ground: str, wanted: float) -> str | None:
    """The colour nearest to `text` on its way to black or white that has the ratio on `ground`; None if none has."""
    start, back = parse(text), parse(ground)
    if start is None or back is None:
        return None
    found: list[tuple[float, Rgb]] = []
    for end in (0, 255):
        for step in range(101):
            mixed = tuple(round(part + (end - part) * step / 100) for part in start)
            colour: Rgb = (mixed[0], mixed[1], mixed[2])
            if ratio(colour, back) >= wanted:
                found.append((step, colour))
                break
    if not found:
        return None
    return "#{:02x}{:02x}{:02x}".format(*min(found)[1])
