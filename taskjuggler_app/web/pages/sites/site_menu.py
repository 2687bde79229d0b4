"""What an admin does with a site: settings, sharing its report, removing it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    confirm,
    copy_button,
    dialog,
    icon,
    menu,
    menu_divider,
    menu_item,
    native_link,
)
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.sites.forms import site_form
from taskjuggler_app.web.pages.sites.site_state import SiteDeeds, SiteFormState

Form: Any = SiteFormState  # on the class, a State's attributes are vars and its methods are handlers
One: Any = SiteDeeds
Frame: Any = FrameState


def more_menu() -> rx.Component:
    """The report for everybody, the rest for admins."""
    report = "/data/sites/" + One.site.id + "/scans/" + One.scan.id
    finished = One.site.score != ""
    return rx.fragment(
        rx.cond(
            Frame.is_admin,
            button("Settings", icon_name="settings", on_click=Form.open_form),
            rx.fragment(),
        ),
        menu(
            icon("ellipsis"),
            rx.cond(
                finished & (One.scan.status == "completed"),
                rx.fragment(
                    native_link(
                        icon("file-text", size=16),
                        rx.el.span("Report as a page"),
                        href=report + "/report.html",
                        class_name="menu-item",
                    ),
                    native_link(
                        icon("file-text", size=16),
                        rx.el.span("Report as PDF"),
                        href=report + "/report.pdf",
                        class_name="menu-item",
                    ),
                ),
                rx.fragment(),
            ),
            rx.cond(
                Frame.is_admin,
                rx.fragment(
                    menu_item("Share the report", icon_name="link", data_opens="#site-share", on_click=Form.read),
                    menu_divider(),
                    menu_item("Remove the site", icon_name="x", danger=True, data_opens="#site-remove"),
                ),
                rx.fragment(),
            ),
            label="More",
        ),
    )


def dialogs() -> rx.Component:
    """The site's dialogs."""
    form = site_form(error=Form.error, on_submit=Form.save, label="Save", now=Form.settings)
    shared = rx.el.div(
        rx.el.p("Whoever has this link sees the newest report, without an account."),
        rx.el.div(
            rx.el.code(Form.settings.shared_path, class_name="wrap-anywhere"),
            copy_button(rx.Var("globalThis.location.origin").to(str) + Form.settings.shared_path, label="Copy link"),
            class_name="toolbar",
        ),
        button("Withdraw the link", kind="danger", on_click=Form.stop_sharing),
        class_name="stack",
    )
    private = rx.el.div(
        rx.el.p("A secret link shows the newest report to whoever has it: to a client, or to who repairs the site. "
                "You can withdraw it at any time."),
        button("Make a link", kind="primary", icon_name="link", on_click=Form.share),
        class_name="stack",
    )  # fmt: skip
    return rx.fragment(
        dialog(
            "site-settings",
            "Settings of the site",
            rx.cond(Form.form_open, form, rx.fragment()),
            open_=Form.form_open,
            on_close=Form.close_form,
        ),
        dialog("site-share", "Share the report", rx.cond(Form.settings.shared_path != "", shared, private)),
        confirm(
            "site-remove",
            "Remove the site?",
            "Its scans and issues are forgotten. Tasks made of them stay.",
            label="Remove",
            on_confirm=Form.remove,
        ),
    )
