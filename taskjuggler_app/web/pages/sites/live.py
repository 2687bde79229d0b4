"""A scan while it runs: how far it is, the page it is at, what it finds, and how to stop it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import button, card, pick, some
from taskjuggler_app.web.pages.sites.parts import severity_mark


def live_scan(scan: Any, arriving: Any, on_cancel: Any) -> rx.Component:
    """The card of a scan that waits or runs; `scan` is a ScanRow, `arriving` what came last."""
    done = rx.el.progress(
        value=scan.pages_scanned.to(str),
        max=pick(scan.total_pages > 0, scan.total_pages.to(str), "1"),
        aria_label="Pages done",
    )
    counts = rx.el.p(
        rx.el.strong(scan.pages_scanned.to(str) + " of " + scan.total_pages.to(str) + " pages"),
        " · " + scan.issue_count.to(str) + " findings",
    )
    running = rx.el.div(
        rx.el.div(counts, role="status"),
        done,
        rx.el.p("Just read: ", scan.current_url, class_name="scan-current"),
        rx.cond(some(arriving), _found(arriving), rx.fragment()),
    )
    waiting = rx.el.p("The scan waits for its turn.", role="status")
    stop = button("Cancel the scan", kind="secondary", small=True, icon_name="x", on_click=on_cancel)
    return card(rx.el.div(rx.cond(scan.status == "pending", waiting, running), stop, class_name="scan-live"),
                title="Scanning")  # fmt: skip


def _found(arriving: Any) -> rx.Component:
    def line(row: Any) -> rx.Component:
        return rx.el.li(
            rx.cond(row.needs_review, rx.fragment(), severity_mark(row.severity)),
            rx.el.span(row.title, class_name="arrived-title"),
            rx.cond(row.needs_review, rx.el.span("for a person to look at", class_name="issue-path"), rx.fragment()),
            rx.cond(row.places != "", rx.el.span(row.places, class_name="issue-path"), rx.fragment()),
            rx.el.span(row.path, class_name="issue-path arrived-path"),
        )

    return rx.el.div(
        rx.el.p("Found just now", class_name="meter-name"),
        rx.el.ul(rx.foreach(arriving, line), class_name="arrived"),
    )
