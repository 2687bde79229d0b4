"""The issues of a site: filtered, grouped, several changed at once."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    data_table,
    dialog,
    empty_state,
    field,
    form_actions,
    link,
    segmented,
    select,
    some,
    textarea,
)
from taskjuggler_app.web.pages.sites.forms import CATEGORY_NAMES
from taskjuggler_app.web.pages.sites.parts import SEVERITY_NAMES, category_name, severity_mark
from taskjuggler_app.web.pages.sites.site_state import SiteDeeds

One: Any = SiteDeeds  # on the class, a State's attributes are vars and its methods are handlers
_WAYS = (Choice("issues", "Issues"), Choice("check", "By check"), Choice("page", "By page"))
_STATUSES = (
    Choice("open", "Open"),
    Choice("fixed", "Fixed"),
    Choice("ignored", "Ignored"),
    Choice("false_positive", "Not a problem"),
    Choice("", "Any status"),
)


def issue_list() -> rx.Component:
    """Filters, the list or the groups, and what to do with what is chosen."""
    return rx.el.div(
        card(_filters(), _chosen(), rx.cond(One.way == "issues", _issues(), _groups()), title="Issues", flush=True),
        _dialogs(),
    )


def _filters() -> rx.Component:
    def choose(what: str, label: str, choices: tuple[Choice, ...], now: Any) -> rx.Component:
        control = select(what, choices, id_=f"filter-{what}", value=now, on_change=lambda value: One.show(what, value))
        return rx.el.div(
            rx.el.label(label, html_for=f"filter-{what}", class_name="sr-only"),
            control.draw(),
            class_name="issue-filter",
        )

    categories = (Choice("", "Every area"), *(Choice(key, name) for key, name in CATEGORY_NAMES.items()))
    severities = (Choice("", "Any severity"), *(Choice(key, name) for key, name in SEVERITY_NAMES.items()))
    narrowed = rx.cond(
        (One.check != "") | (One.page != ""),
        button(
            rx.cond(One.check != "", "Check: " + One.check, "Page: " + One.page),
            kind="secondary",
            small=True,
            icon_name="x",
            on_click=One.open_group(""),
            aria_label="Show all again",
        ),
        rx.fragment(),
    )
    return rx.el.div(
        segmented("way", _WAYS, One.way, on_select=One.view, label="How issues are listed"),
        choose("status", "Status", _STATUSES, One.status),
        choose("category", "Area", categories, One.category),
        choose("severity", "Severity", severities, One.severity),
        narrowed,
        class_name="issue-filters",
    )


def _chosen() -> rx.Component:
    bar = rx.el.div(
        rx.el.span(One.chosen.length().to(str) + " chosen", class_name="issue-count", role="status"),
        button("Make tasks", small=True, icon_name="list-checks", data_opens="#issues-task"),
        button("Ignore", kind="ghost", small=True, data_opens="#issues-ignored"),
        button("Not a problem", kind="ghost", small=True, data_opens="#issues-false"),
        rx.el.form(
            rx.el.input(type="hidden", name="status", value="open"),
            button("Open again", kind="ghost", small=True, submit=True),
            on_submit=One.set_chosen,
        ),
        class_name="issue-chosen",
    )
    return rx.cond(some(One.chosen), bar, rx.fragment())


def _issues() -> rx.Component:
    nothing = empty_state("shield-check", "Nothing here", "No issue matches these filters, or no scan is done yet.")
    every = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=One.chosen.length() == One.rows.length(),
            on_change=lambda _: One.tick_all(),
            class_name="checkbox",
        ),
        "Choose all listed",
        class_name="issue-all",
    )
    table = data_table(("Choose", "Issue", "Severity", "Area", "Places"), One.rows, _cells, caption="Issues")
    return rx.cond(some(One.rows), rx.el.div(every, table, class_name="issue-table"), nothing)


def _cells(row: Any) -> list[Any]:
    chosen = One.chosen.contains(row.id)
    return [
        rx.el.input(type="checkbox", checked=chosen, on_change=lambda _: One.tick(row.id), class_name="checkbox",
                    aria_label="Choose " + row.title),
        rx.el.div(
            link(row.title, href="/sites/" + One.site.id + "/issues/" + row.id, class_name="issue-title"),
            rx.el.div(row.message, class_name="issue-message"),
            rx.el.div(
                rx.el.span(row.path, class_name="issue-path"),
                rx.cond(row.needs_review, badge("Needs a look", tone="info"), rx.fragment()),
                rx.cond(row.regressed, badge("Came back", tone="warning"), rx.fragment()),
                rx.cond(row.verified, badge("Fix proven", tone="success", icon_name="check"), rx.fragment()),
                rx.cond(row.task_id != "", badge("Has a task", icon_name="list-checks"), rx.fragment()),
                class_name="issue-marks",
            ),
        ),
        severity_mark(row.severity),
        category_name(row.category),
        row.places.to(str),
    ]  # fmt: skip


def _groups() -> rx.Component:
    def cells(row: Any) -> list[Any]:
        opener = rx.el.button(row.name, type="button", on_click=One.open_group(row.key), class_name="link-like")
        return [opener, severity_mark(row.severity), row.issues.to(str), row.places.to(str)]

    nothing = empty_state("shield-check", "Nothing here", "No issue matches, or no scan is done yet.")
    table = data_table(("Group", "Gravest", "Issues", "Places"), One.groups, cells, caption="Groups of issues")
    return rx.cond(some(One.groups), table, nothing)


def _dialogs() -> rx.Component:
    def reason(id_: str, title: str, status: str, *, needed: bool) -> rx.Component:
        return dialog(
            id_,
            title,
            rx.el.form(
                rx.el.input(type="hidden", name="status", value=status),
                field(
                    "Why" if needed else "Why (for those who ask later)",
                    textarea("reason", rows=3, id_=f"{id_}-reason", required=needed, max_length=500),
                    hint="It stays with the issues, and later scans leave them alone.",
                ),
                form_actions(
                    button("Cancel", kind="ghost", data_closes=""),
                    button("Keep", kind="primary", submit=True, data_closes=""),
                ),
                on_submit=One.set_chosen,
                class_name="form",
            ),
            class_name="dialog-small",
        )

    task = dialog(
        "issues-task",
        "Make tasks",
        rx.el.form(
            field("Given to", select("member", One.people, id_="issues-member")),
            form_actions(
                button("Cancel", kind="ghost", data_closes=""),
                button("Make tasks", kind="primary", submit=True, data_closes=""),
            ),
            on_submit=One.make_tasks,
            class_name="form",
        ),
        class_name="dialog-small",
    )
    return rx.fragment(
        task,
        reason("issues-ignored", "Ignore these issues", "ignored", needed=False),
        reason("issues-false", "These are no problems", "false_positive", needed=True),
    )
