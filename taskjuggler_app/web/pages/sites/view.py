"""The sites, one site with its scan and issues, one issue."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    copy_button,
    data_table,
    dialog,
    empty_state,
    facts,
    field,
    form_error,
    link,
    link_button,
    notice,
    page_header,
    skeleton_list,
    some,
    sparkline,
    stat_tile,
    text_input,
    time_ago,
)
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.sites.state import IssueState, SitesState, SiteState

S: Any = SitesState  # on the class, a State's attributes are vars and its methods are handlers
One: Any = SiteState
Issue: Any = IssueState
Frame: Any = FrameState
_TONES = rx.Var.create({"critical": "danger", "high": "danger", "medium": "warning", "low": "neutral"})


def sites() -> rx.Component:
    """Every site of the workspace with its score."""
    nothing = empty_state(
        "globe",
        "No site yet",
        "Add one: it is checked for accessibility, search engines, speed and safety.",
        action=rx.cond(Frame.is_admin, _add("secondary")),
    )
    listed = card(
        data_table(("Site", "Score", "Trend", "Issues", "Last scan", ""), S.rows, _site_cells, caption="Sites"),
        flush=True,
    )
    return framed(
        "sites",
        page_header(
            "Sites",
            note="How healthy your web sites are, and what to repair first.",
            actions=[rx.fragment(rx.cond(Frame.is_admin, _add("primary")))],
        ),
        rx.cond(S.loaded, rx.cond(some(S.rows), listed, nothing), skeleton_list()),
        _form(),
    )


def _add(kind: Any) -> rx.Component:
    return button("Add a site", kind=kind, icon_name="plus", on_click=S.open_form)


def _site_cells(row: Any) -> list[Any]:
    scanning = rx.cond(row.is_scanning, badge("Scanning", tone="info"), time_ago(row.last_scan_at, row.last_scan_at))
    return [
        link(row.name, href="/sites/" + row.id),
        rx.cond(row.score != "", row.score + " of 100", "Not scanned"),
        sparkline(row.trend, title="Score of the last scans of " + row.name),
        row.open_issues.to(str) + " open, " + row.serious.to(str) + " serious",
        scanning,
        button("Scan now", kind="ghost", small=True, on_click=S.scan(row.id), disabled=row.is_scanning),
    ]


def _form() -> rx.Component:
    form = rx.el.form(
        form_error(S.error),
        field("Address", text_input("url", required=True, max_length=500, placeholder="https://example.com")),
        field("Name", text_input("name", max_length=100), optional=True),
        field("Pages at most", text_input("max_pages", kind="text", default_value="50", max_length=4)),
        rx.el.div(
            button("Cancel", kind="ghost", data_closes=""),
            button("Add and scan", kind="primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=S.save,
        class_name="form",
    )
    return dialog("site-form", "Add a site", form, open_=S.form_open, on_close=S.close_form)


def site() -> rx.Component:
    """One site."""
    gone = empty_state("globe", "No such site", "It was removed, or it is not in this workspace.")
    content = rx.el.div(_progress(), _tiles(), _filters(), _issues(), class_name="stack")
    return framed(
        "sites",
        page_header(
            rx.cond(One.site.name != "", One.site.name, "Site"),
            note=One.site.url,
            actions=[
                rx.fragment(_schedule()),
                button("Scan now", kind="primary", on_click=One.start, disabled=One.site.is_scanning),
            ],
        ),
        rx.cond(One.loaded, rx.cond(One.missing, gone, content), skeleton_list()),
    )


def _schedule() -> rx.Component:
    planned = rx.cond(
        One.site.next_scan_at != "",
        button("Stop weekly scans", kind="ghost", on_click=One.schedule("")),
        button("Scan weekly", kind="ghost", on_click=One.schedule("weekly")),
    )
    return rx.cond(Frame.is_admin, planned, rx.fragment())


def _progress() -> rx.Component:
    running = (One.scan.status == "running") | (One.scan.status == "pending")
    told = rx.el.div(
        rx.el.p(
            rx.cond(
                One.scan.status == "pending",
                "The scan waits for a worker.",
                One.scan.pages_scanned.to(str) + " of " + One.scan.total_pages.to(str) + " pages, "
                + One.scan.issue_count.to(str) + " findings so far.",
            )
        ),
        rx.el.p(One.scan.current_url, class_name="wrap-anywhere"),
        button("Cancel the scan", kind="secondary", small=True, on_click=One.cancel),
        class_name="stack",
        role="status",
    )  # fmt: skip
    failed = rx.cond(One.scan.status == "failed", notice(One.scan.error, tone="warning"), rx.fragment())
    return rx.cond(running, card(told, title="Scanning"), failed)


def _tiles() -> rx.Component:
    overall = stat_tile("Health", rx.cond(One.site.score != "", One.site.score, "Not scanned"))
    categories = rx.foreach(One.scan.categories, lambda pair: stat_tile(pair[0], pair[1].to(str)))
    return rx.el.div(overall, categories, class_name="tiles")


def _filters() -> rx.Component:
    def group(what: str, choices: tuple[tuple[str, str], ...], chosen: Any) -> rx.Component:
        return rx.el.div(
            *[
                button(label, kind="ghost", small=True, on_click=One.show(what, value), aria_pressed=chosen == value)
                for value, label in choices
            ],
            role="group",
            aria_label=what,
            class_name="toolbar",
        )

    statuses = (("open", "Open"), ("fixed", "Fixed"), ("ignored", "Ignored"), ("false_positive", "Not a problem"))
    categories = (("", "All"), ("accessibility", "Accessibility"), ("seo", "Search"), ("performance", "Speed"),
                  ("security", "Safety"))  # fmt: skip
    severities = (("", "Any"), ("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low"))
    return rx.el.div(
        group("status", statuses, One.status),
        group("category", categories, One.category),
        group("severity", severities, One.severity),
    )


def _issues() -> rx.Component:
    nothing = empty_state("shield-check", "Nothing here", "No issue matches, or no scan is done yet.")
    every = rx.cond(
        One.status == "open",
        button("Ignore all listed", kind="ghost", small=True, on_click=One.set_all("ignored")),
        button("Open all listed again", kind="ghost", small=True, on_click=One.set_all("open")),
    )
    bulk = rx.cond(One.status != "fixed", every, rx.fragment())
    table = data_table(("Severity", "Issue", "Places", "Category"), One.rows, _issue_cells, caption="Issues")
    return rx.cond(some(One.rows), card(table, title="Issues", actions=[bulk], flush=True), nothing)


def _issue_cells(row: Any) -> list[Any]:
    return [
        badge(row.severity, tone=_TONES[row.severity].to(str)),
        rx.el.div(
            link(row.title, href="/sites/" + One.site.id + "/issues/" + row.id),
            rx.el.div(row.message, class_name="wrap-anywhere"),
            rx.cond(row.needs_review, badge("Needs a look", tone="info"), rx.fragment()),
            rx.cond(row.regressed, badge("Came back", tone="warning"), rx.fragment()),
        ),
        row.places.to(str),
        row.category,
    ]


def issue() -> rx.Component:
    """One issue."""
    gone = empty_state("globe", "No such issue", "It was removed, or it is not in this workspace.")
    return framed(
        "sites",
        page_header(
            rx.cond(Issue.issue.title != "", Issue.issue.title, "Issue"),
            note=Issue.issue.message,
            actions=[link_button("Back to the site", href="/sites/" + Issue.site_id, kind="ghost"), _task()],
        ),
        rx.cond(Issue.loaded, rx.cond(Issue.missing, gone, _issue_content()), skeleton_list()),
    )


def _task() -> rx.Component:
    return rx.fragment(
        rx.cond(
            Issue.issue.task_id != "",
            link_button("Open its task", href="/tasks/" + Issue.issue.task_id),
            button("Make a task", kind="primary", on_click=Issue.make_task),
        )
    )


def _issue_content() -> rx.Component:
    row = Issue.issue
    about = card(
        facts(
            ("Severity", badge(row.severity, tone=_TONES[row.severity].to(str))),
            ("Why it matters", row.why),
            ("Source", row.source),
            ("Page", rx.el.span(row.page_url, class_name="wrap-anywhere")),
            ("Element", rx.el.code(row.html, class_name="wrap-anywhere")),
            ("First seen", time_ago(row.first_seen_at, row.first_seen_at)),
        ),
        title="What",
    )
    fix = card(
        rx.el.p(row.fix_explanation),
        rx.el.pre(row.fix_code, class_name="wrap-anywhere"),
        copy_button(row.fix_code),
        rx.el.p("Confidence " + row.fix_confidence.to(str) + " of 100."),
        title="A way to repair it",
    )
    ignore = rx.cond(
        row.status == "open",
        rx.el.div(
            button("Ignore", kind="secondary", on_click=Issue.set_status("ignored")),
            button("Not a problem", kind="ghost", on_click=Issue.set_status("false_positive")),
            class_name="toolbar",
        ),
        rx.cond(row.status == "fixed", badge("Fixed", tone="success"), _reopen()),
    )
    places = data_table(("Page", "Element", "What"), Issue.places, _place_cells, caption="Places")
    return rx.el.div(
        ignore, about, rx.cond(row.fix_code != "", fix, rx.fragment()), card(places, title="Where", flush=True),
        class_name="stack",
    )  # fmt: skip


def _reopen() -> rx.Component:
    return button("Open again", kind="secondary", on_click=Issue.set_status("open"))


def _place_cells(row: Any) -> list[Any]:
    return [
        rx.el.span(row.page_url, class_name="wrap-anywhere"),
        rx.el.code(row.selector, class_name="wrap-anywhere"),
        row.message,
    ]
