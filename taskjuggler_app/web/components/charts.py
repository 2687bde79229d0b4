"""Charts in plain SVG, drawn in the browser from a list; each comes with a table for readers."""

from typing import Any

import reflex as rx
from reflex_base.vars.base import Var

from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.components.shapes import Bar


def bar_chart(bars: Any, *, title: Text, height: int = 120) -> rx.Component:
    """Upright bars, one a row of `bars` (a list of Bar or a var of one), the tallest filling the height.

    The drawing is 100 units wide a bar and 100 high; values below zero count as zero.
    """
    rows: Var[Any] = Var.create(bars)
    tallest = _js(f"Math.max(1e-9, ...({rows!s}).map((b) => b.value))", rows)

    def draw(bar: Bar, place: Any) -> rx.Component:
        share = _js(f"String(Math.max(bar_min, {bar.value!s} / {tallest!s} * 100))".replace("bar_min", "1.5"), rows)
        return rx.el.svg.rect(
            x=_js(f"String({place!s} * 100 + 18)", rows),
            y=_js(f"String(100 - Number({share!s}))", rows),
            width="64",
            height=share,
            class_name="bar",
        )

    drawing = rx.el.svg(
        rx.foreach(rows, draw),
        view_box=_js(f"`0 0 ${{({rows!s}).length * 100}} 100`", rows),
        preserve_aspect_ratio="none",
        height=height,
        class_name="chart-bars",
        role="img",
        aria_label=title,
    )
    names = rx.el.div(rx.foreach(rows, lambda bar: rx.el.span(bar.label)), class_name="chart-names", aria_hidden="true")
    return rx.el.figure(drawing, names, _table(rows, title), class_name="chart")


def bar_list(bars: Any, *, title: Text) -> rx.Component:
    """Lying bars with names and figures: for shares by category, person or channel."""
    rows: Var[Any] = Var.create(bars)
    tallest = _js(f"Math.max(1e-9, ...({rows!s}).map((b) => b.value))", rows)

    def draw(bar: Bar) -> rx.Component:
        share = _js(f"String({bar.value!s} / {tallest!s} * 100)", rows)
        return rx.el.li(
            rx.el.span(bar.label, class_name="bar-label"),
            rx.el.span(bar.text, class_name="bar-text"),
            rx.el.svg(
                rx.el.svg.rect(x="0", y="0", width="100", height="6", class_name="bar-back"),
                rx.el.svg.rect(x="0", y="0", width=share, height="6", class_name="bar"),
                view_box="0 0 100 6",
                preserve_aspect_ratio="none",
                aria_hidden="true",
            ),
        )

    return rx.el.ul(rx.foreach(rows, draw), class_name="bar-list", aria_label=title)


def sparkline(values: Any, *, title: Text) -> rx.Component:
    """A small line of numbers (a list or a var of one), for a trend beside a figure. title says it in words."""
    numbers: Var[Any] = Var.create(values)
    points = _js(
        f"((v) => {{ const top = Math.max(...v, 1e-9), step = v.length > 1 ? 100 / (v.length - 1) : 0; "
        f"return v.map((n, i) => `${{i * step}},${{26 - (n / top) * 24}}`).join(' '); }})({numbers!s})",
        numbers,
    )
    area = _js(f"`0,28 ${{{points!s}}} 100,28`", numbers)
    return rx.el.svg(
        rx.el.svg.polygon(points=area, class_name="spark-area"),
        rx.el.svg.polyline(points=points, class_name="spark-line"),
        view_box="0 0 100 28",
        preserve_aspect_ratio="none",
        class_name="sparkline",
        role="img",
        aria_label=title,
    )


def _table(rows: Var[Any], title: Text) -> rx.Component:
    def line(bar: Any) -> rx.Component:
        return rx.el.tr(rx.el.th(bar.label, scope="row"), rx.el.td(bar.text))

    return rx.el.table(
        rx.el.caption(title),
        rx.el.thead(rx.el.tr(rx.el.th("Name", scope="col"), rx.el.th("Value", scope="col"))),
        rx.el.tbody(rx.foreach(rows, line)),
        class_name="sr-only",
    )


def _js(expression: str, source: Var[Any]) -> Var[str]:
    """A JavaScript expression over a var, keeping what the var needs from the page."""
    return Var(_js_expr=expression, _var_type=str, _var_data=source._get_all_var_data())
