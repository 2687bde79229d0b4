"""One scan: its report, where the points went, its pages, and what changed against another scan."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    card,
    data_table,
    empty_state,
    icon,
    link_button,
    native_link,
    notice,
    page_header,
    select,
    skeleton_list,
    some,
    stat_tile,
    time_ago,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.sites.issue_state import ScanState
from taskjuggler_app.web.pages.sites.live import live_scan
from taskjuggler_app.web.pages.sites.parts import category_name, meters, ring, severity_mark

S: Any = ScanState  # on the class, a State's attributes are vars and its methods are handlers


def scan() -> rx.Component:
    """One scan."""
    gone = empty_state("globe", "No such scan", "It was removed, or it is not in this workspace.")
    report = "/data/sites/" + S.site.id + "/scans/" + S.scan.id + "/report"
    finished = rx.cond(
        S.scan.status == "completed",
        rx.fragment(
            native_link(icon("file-text", size=16), "As a page", href=report + ".html", class_name="btn btn-secondary"),
            native_link(icon("file-text", size=16), "As PDF", href=report + ".pdf", class_name="btn btn-secondary"),
        ),
        rx.fragment(),
    )
    return framed(
        "sites",
        page_header(
            rx.cond(S.site.name != "", "Scan of " + S.site.name, "Scan"),
            note=rx.cond(S.scan.at != "", time_ago(S.scan.at, S.scan.at), rx.fragment()),
            actions=[
                link_button("Back to the site", href="/sites/" + S.site.id, kind="ghost", icon_name="arrow-left"),
                rx.fragment(finished),
            ],
        ),
        rx.cond(S.loaded, rx.cond(S.missing, gone, _content()), skeleton_list()),
    )


def _content() -> rx.Component:
    failed = rx.cond(
        S.scan.error != "", notice(S.scan.error, tone="warning", icon_name="triangle-alert"), rx.fragment()
    )
    scores = card(
        rx.el.div(
            ring(S.scan.score.to(str), large=True),
            rx.el.div(meters(S.scan.categories), class_name="site-meters"),
            class_name="site-scores",
        ),
        title="Health",
    )
    tiles = rx.el.div(
        stat_tile("Pages", S.scan.pages_scanned.to(str)),
        stat_tile("Issues", S.scan.issue_count.to(str)),
        stat_tile("New", S.scan.new_issues.to(str)),
        stat_tile("Fixed", S.scan.fixed_issues.to(str)),
        class_name="tiles",
    )
    losses = data_table(("Check", "Area", "Severity", "Pages", "Points"), S.scan.losses, _loss, caption="Lost points")
    lost = rx.cond(
        some(S.scan.losses),
        card(losses, title="Where the points went", note="The points of an area add up to what it lost", flush=True),
        rx.fragment(),
    )
    pages = data_table(("Page", "Answer", "Took", "Findings"), S.scan.pages, _page, caption="Pages")
    runs = (S.scan.status == "running") | (S.scan.status == "pending")
    return rx.el.div(
        failed,
        rx.cond(
            runs,
            live_scan(S.live, S.arriving, S.cancel),
            rx.el.div(scores, rx.el.div(tiles, _compare(), class_name="stack"), class_name="site-overview"),
        ),
        _changes(),
        lost,
        rx.cond(some(S.scan.pages), card(pages, title="Pages", flush=True), rx.fragment()),
        class_name="stack",
    )


def _compare() -> rx.Component:
    control = select("other", S.others, id_="compare-with", value=S.other, on_change=S.compare)
    return rx.cond(
        some(S.others),
        card(
            rx.el.div(
                rx.el.label("Another scan of the site", html_for="compare-with", class_name="field-label"),
                control.draw(),
                class_name="field",
            ),
            title="Compare",
        ),
        rx.fragment(),
    )


def _changes() -> rx.Component:
    found = S.compared
    headings = ("Severity", "Issue", "Area", "Page")
    told = rx.el.span(
        "From " + found.score_before.to(str) + " to " + found.score_after.to(str) + " of 100. "
        + found.new_count.to(str) + " new, " + found.gone_count.to(str) + " gone, " + found.same.to(str)
        + " in both, on the pages that both scans read."
    )  # fmt: skip
    new = card(
        data_table(headings, found.new, _change, caption="New issues"), title="New in the later scan", flush=True
    )
    gone = card(
        data_table(headings, found.gone, _change, caption="Issues gone"), title="Gone in the later scan", flush=True
    )
    return rx.cond(
        S.other != "",
        rx.el.div(
            notice(told),
            rx.cond(some(found.new), new, rx.fragment()),
            rx.cond(some(found.gone), gone, rx.fragment()),
            class_name="stack",
        ),
        rx.fragment(),
    )


def _change(row: Any) -> list[Any]:
    return [
        severity_mark(row.severity),
        row.title,
        category_name(row.category),
        rx.el.code(row.page_url, class_name="wrap-anywhere"),
    ]


def _loss(row: Any) -> list[Any]:
    check = rx.el.span(row.title, rx.el.span(row.check, class_name="scan-check"))
    return [check, category_name(row.category), severity_mark(row.severity), row.pages.to(str), row.points]


def _page(row: Any) -> list[Any]:
    answer = rx.cond(row.error != "", row.error, row.status.to(str))
    return [rx.el.span(row.url, class_name="wrap-anywhere"), answer, row.seconds, row.findings.to(str)]
