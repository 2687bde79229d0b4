"""What the sites' pages share: scores, severities, names."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import badge, pick
from taskjuggler_app.web.components.base import word
from taskjuggler_app.web.pages.sites.forms import CATEGORY_NAMES

TONES = {"critical": "danger", "high": "danger", "medium": "warning", "low": "neutral"}
SEVERITY_NAMES = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low"}


def severity_mark(severity: Any) -> rx.Component:
    """A severity in words and colour."""
    return badge(word(severity, SEVERITY_NAMES, "Other"), tone=word(severity, TONES, "neutral"))


def category_name(category: Any) -> Any:
    """A category in words."""
    return word(category, CATEGORY_NAMES, "Other")


def ring(score: Any, *, large: bool = False) -> rx.Component:
    """A score of 100 as a ring with its number; "" reads as not scanned. Colour repeats what the number says."""
    number = score.to(int)
    size = "ring ring-large" if large else "ring"
    look = pick(number >= 90, f"{size} is-good", pick(number >= 50, f"{size} is-fair", f"{size} is-poor"))
    unknown = rx.el.div(
        rx.el.span("?", aria_hidden="true"),
        rx.el.span("Not scanned", class_name="sr-only"),
        class_name=f"{size} is-none",
    )
    drawn = rx.el.svg(
        rx.el.svg.circle(cx="18", cy="18", r="15.9", class_name="ring-back"),
        rx.el.svg.circle(
            cx="18",
            cy="18",
            r="15.9",
            path_length=100,
            stroke_dasharray=number.to(str) + " 100",
            class_name="ring-line",
        ),
        view_box="0 0 36 36",
        aria_hidden="true",
    )
    figure = rx.el.span(score.to(str), rx.el.span(" of 100", class_name="sr-only"))
    return rx.cond(score.to(str) != "", rx.el.div(drawn, figure, class_name=look), unknown)


def meters(categories: Any) -> rx.Component:
    """The categories' scores as named bars."""
    return rx.el.ul(
        rx.foreach(
            categories,
            lambda pair: rx.el.li(
                rx.el.span(category_name(pair[0]), class_name="meter-name"),
                rx.el.span(pair[1].to(str), class_name="meter-value"),
                rx.el.meter(
                    value=pair[1].to(str), min="0", max="100", low="50", high="90", optimum="100",
                    aria_label=category_name(pair[0]) + ", of 100",
                ),
            ),
        ),
        class_name="meters",
    )  # fmt: skip
