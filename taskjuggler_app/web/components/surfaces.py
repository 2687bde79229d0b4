"""Where things stand: page headers, cards, tiles, and what is shown while there is nothing yet."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Child, Text, classes, link
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.shapes import Crumb


def page_header(
    title: Child, *, note: Child = "", actions: Sequence[rx.Component] = (), crumbs: Sequence[Crumb] = ()
) -> rx.Component:
    """The page's only h1, a line under it, the way here, and its main actions."""
    return rx.el.header(
        breadcrumbs(crumbs) if crumbs else None,
        rx.el.div(
            rx.el.div(
                rx.el.h1(title),
                _note(note),
                class_name="page-title",
            ),
            rx.el.div(*actions, class_name="page-actions") if actions else None,
            class_name="page-head-row",
        ),
        class_name="page-head",
    )


def _note(note: Child) -> rx.Component | None:
    if isinstance(note, str) and not note:
        return None
    line = rx.el.p(note, class_name="page-note")
    return rx.cond(note != "", line, rx.fragment()) if isinstance(note, rx.Var) else line


def breadcrumbs(crumbs: Sequence[Crumb]) -> rx.Component:
    """The way here; the last crumb is this page."""
    steps = [
        rx.el.li(link(crumb.label, href=crumb.href) if crumb.href else rx.el.span(crumb.label, aria_current="page"))
        for crumb in crumbs
    ]
    return rx.el.nav(rx.el.ol(*steps), class_name="crumbs", aria_label="Breadcrumb")


def card(
    *children: Child,
    title: Text = "",
    note: Text = "",
    actions: Sequence[rx.Component] = (),
    flush: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A surface with an optional heading. flush: its content (a list, a table) touches the edges."""
    titled = not (isinstance(title, str) and title == "")
    head = rx.el.div(
        rx.el.div(
            rx.el.h2(title),
            None if isinstance(note, str) and not note else rx.el.p(note, class_name="card-note"),
        ),
        rx.el.div(*actions, class_name="card-actions") if actions else None,
        class_name="card-head",
    )
    return rx.el.section(
        head if titled else None,
        rx.el.div(*children, class_name="card-body card-flush" if flush else "card-body"),
        class_name=classes("card", class_name),
        **props,
    )


def stat_tile(label: Text, value: Child, *, note: Child = "", icon_name: str = "", href: Text = "") -> rx.Component:
    """One figure with its name; the whole tile leads to where it comes from when href is given."""
    inside = (
        rx.el.span(icon(icon_name, size=16) if icon_name else None, rx.el.span(label), class_name="stat-label"),
        rx.el.span(value, class_name="stat-value"),
        rx.el.span(note, class_name="stat-note"),
    )
    if isinstance(href, str) and not href:
        return rx.el.div(*inside, class_name="stat")
    return link(*inside, href=href, class_name="stat")


def facts(*pairs: tuple[Text, Child]) -> rx.Component:
    """Names and values (a description list)."""
    return rx.el.dl(
        *[rx.el.div(rx.el.dt(name), rx.el.dd(value)) for name, value in pairs],
        class_name="facts",
    )


def empty_state(icon_name: str, title: Text, text: Text, *, action: rx.Component | None = None) -> rx.Component:
    """What a list says when it has nothing: why, and what to do next."""
    return rx.el.div(
        rx.el.div(icon(icon_name, size=24), class_name="empty-icon"),
        rx.el.h2(title),
        rx.el.p(text),
        action,
        class_name="empty",
    )


def notice(
    text: Child, *, tone: str = "info", icon_name: str = "info", action: rx.Component | None = None
) -> rx.Component:
    """Something to know before going on. tone: info, warning, danger, success."""
    return rx.el.div(icon(icon_name), rx.el.p(text), action, class_name=f"notice tone-{tone}", role="note")


def limit_notice(text: Text) -> rx.Component:
    """What a plan's limit says before it bites, and the way to the plans; nothing for no text."""
    way = link("See the plans", href="/settings/plan", class_name="text-link")
    return rx.fragment(rx.cond(text != "", notice(text, tone="warning", icon_name="circle-alert", action=way)))


def skeleton_text(lines: int = 3) -> rx.Component:
    """Grey lines where text will be."""
    bars = [rx.el.span(class_name="skeleton skeleton-line") for _ in range(lines)]
    return _loading(*bars, class_name="skeleton-text")


def skeleton_list(rows: int = 6) -> rx.Component:
    """Grey rows where a list will be."""
    row = (
        rx.el.span(class_name="skeleton skeleton-dot"),
        rx.el.span(class_name="skeleton skeleton-line"),
        rx.el.span(class_name="skeleton skeleton-short"),
    )
    return _loading(*[rx.el.div(*row, class_name="skeleton-row") for _ in range(rows)], class_name="skeleton-list")


def skeleton_card() -> rx.Component:
    """A grey card with a heading and three lines."""
    return rx.el.div(rx.el.span(class_name="skeleton skeleton-title"), skeleton_text(), class_name="card skeleton-card")


def _loading(*children: rx.Component, class_name: str) -> rx.Component:
    said = rx.el.span("Loading…", class_name="sr-only")
    return rx.el.div(said, *children, role="status", aria_busy="true", class_name=class_name)


def preformatted(text: Text, *, class_name: str = "code-block") -> rx.Component:
    """Text as it was written, which the keyboard can scroll; nothing where there is none."""
    return rx.cond(text != "", rx.el.pre(rx.el.code(text), class_name=class_name, tab_index=0), rx.fragment())
