"""Manager's Monday and the other dashboards: filters, pictures, tiles."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.domain.analytics.board import MONDAY, PLANS
from taskjuggler_app.domain.analytics.frame import CHANNEL_NAMES, CHANNELS
from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    download_button,
    hidden_text,
    link,
    native_link,
    notice,
    page_header,
    pick,
    plot,
    segmented,
    skeleton_card,
    some,
    tab_links,
)
from taskjuggler_app.web.components.base import classes, joined, when
from taskjuggler_app.web.pages.analytics.state import DashboardState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = DashboardState  # on the class, a State's attributes are vars and its methods are handlers
_SPANS = (Choice("7", "7 days"), Choice("30", "30 days"), Choice("90", "90 days"), Choice("365", "A year"))


def address(key: str) -> str:
    """Where a dashboard is."""
    return "/monday" if key == MONDAY else f"/dashboards/{key}"


def board_page(key: str) -> Callable[[], rx.Component]:
    """The page of a dashboard."""

    def page() -> rx.Component:
        return _page(key)

    page.__name__ = f"board_{key}"
    return page


def _page(key: str) -> rx.Component:
    shows = S.key == key
    waiting = rx.el.div(skeleton_card(), skeleton_card(), class_name="stack")
    note = pick(shows, joined("On the clock of ", S.zone, ". Days that are over, beside as many before."), "")
    return framed(
        "monday",
        page_header(
            PLANS[key].title if key == MONDAY else f"{PLANS[key].title} report",
            note=note,
            actions=[*([_mail_me()] if key == MONDAY else []), _sheet(key)],
        ),
        _tabs(key),
        _toolbar(key),
        rx.cond(shows, rx.cond(S.problem != "", notice(S.problem, tone="danger"), _content(key)), waiting),
        rx.el.span(
            hidden=True,
            data_address=pick(shows, joined(address(key), when(S.query != "", "?"), S.query)),
            data_came_by=S.came_by,
        ),
    )


def _tabs(key: str) -> rx.Component:
    """The other dashboards, with the same filters."""
    query: Any = joined(when(S.query != "", "?"), S.query)
    choices = [
        Choice(one, "Monday" if one == MONDAY else plan.title, href=address(one) + query) for one, plan in PLANS.items()
    ]
    return tab_links(choices, key, label="Reports")


def _mail_me() -> rx.Component:
    words = pick(S.mailed, "Mailed on Mondays: stop", "Mail me on Mondays")
    return rx.fragment(
        button("Mail it to me now", kind="ghost", small=True, icon_name="send", on_click=S.mail_me_now),
        button(words, kind="secondary", small=True, icon_name="mail", on_click=S.mail_me),
    )


def _sheet(key: str) -> rx.Component:
    href = joined(f"/data/dashboards/{key}.csv?", S.query)
    return download_button("CSV", href=href)


def _toolbar(key: str) -> rx.Component:
    asks = PLANS[key].filters
    channels = [Choice(one, CHANNEL_NAMES[one]) for one in CHANNELS]
    several = S.workspaces.length() > 1
    return rx.el.div(
        segmented("span", _SPANS, S.span, on_select=S.show_span, label="Period"),
        rx.el.div(
            _day("from", "First day", S.first_day),
            rx.el.span("to", class_name="muted", aria_hidden="true"),
            _day("to", "Last day", S.last_day),
            class_name="monday-days",
        ),
        _chooser("channel", "Channel", "Every channel", channels) if "channel" in asks else None,
        _chooser("person", "Person", "Everybody", S.members) if "person" in asks else None,
        _chooser("site", "Site", "Every site", S.sites) if "site" in asks else None,
        rx.cond(several, _chooser("team", "Workspace", None, S.workspaces)),
        class_name="toolbar monday-filters",
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


def _chooser(name: str, label: str, everything: str | None, choices: Sequence[Choice] | Any) -> rx.Component:
    options: list[Any] = [rx.el.option(everything, value="")] if everything else []
    if isinstance(choices, rx.Var):
        options.append(rx.foreach(choices, lambda one: rx.el.option(one.label, value=one.value)))
    else:
        options += [rx.el.option(one.label, value=one.value) for one in choices]
    return rx.el.select(
        *options,
        name=name,
        aria_label=label,
        value=S.wanted[name],
        on_change=lambda value: S.choose(name, value),
        class_name=when(S.wanted[name] != "", "input select is-set", "input select"),
    )


def _content(key: str) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(S.tiles, lambda tile: _tile(key, tile)), class_name="monday-tiles"),
        rx.el.div(rx.foreach(S.plots, lambda one: _plot(key, one)), class_name="monday-charts"),
        class_name="stack",
    )


def _plot(key: str, one: Any) -> rx.Component:
    return rx.el.section(
        _head(key, one.key, one.title, ~one.is_empty, of=" of the chart "),
        plot(one),
        _how(one),
        class_name=when(one.kind == "heat", "card monday-tile is-wide", "card monday-tile"),
        data_chart=one.key,
    )


def _head(key: str, part: Any, title: Any, has_sheet: Any, *, of: str = " of ") -> rx.Component:
    sheet = native_link(
        "CSV",
        hidden_text(of, title),
        href=joined(f"/data/dashboards/{key}.csv?only=", part, "&", S.query),
        class_name="monday-sheet",
        download="",
    )
    return rx.el.div(rx.el.h2(title), rx.cond(has_sheet, sheet), class_name="monday-head")


def _how(one: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary("How it is reckoned"),
        rx.el.p(one.formula),
        rx.el.p(one.period, class_name="muted"),
        class_name="monday-how",
    )


def _tile(key: str, tile: Any) -> rx.Component:
    is_now = tile.period == "now"
    head = rx.el.tr(
        rx.el.th(hidden_text("Name"), scope="col"),
        rx.el.th(pick(is_now, "Now", "Period"), scope="col"),
        rx.cond(is_now, rx.fragment(), rx.el.th("Before", scope="col")),
    )
    named = rx.el.caption(tile.title, class_name="sr-only")
    rows = rx.el.table(
        named,
        rx.el.thead(head),
        rx.el.tbody(rx.foreach(tile.lines, lambda line: _line(line, is_now))),
        class_name=classes("monday-table", when(tile.leads, "leads")),
    )
    nothing = rx.el.p(tile.empty, class_name="muted")
    return rx.el.section(
        _head(key, tile.key, tile.title, some(tile.lines)),
        rx.cond(some(tile.lines), rows, nothing),
        _how(tile),
        class_name="card monday-tile",
        data_tile=tile.key,
    )


def _line(line: Any, is_now: Any) -> rx.Component:
    bar = rx.el.svg(
        rx.el.svg.rect(x="0", y="0", width="100", height="4", class_name="bar-back"),
        rx.el.svg.rect(x="0", y="0", width=line.share, height="4", class_name="bar"),
        view_box="0 0 100 4",
        preserve_aspect_ratio="none",
        aria_hidden="true",
    )
    change = badge(rx.fragment(line.change, hidden_text(" against the period before")), tone=line.tone)
    return rx.el.tr(
        rx.el.th(line.label, rx.cond(line.change != "", change), rx.cond(line.share != "", bar), scope="row"),
        rx.el.td(_number(line.text, line.href, line.label)),
        rx.cond(
            is_now, rx.fragment(), rx.el.td(_number(line.before, line.before_href, line.label), class_name="muted")
        ),
    )


def _number(text: Any, href: Any, label: Any) -> rx.Component:
    """A number, and where its rows are; a reader hears of what."""
    return rx.cond(href != "", link(text, hidden_text(", ", label), href=href), text)
