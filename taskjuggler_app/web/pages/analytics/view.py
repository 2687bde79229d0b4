"""Manager's Monday on one page."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.analytics.frame import CHANNELS
from taskjuggler_app.domain.analytics.monday import CHANNEL_NAMES
from taskjuggler_app.web.components import (
    Choice,
    bar_chart,
    card,
    hidden_text,
    link,
    link_button,
    notice,
    page_header,
    pick,
    segmented,
    skeleton_card,
    some,
)
from taskjuggler_app.web.components.base import classes, joined, when
from taskjuggler_app.web.pages.analytics.state import MondayState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = MondayState  # on the class, a State's attributes are vars and its methods are handlers
_SPANS = (Choice("7", "7 days"), Choice("30", "30 days"), Choice("90", "90 days"), Choice("365", "A year"))


def monday() -> rx.Component:
    """Twelve questions about a period, each with how it was reckoned."""
    waiting = rx.el.div(skeleton_card(), skeleton_card(), class_name="stack")
    note = rx.cond(
        S.loaded, rx.fragment("On the clock of ", S.zone, ". Days that are over, beside as many before."), ""
    )
    sheet = link_button(
        "CSV", href=joined("/data/monday.csv?", S.query), icon_name="arrow-down", small=True, download=True
    )
    return framed(
        "monday",
        page_header("Manager's Monday", note=note, actions=[sheet]),
        _toolbar(),
        rx.cond(S.loaded, rx.cond(S.problem != "", notice(S.problem, tone="danger"), _content()), waiting),
        rx.el.span(
            hidden=True,
            data_address=pick(S.loaded, joined("/monday", when(S.query != "", "?"), S.query)),
            data_came_by=S.came_by,
        ),
    )


def _toolbar() -> rx.Component:
    return rx.el.div(
        segmented("span", _SPANS, S.span, on_select=S.show_span, label="Period"),
        _day("from", "First day", S.first_day),
        _day("to", "Last day", S.last_day),
        _chooser("channel", "Channel", "Every channel", [Choice(key, CHANNEL_NAMES[key]) for key in CHANNELS]),
        _chooser("person", "Person", "Everybody", S.members),
        class_name="toolbar",
    )


def _day(name: str, label: str, value: Any) -> rx.Component:
    return rx.el.input(
        type="date",
        name=name,
        aria_label=label,
        value=value,
        on_change=lambda chosen: S.choose(name, chosen),
        class_name="input select",
    )


def _chooser(name: str, label: str, everything: str, choices: Any) -> rx.Component:
    first = rx.el.option(everything, value="")
    if isinstance(choices, rx.Var):
        options: list[Any] = [rx.foreach(choices, lambda one: rx.el.option(one.label, value=one.value))]
    else:
        options = [rx.el.option(one.label, value=one.value) for one in choices]
    return rx.el.select(
        first,
        *options,
        name=name,
        aria_label=label,
        value=S.wanted[name],
        on_change=lambda value: S.choose(name, value),
        class_name=when(S.wanted[name] != "", "input select is-set", "input select"),
    )


def _content() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            card(bar_chart(S.came, title="Work in, by day"), title="Work in"),
            card(bar_chart(S.done, title="Done, by day"), title="Done"),
            class_name="monday-charts",
        ),
        rx.el.div(rx.foreach(S.tiles, _tile), class_name="monday-tiles"),
        card(_heat(), title="When work comes"),
        class_name="stack",
    )


def _tile(tile: Any) -> rx.Component:
    rows = rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th(hidden_text("Name"), scope="col"),
                rx.el.th(pick(tile.period == "now", "Now", "Period"), scope="col"),
                rx.cond(tile.period == "now", rx.el.td(), rx.el.th("Before", scope="col")),
            )
        ),
        rx.el.tbody(rx.foreach(tile.lines, _line)),
        class_name="monday-table",
    )
    nothing = rx.el.p(tile.empty, class_name="muted")
    return rx.el.section(
        rx.el.h2(tile.title),
        rx.cond(some(tile.lines), rows, nothing),
        rx.el.details(
            rx.el.summary("How it is reckoned"),
            rx.el.p(tile.formula),
            rx.el.p(tile.period, class_name="muted"),
            class_name="monday-how",
        ),
        class_name="card monday-tile",
        data_tile=tile.key,
    )


def _line(line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.cond(line.href != "", link(line.label, href=line.href), line.label), scope="row"),
        rx.el.td(line.text),
        rx.el.td(line.before, class_name="muted"),
    )


def _heat() -> rx.Component:
    hours = [rx.el.th(str(hour) if hour % 3 == 0 else hidden_text(str(hour)), scope="col") for hour in range(24)]
    return rx.el.div(
        rx.el.table(
            rx.el.caption("New tasks by weekday and hour", class_name="sr-only"),
            rx.el.thead(rx.el.tr(rx.el.th(hidden_text("Day"), scope="col"), *hours)),
            rx.el.tbody(rx.foreach(S.heat, _heat_row)),
            class_name="heat",
        ),
        class_name="heat-scroll",
        tab_index=0,
        role="region",
        aria_label="New tasks by weekday and hour",
    )


def _heat_row(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row.day, scope="row"),
        rx.foreach(
            row.cells,
            lambda cell: rx.el.td(
                hidden_text(cell.count.to_string()),
                title=cell.label,
                class_name=classes("heat-cell", joined("heat-", cell.shade.to_string())),
            ),
        ),
    )
