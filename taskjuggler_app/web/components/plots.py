"""Charts that a State has worked out (`pages.analytics.drawing`): lines, areas, bars, a map of hours, a funnel.

A picture is 1000 units wide and 100 high and stretches to its card; words and the table below it are HTML. Series
differ by colour and by the pattern of their line, so that no chart needs colours to be read. What a click on the
picture opens, a link in the table opens too.
"""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import classes, hidden_text, joined, link, some, when
from taskjuggler_app.web.components.shapes import Plot


def plot(one: Plot | Any) -> rx.Component:
    """The picture of a Plot (or a var of one), its legend, and its numbers as a table."""
    drawn = rx.match(
        one.kind,
        ("heat", _heat(one)),
        ("funnel", _funnel(one)),
        _graph(one),
    )
    nothing = rx.el.p(one.empty, class_name="muted plot-empty")
    return rx.el.div(rx.cond(one.is_empty, nothing, rx.fragment(drawn, _table(one))), class_name="plot")


def _graph(one: Any) -> rx.Component:
    legend = rx.el.ul(rx.foreach(one.series, _legend), class_name="plot-legend", aria_hidden="true")
    picture = rx.el.svg(
        *[rx.el.svg.line(x1="0", x2="1000", y1=str(y), y2=str(y), class_name="plot-grid") for y in (0, 50, 100)],
        rx.foreach(one.series, _area),
        rx.foreach(one.columns, _bar),
        rx.foreach(one.series, _line),
        rx.foreach(one.columns, _column),
        view_box="0 0 1000 100",
        preserve_aspect_ratio="none",
        class_name="plot-picture",
        role="img",
        aria_label=one.title,
    )
    scale = rx.el.div(rx.el.span(one.top), rx.el.span(one.middle), rx.el.span("0"), class_name="plot-scale")
    axis = rx.el.div(rx.foreach(one.ticks, lambda tick: rx.el.span(tick)), class_name="plot-ticks")
    drawn = rx.el.div(picture, axis, class_name="plot-body")
    body = rx.el.div(scale, drawn, class_name=classes("plot-graph", when(one.has_bars, "has-bars")))
    return rx.fragment(rx.cond(one.has_legend, legend), body)


def _legend(series: Any) -> rx.Component:
    swatch = rx.el.svg(
        rx.el.svg.line(x1="0", x2="24", y1="4", y2="4", class_name=classes("plot-line", _tone(series))),
        view_box="0 0 24 8",
        class_name="plot-swatch",
    )
    return rx.el.li(swatch, series.name)


def _tone(series: Any) -> Any:
    return joined("tone-", series.tone)


def _area(series: Any) -> rx.Component:
    drawn = rx.el.svg.polygon(points=series.area, class_name=classes("plot-area", _tone(series)))
    return rx.cond(series.area != "", drawn)


def _line(series: Any) -> rx.Component:
    drawn = rx.el.svg.polyline(points=series.line, class_name=classes("plot-line", _tone(series)))
    return rx.cond(series.line != "", drawn)


def _bar(column: Any) -> rx.Component:
    drawn = rx.el.svg.rect(
        x=column.bar_x, y=column.bar_y, width=column.bar_width, height=column.bar_height, class_name="bar"
    )
    return rx.cond(column.bar_height != "", drawn)


def _column(column: Any) -> rx.Component:
    """What the pointer meets: the words of a place on the axis, and a click to its rows."""
    place = {"x": column.x, "y": "0", "width": column.width, "height": "100"}
    words = rx.el.svg.title(column.words)
    opens = rx.el.svg.rect(words, class_name="plot-column is-open", on_click=rx.redirect(column.href), **place)
    return rx.cond(column.href != "", opens, rx.el.svg.rect(words, class_name="plot-column", **place))


def _heat(one: Any) -> rx.Component:
    hours = [rx.el.th(str(hour) if hour % 3 == 0 else hidden_text(str(hour)), scope="col") for hour in range(24)]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(one.title, class_name="sr-only"),
            rx.el.thead(rx.el.tr(rx.el.th(hidden_text("Day"), scope="col"), *hours)),
            rx.el.tbody(rx.foreach(one.heat, _heat_row)),
            class_name="heat",
        ),
        class_name="heat-scroll",
        data_shows="thead th:nth-child(14)",  # noon: nights are quiet
        tab_index=0,
        role="region",
        aria_label=one.title,
    )


def _heat_row(row: Any) -> rx.Component:
    def cell(one: Any) -> rx.Component:
        number = rx.el.span(one.text, class_name="heat-number")
        inside = rx.cond(one.href != "", link(number, href=one.href, title=one.label), number)
        return rx.el.td(inside, class_name=classes("heat-cell", joined("heat-", one.shade.to_string())))

    return rx.el.tr(rx.el.th(row.day, scope="row"), rx.foreach(row.cells, cell))


def _funnel(one: Any) -> rx.Component:
    def stage(column: Any) -> rx.Component:
        bar = rx.el.svg(
            rx.el.svg.rect(x="0", y="0", width="1000", height="100", class_name="bar-back"),
            rx.el.svg.rect(x=column.bar_x, y="0", width=column.bar_width, height="100", class_name="bar"),
            view_box="0 0 1000 100",
            preserve_aspect_ratio="none",
            aria_hidden="true",
        )
        name = rx.cond(column.href != "", link(column.label, href=column.href), column.label)
        return rx.el.li(rx.el.span(name, class_name="bar-label"), rx.el.span(column.words, class_name="bar-text"), bar)

    return rx.el.ol(rx.foreach(one.columns, stage), class_name="bar-list funnel", aria_label=one.title)


def _table(one: Any) -> rx.Component:
    def row(line: Any) -> rx.Component:
        return rx.el.tr(rx.el.th(line.label, scope="row"), rx.foreach(line.cells, number))

    def number(cell: Any) -> rx.Component:
        return rx.el.td(rx.cond(cell.href != "", link(cell.text, href=cell.href), cell.text))

    table = rx.el.table(
        rx.el.caption(one.title, class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(hidden_text("Name"), scope="col"),
                rx.foreach(one.series, lambda series: rx.el.th(series.name, scope="col")),
            )
        ),
        rx.el.tbody(rx.foreach(one.table, row)),
        class_name="monday-table plot-table",
    )
    scroll = rx.el.div(
        table, class_name="plot-scroll", tab_index=0, role="region", aria_label=joined(one.title, ", table")
    )
    return rx.cond(
        some(one.table),
        rx.el.details(rx.el.summary("As a table"), scroll, class_name="monday-how plot-as-table"),
    )
