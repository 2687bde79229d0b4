"""The form of a site: what people type, as the domain takes it, and how it looks."""

from typing import Any

import reflex as rx

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.sitehealth.sites import MOST_PAGES, SiteDraft
from taskjuggler_app.models.sitehealth import IssueCategory, SiteAuth
from taskjuggler_app.web.components import (
    Choice,
    button,
    checkbox,
    field,
    form_actions,
    form_error,
    password_input,
    select,
    text_input,
    textarea,
    when,
)
from taskjuggler_app.web.components.base import joined

CATEGORY_NAMES = {
    "accessibility": "Accessibility",
    "seo": "Search engines",
    "performance": "Speed",
    "security": "Safety",
}
SEVERITIES = ("critical", "high", "medium", "low")
AUTHS = (
    Choice("none", "Open to everybody"),
    Choice("basic", "User name and password (basic)"),
    Choice("bearer", "Token (bearer)"),
    Choice("cookie", "Cookie of a signed-in session"),
)
SCHEDULES = (
    Choice("", "Only when asked"),
    Choice("daily", "Every night at 3:00"),
    Choice("weekly", "Every Monday at 3:00"),
    Choice("monthly", "On the 1st of each month at 3:00"),
    Choice("custom", "By a schedule of my own (cron)"),
)
RULES = (
    Choice("", "Never by itself"),
    Choice("critical", "For critical ones"),
    Choice("high", "For critical and high ones"),
    Choice("medium", "For all but low ones"),
)
DOERS = (
    Choice("", "Nobody yet: the team takes them"),
    Choice("owner", "Who looks after the site"),
    Choice("market", "The marketplace: vendors and AI tools bid"),
)
LONGEST = 4000


def draft_of(form: dict[str, Any], zone: str) -> SiteDraft:
    """What was typed. Invalid when the number of pages is none."""

    def text(name: str) -> str:
        return str(form.get(name) or "").strip()[:LONGEST]

    pages, auth = text("max_pages") or "50", text("auth_type") or "none"
    if not pages.isdecimal() or len(pages) > 6:
        raise Invalid(f"A scan looks at 1 to {MOST_PAGES} pages.", "max_pages")
    if auth not in list(SiteAuth):
        raise Invalid("That way to sign in is not known.", "auth_type")
    checks = [one.value for one in IssueCategory if form.get(f"check_{one.value}")]
    return SiteDraft(
        url=text("url"),
        name=text("name"),
        max_pages=int(pages),
        timezone=text("timezone") or zone,
        auth_type=SiteAuth(auth),
        secret=text("secret") or None,
        include=text("include").splitlines(),
        exclude=text("exclude").splitlines(),
        checks=checks if 0 < len(checks) < len(IssueCategory) else None,
        task_severity=text("task_severity"),
        task_doer=text("task_doer"),
    )


def site_form(*, error: Any, on_submit: Any, label: str, now: Any = None) -> rx.Component:
    """The form; `now` is a var of the settings that it changes, None for a new site."""

    def value(name: str, otherwise: str = "") -> Any:
        return otherwise if now is None else getattr(now, name)

    def checked(name: str) -> Any:
        return True if now is None else (now.checks.length() == 0) | now.checks.contains(name)

    kind_of = "user:password, the token, or name=value of the cookie."
    kept = "" if now is None else when(now.has_secret, "One is stored; leave empty to keep it. ")
    return rx.el.form(
        form_error(error),
        field(
            "Address",
            text_input(
                "url", required=True, max_length=500, placeholder="https://example.com", default_value=value("url")
            ),
        ),
        field("Name", text_input("name", max_length=100, default_value=value("name")), optional=True),
        rx.el.details(
            rx.el.summary("Pages and checks"),
            field(
                "Pages at most", text_input("max_pages", input_mode="numeric", default_value=value("max_pages", "50"))
            ),
            field(
                "Only addresses with",
                textarea("include", rows=2, default_value=value("include")),
                hint="One pattern a line, * for anything: /shop/*",
                optional=True,
            ),
            field(
                "Never addresses with",
                textarea("exclude", rows=2, default_value=value("exclude")),
                hint="One pattern a line: /basket, *?print=*",
                optional=True,
            ),
            rx.el.fieldset(
                rx.el.legend("What to check", class_name="field-label"),
                *[checkbox(f"check_{key}", name, default_checked=checked(key)) for key, name in CATEGORY_NAMES.items()],
                class_name="site-choices",
            ),
            class_name="site-more",
        ),
        rx.el.details(
            rx.el.summary("Signing in"),
            field("The site is", select("auth_type", AUTHS, default_value=value("auth_type", "none"))),
            field(
                "Secret",
                password_input("secret", auto_complete="off", max_length=LONGEST),
                hint=joined(kept, kind_of),
                optional=True,
            ),
            class_name="site-more",
        ),
        rx.el.details(
            rx.el.summary("Schedule and tasks"),
            field("Scan", select("schedule", SCHEDULES, default_value=value("schedule", "weekly"))),
            field(
                "Cron",
                text_input("cron", placeholder="30 6 * * 1-5", default_value=value("cron"), max_length=100),
                hint="Minute, hour, day, month, weekday, in the site's time zone.",
                optional=True,
            ),
            field("Time zone", text_input("timezone", default_value=value("timezone"), max_length=64), optional=True),
            field(
                "Make tasks of new issues",
                select("task_severity", RULES, default_value=value("task_severity")),
                hint="A task closes itself when a scan no longer finds its issue.",
            ),
            field("Give them to", select("task_doer", DOERS, default_value=value("task_doer"))),
            class_name="site-more",
        ),
        form_actions(button("Cancel", kind="ghost", data_closes=""), button(label, kind="primary", submit=True)),
        on_submit=on_submit,
        class_name="form",
    )
