"""One issue: what, where, why, how to repair it, and who does."""

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
    form_actions,
    link_button,
    notice,
    page_header,
    pick,
    preformatted,
    select,
    skeleton_list,
    textarea,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import joined
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.sites.issue_state import IssueState
from taskjuggler_app.web.pages.sites.parts import category_name, severity_mark

Issue: Any = IssueState  # on the class, a State's attributes are vars and its methods are handlers


def issue() -> rx.Component:
    """One issue."""
    gone = empty_state("globe", "No such issue", "It was removed, or it is not in this workspace.")
    return framed(
        "sites",
        page_header(
            rx.cond(Issue.issue.title != "", Issue.issue.title, "Issue"),
            note=Issue.issue.message,
            actions=[
                link_button("Back to the site", href="/sites/" + Issue.site_id, kind="ghost", icon_name="arrow-left"),
                rx.fragment(rx.cond(Issue.missing, rx.fragment(), _task())),
            ],
        ),
        rx.cond(Issue.loaded, rx.cond(Issue.missing, gone, _content()), skeleton_list()),
        _dialogs(),
    )


def _task() -> rx.Component:
    return rx.cond(
        Issue.issue.task_id != "",
        link_button("Open its task", href="/tasks/" + Issue.issue.task_id, icon_name="list-checks"),
        rx.cond(
            Issue.issue.status == "open",
            button("Make a task", kind="primary", icon_name="list-checks", data_opens="#issue-task"),
            rx.fragment(),
        ),
    )


def _content() -> rx.Component:
    row = Issue.issue
    about = card(
        facts(
            ("Why it matters", row.why),
            ("Severity", rx.el.span(severity_mark(row.severity), " ", category_name(row.category))),
            ("Rule", _rule(row)),
            ("Page", rx.el.a(row.page_url, href=row.page_url, rel="noopener", class_name="wrap-anywhere")),
            ("First seen", time_ago(row.first_seen_at, row.first_seen_at)),
            ("Places", row.places.to(str)),
        ),
        title="What is wrong",
    )
    return rx.el.div(
        _status(),
        rx.el.div(
            rx.el.div(about, _element(), class_name="stack"),
            rx.cond(row.fix_code != "", _fix(), _by_hand()),
            class_name="site-overview",
        ),
        card(
            data_table(("Page", "Element", "What"), Issue.places, _place, caption="Places"), title="Where", flush=True
        ),
        class_name="stack",
    )


def _rule(row: Any) -> rx.Component:
    """The criterion, and whose rule it is; with an address behind its name it is a link."""
    named = row.source.split(": https://")
    source = rx.el.a(named[0], href="https://" + named[1].to(str), rel="noopener", class_name="text-link")
    wcag = pick(row.wcag != "", joined("WCAG ", row.wcag, " · "), "")
    return rx.el.span(wcag, rx.cond(named.length() > 1, source, row.source))


def _status() -> rx.Component:
    row = Issue.issue
    again = rx.el.form(
        rx.el.input(type="hidden", name="status", value="open"),
        button("Open again", submit=True),
        on_submit=Issue.set_status,
    )
    checked = rx.cond(
        row.checked_at != "", rx.el.span("Looked at again ", time_ago(row.checked_at, row.checked_at)), rx.fragment()
    )
    look = button(
        when(row.checking, "Looking again", "Look again now"), icon_name="refresh-cw", loading=row.checking,
        on_click=Issue.recheck,
    )  # fmt: skip
    open_ = rx.el.div(
        look,
        button("Ignore", kind="ghost", data_opens="#issue-ignored"),
        button("Not a problem", kind="ghost", data_opens="#issue-false"),
        rx.cond(row.regressed, badge("Came back", tone="warning"), rx.fragment()),
        rx.cond(row.needs_review, badge("Needs a look", tone="info"), rx.fragment()),
        checked,
        class_name="toolbar",
    )
    fixed = rx.el.div(badge("Fixed", tone="success", icon_name="check"), look, checked, class_name="toolbar")
    named = when(row.status == "ignored", "Ignored", "Not a problem")
    why = pick(row.reason != "", joined(named, ": ", row.reason), named)
    closed = notice(why, tone="info", action=again)
    return rx.cond(row.status == "open", open_, rx.cond(row.status == "fixed", fixed, closed))


def _element() -> rx.Component:
    row = Issue.issue
    picture = rx.el.img(
        src=row.shot, alt="The element on its page, framed in red", loading="lazy", class_name="issue-shot"
    )
    return rx.cond(
        (row.html != "") | (row.shot != ""),
        card(
            rx.cond(row.shot != "", picture, rx.fragment()),
            preformatted(row.html),
            rx.cond(row.selector != "", rx.el.p(rx.el.code(row.selector), class_name="issue-path"), rx.fragment()),
            title="The element",
        ),
        rx.fragment(),
    )


def _fix() -> rx.Component:
    row = Issue.issue
    sure = rx.cond(
        row.verified,
        badge("Proven in a browser", tone="success", icon_name="shield-check"),
        rx.cond(
            row.written_by != "",
            badge("Written by AI: read it before you use it", tone="info", icon_name="sparkles"),
            badge("Not tried yet", tone="neutral"),
        ),
    )
    return card(
        rx.el.p(row.fix_explanation),
        preformatted(row.fix_code),
        rx.el.div(
            sure,
            rx.el.span("Confidence " + row.fix_confidence.to(str) + " of 100"),
            copy_button(row.fix_code),
            class_name="toolbar",
        ),
        title="A way to repair it",
    )


def _by_hand() -> rx.Component:
    return card(
        rx.el.p(
            "This one needs somebody who knows the page. Make a task: what is wrong, where, and the rule go with it."
        ),
        title="A way to repair it",
    )


def _place(row: Any) -> list[Any]:
    return [
        rx.el.span(row.page_url, class_name="wrap-anywhere"),
        rx.el.code(row.selector, class_name="wrap-anywhere"),
        row.message,
    ]


def _dialogs() -> rx.Component:
    def reason(id_: str, title: str, status: str, *, needed: bool) -> rx.Component:
        return dialog(
            id_,
            title,
            rx.el.form(
                rx.el.input(type="hidden", name="status", value=status),
                field(
                    "Why",
                    textarea("reason", rows=3, id_=f"{id_}-reason", required=needed, max_length=500),
                    hint="It stays with the issue, and later scans leave it alone.",
                    optional=not needed,
                ),
                form_actions(
                    button("Cancel", kind="ghost", data_closes=""),
                    button("Keep", kind="primary", submit=True, data_closes=""),
                ),
                on_submit=Issue.set_status,
                class_name="form",
            ),
            class_name="dialog-small",
        )

    task = dialog(
        "issue-task",
        "Make a task",
        rx.el.form(
            field("Given to", select("member", Issue.people, id_="issue-member")),
            form_actions(
                button("Cancel", kind="ghost", data_closes=""),
                button("Make a task", kind="primary", submit=True, data_closes=""),
            ),
            on_submit=Issue.make_task,
            class_name="form",
        ),
        class_name="dialog-small",
    )
    return rx.fragment(
        task,
        reason("issue-ignored", "Ignore this issue", "ignored", needed=False),
        reason("issue-false", "This is no problem", "false_positive", needed=True),
    )
