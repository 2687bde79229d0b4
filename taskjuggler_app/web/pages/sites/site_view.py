"""One site: the scan as it runs, scores, where it hurts, and its issues."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    bar_list,
    button,
    card,
    data_table,
    empty_state,
    link,
    link_button,
    notice,
    page_header,
    skeleton_list,
    some,
    sparkline,
    time_ago,
)
from taskjuggler_app.web.components.base import joined, word
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.sites.issue_list import issue_list
from taskjuggler_app.web.pages.sites.live import live_scan
from taskjuggler_app.web.pages.sites.parts import meters, ring
from taskjuggler_app.web.pages.sites.site_menu import dialogs, more_menu
from taskjuggler_app.web.pages.sites.site_state import SiteDeeds

One: Any = SiteDeeds  # on the class, a State's attributes are vars and its methods are handlers


def site() -> rx.Component:
    """One site."""
    gone = empty_state("globe", "No such site", "It was removed, or it is not in this workspace.",
                       action=link_button("All sites", href="/sites"))  # fmt: skip
    content = rx.el.div(_progress(), _overview(), issue_list(), _scans(), class_name="stack")
    return framed(
        "sites",
        page_header(
            rx.cond(One.site.name != "", One.site.name, "Site"),
            note=rx.el.a(One.site.url, href=One.site.url, rel="noopener", class_name="wrap-anywhere"),
            actions=[
                rx.fragment(rx.cond(One.missing, rx.fragment(), more_menu())),
                button("Scan now", kind="primary", icon_name="refresh-cw", on_click=One.start,
                       disabled=One.site.is_scanning | One.missing),
            ],
        ),
        rx.cond(One.loaded, rx.cond(One.missing, gone, content), skeleton_list()),
        dialogs(),
    )  # fmt: skip


def _progress() -> rx.Component:
    scan = One.scan
    failed = rx.cond(
        scan.status == "failed",
        notice("The last scan ended early: " + scan.error, tone="warning", icon_name="triangle-alert"),
        rx.fragment(),
    )
    skipped = rx.cond(
        One.site.skipped_at != "",
        notice(rx.el.span("A planned scan was skipped ", time_ago(One.site.skipped_at, One.site.skipped_at),
                          ", because another one was still running.")),
        rx.fragment(),
    )  # fmt: skip
    running = (scan.status == "running") | (scan.status == "pending")
    return rx.fragment(rx.cond(running, live_scan(scan, One.arriving, One.cancel), failed), skipped)


def _overview() -> rx.Component:
    scores = card(
        rx.el.div(
            ring(One.site.score, large=True),
            rx.el.div(
                rx.cond(
                    some(One.site.categories), meters(One.site.categories), rx.el.p("Scores come with the first scan.")
                ),
                class_name="site-meters",
            ),
            class_name="site-scores",
        ),
        rx.cond(
            One.site.trend.length() > 1,
            rx.el.div(
                rx.el.span(
                    joined(
                        "Health over the last ",
                        One.site.trend.length().to_string(),
                        " scans: from ",
                        One.site.trend[0].to_string(),
                        " to ",
                        One.site.trend[-1].to_string(),
                    ),
                    class_name="meter-name",
                ),
                sparkline(One.site.trend, title="Health score of the last scans"),
                class_name="site-trend is-tall",
            ),
            rx.fragment(),
        ),
        _when(),
        title="Health",
    )
    worst = card(
        rx.cond(
            some(One.worst),
            bar_list(One.worst, title="Pages with the most and gravest issues"),
            rx.el.p("No page stands out."),
        ),
        title="Pages to repair first",
        note="By number and severity of open issues",
    )
    return rx.el.div(scores, worst, class_name="site-overview")


def _when() -> rx.Component:
    planned = rx.cond(
        One.site.next_scan_at != "",
        rx.el.span(", next ", time_ago(One.site.next_scan_at, One.site.next_scan_at)),
        rx.el.span(". No scan is planned: Settings has a schedule."),
    )
    scanned = rx.el.span("Scanned ", time_ago(One.site.last_scan_at, One.site.last_scan_at), planned)
    return rx.el.p(
        rx.cond(One.site.last_scan_at != "", scanned, rx.el.span("No scan yet", planned)), class_name="site-when"
    )


def _scans() -> rx.Component:
    def cells(row: Any) -> list[Any]:
        path = "/sites/" + One.site.id + "/scans/" + row.id
        return [
            rx.el.span(link(time_ago(row.at, row.at), href=path, class_name="scan-link")),
            rx.cond(row.status == "completed", row.score.to(str) + " of 100", badge(_state(row.status))),
            row.pages.to(str),
            "+" + row.new.to(str) + " new, " + row.fixed.to(str) + " fixed",
        ]

    table = data_table(("When", "Health", "Pages", "Issues"), One.scans, cells, caption="Scans of the site")
    listed = card(table, title="Scans", note="Open one for its report or to compare", flush=True)
    return rx.fragment(rx.cond(some(One.scans), listed, rx.fragment()))


def _state(status: Any) -> Any:
    return word(status, {"failed": "Ended early", "running": "Running", "pending": "Waiting"}, "Unknown")
