"""The dashboard of sites."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    dialog,
    empty_state,
    icon,
    limit_notice,
    link,
    page_header,
    pick,
    skeleton_list,
    some,
    sparkline,
    stat_tile,
    time_ago,
)
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.sites.forms import site_form
from taskjuggler_app.web.pages.sites.parts import meters, ring
from taskjuggler_app.web.pages.sites.state import SitesState

S: Any = SitesState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState


def sites() -> rx.Component:
    """Every site of the workspace with its score."""
    nothing = empty_state(
        "globe",
        "No site yet",
        "Add one: it is checked for accessibility, search engines, speed and safety. "
        "Every problem comes with a reason, most with a way to repair it.",
        action=rx.cond(Frame.is_admin, _add("primary"), rx.fragment()),
    )
    listed = rx.fragment(
        rx.el.div(
            stat_tile("Sites", S.rows.length().to(str), icon_name="globe"),
            stat_tile("Average health", pick(S.average != "", S.average, "?"), icon_name="activity"),
            stat_tile("Open issues", S.open_issues.to(str), icon_name="circle-alert"),
            stat_tile("Critical or high", S.serious.to(str), icon_name="triangle-alert"),
            class_name="tiles",
        ),
        rx.el.ul(rx.foreach(S.rows, _site), class_name="site-cards", aria_label="Sites"),
    )
    return framed(
        "sites",
        page_header(
            "Sites",
            note="How healthy your web sites are, and what to repair first.",
            actions=[rx.fragment(rx.cond(Frame.is_admin & some(S.rows), _add("primary"), rx.fragment()))],
        ),
        rx.cond(Frame.is_admin, limit_notice(S.limit)),
        rx.el.div(rx.cond(S.loaded, rx.cond(some(S.rows), listed, nothing), skeleton_list()), class_name="stack"),
        dialog(
            "site-form",
            "Add a site",
            rx.cond(S.form_open, site_form(error=S.error, on_submit=S.save, label="Add and scan"), rx.fragment()),
            open_=S.form_open,
            on_close=S.close_form,
        ),
    )


def _add(kind: Any) -> rx.Component:
    return button("Add a site", kind=kind, icon_name="plus", on_click=S.open_form)


def _site(row: Any) -> rx.Component:
    serious = badge(row.serious.to(str) + " critical or high", tone="danger", icon_name="triangle-alert")
    quiet = badge("Nothing serious", tone="success", icon_name="check")
    state = rx.cond(
        row.is_scanning,
        badge("Scanning", tone="info", icon_name="refresh-cw"),
        rx.cond(row.score != "", rx.cond(row.serious > 0, serious, quiet), badge("Not scanned yet")),
    )
    when = rx.cond(
        row.last_scan_at != "",
        rx.el.span("Scanned ", time_ago(row.last_scan_at, row.last_scan_at)),
        rx.el.span("No scan yet"),
    )
    following = rx.cond(
        row.next_scan_at != "", rx.el.span("next ", time_ago(row.next_scan_at, row.next_scan_at)), rx.fragment()
    )
    return rx.el.li(
        rx.el.div(
            ring(row.score),
            rx.el.div(
                link(row.name, href="/sites/" + row.id, class_name="site-name"),
                rx.el.span(row.url, class_name="site-url"),
                class_name="site-title",
            ),
            state,
            class_name="site-head",
        ),
        rx.cond(some(row.categories), meters(row.categories), rx.fragment()),
        rx.cond(
            row.trend.length() > 1,
            rx.el.div(
                rx.el.span("Last scans", class_name="meter-name"),
                sparkline(row.trend, title="Score of the last scans of " + row.name),
                class_name="site-trend",
            ),
            rx.fragment(),
        ),
        rx.el.div(
            rx.el.span(icon("clock", size=14), when, following, class_name="site-when"),
            button(
                "Scan now", kind="ghost", small=True, icon_name="refresh-cw", on_click=S.scan(row.id),
                disabled=row.is_scanning,
            ),
            class_name="site-foot",
        ),
        class_name="site-card",
    )  # fmt: skip
