"""The rows behind a number of a dashboard."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Crumb,
    card,
    download_button,
    empty_state,
    link,
    load_more,
    notice,
    page_header,
    pick,
    skeleton_list,
    some,
    time_ago,
)
from taskjuggler_app.web.components.base import joined
from taskjuggler_app.web.pages.analytics.rows_state import RowsState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = RowsState  # on the class, a State's attributes are vars and its methods are handlers


def rows() -> rx.Component:
    """What a number counted: each row once, the sum above them."""
    sheet = download_button("CSV", href=joined("/data/dashboards/rows.csv?", S.query))
    return framed(
        "monday",
        page_header(
            pick(S.loaded, S.title, "Rows"),
            note=rx.cond(S.loaded, rx.fragment(S.period, pick(S.about != "", joined(" · ", S.about), "")), ""),
            actions=[sheet],
            crumbs=[Crumb("Reports", "/monday"), Crumb("Rows")],
        ),
        rx.cond(
            S.loaded,
            rx.cond(S.problem != "", notice(S.problem, tone="danger"), _content()),
            skeleton_list(),
        ),
    )


def _content() -> rx.Component:
    nothing = empty_state("search", "Nothing here any more", "What was counted has changed since. The number has too.")
    shown = rx.fragment(
        rx.el.ul(rx.foreach(S.rows, _row), class_name="counted-rows", aria_label=S.title),
        rx.cond(S.has_more, load_more(S.more)),
    )
    return card(rx.cond(some(S.rows), shown, nothing), title=_sum(), flush=True)


def _sum() -> Any:
    return pick(
        S.count.to_string() == S.total,
        joined(S.count.to_string(), " in all"),
        joined(S.count.to_string(), " rows, ", S.total, " in all"),
    )


def _row(row: Any) -> rx.Component:
    title = rx.cond(row.href != "", link(row.title, href=row.href, class_name="counted-title"), row.title)
    return rx.el.li(
        rx.el.div(rx.el.span(title), rx.el.span(row.note, class_name="muted"), class_name="counted-what"),
        rx.el.span(row.amount, class_name="counted-amount"),
        rx.el.span(row.who, class_name="muted counted-who"),
        rx.cond(row.at != "", time_ago(row.at, row.when), rx.el.span()),
    )
