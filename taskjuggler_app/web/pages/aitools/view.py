"""The console of AI tools."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    confirm,
    dialog,
    empty_state,
    limit_notice,
    link_button,
    notice,
    page_header,
    pick,
    preformatted,
    segmented,
    skeleton_list,
    some,
    stat_tile,
)
from taskjuggler_app.web.pages.aitools.form import tool_form
from taskjuggler_app.web.pages.aitools.form_state import ToolFormState
from taskjuggler_app.web.pages.aitools.parts import run_card
from taskjuggler_app.web.pages.aitools.state import ToolsState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.marketplace.parts import CRUMB

S: Any = ToolsState  # on the class, a State's attributes are vars and its methods are handlers
F: Any = ToolFormState
_SHOWS = (
    Choice("", "All"),
    Choice("approval", "Waiting for a yes"),
    Choice("running", "Running"),
    Choice("completed", "Done"),
    Choice("failed", "Failed"),
)
_KINDS: Any = {"function": "Built in", "api": "Address", "webhook": "Webhook"}


def tools() -> rx.Component:
    """Tools, runs, what waits for a yes."""
    content = rx.el.div(
        rx.el.div(
            stat_tile("Under way", S.spent.running.to(str), icon_name="activity"),
            stat_tile("Done", S.spent.done.to(str), icon_name="circle-check"),
            stat_tile("Failed", S.spent.failed.to(str), icon_name="circle-alert"),
            stat_tile("Cost so far", S.spent.cost, icon_name="credit-card"),
            class_name="tiles",
        ),
        rx.cond(some(S.tools), rx.el.ul(rx.foreach(S.tools, _tool), class_name="market-cards tool-cards"), _none()),
        _runs(),
        class_name="stack",
    )
    add = rx.cond(
        S.is_admin & some(S.vendors), button("Add a tool", kind="primary", icon_name="plus", on_click=F.begin(""))
    )
    return framed(
        "marketplace",
        page_header(
            "AI tools",
            note="What your AI vendors work with. Whatever sends something out, or costs something, asks first.",
            crumbs=[CRUMB],
            actions=[rx.fragment(add)],
        ),
        rx.foreach(S.near_limits, limit_notice),
        rx.cond(S.loaded, content, skeleton_list()),
        tool_form(),
        _tested(),
        confirm(
            "remove-tool",
            "Take the tool away?",
            "Its runs stay where they are; its key is forgotten.",
            label="Take it away",
            on_confirm=[S.remove(F.row.id), F.close],
        ),
    )


def _none() -> rx.Component:
    with_vendor = empty_state(
        "bot",
        "No tools yet",
        "Begin with one that is built in: summarise, draft a reply, extract a table, alt text, scan a page.",
        action=button("Add a tool", kind="primary", on_click=F.begin("")),
    )
    without = empty_state(
        "bot",
        "Tools belong to an AI vendor",
        "Make a vendor profile that is an AI tool, or a person with AI; then give it tools.",
        action=link_button("Make a profile", href="/marketplace/vendor", kind="primary"),
    )
    others = empty_state("bot", "No tools yet", "An admin of the workspace can add one.")
    return rx.cond(S.is_admin, rx.cond(some(S.vendors), with_vendor, without), others)


def _tool(row: Any) -> rx.Component:
    kind: Any = rx.match(row.kind, *_KINDS.items(), "")
    what = rx.cond(row.kind == "function", row.does, row.host)
    pause = rx.cond(
        row.active,
        button("Pause", kind="ghost", small=True, on_click=S.pause(row.id, False)),
        button("Let it work", small=True, on_click=S.pause(row.id, True)),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.h2(row.name),
            rx.el.span(
                badge(kind, tone="accent"),
                rx.cond(row.active, rx.fragment(), badge("Paused", tone="warning")),
                class_name="market-name",
            ),
            class_name="market-head",
        ),
        rx.el.p(what, class_name="wrap-anywhere muted"),
        rx.el.p(
            row.vendor,
            " · ",
            row.cost_shown,
            pick(row.cost != "", " an attempt"),
            pick(row.asks, " · asks before each run"),
            class_name="muted",
        ),
        rx.cond(
            S.is_admin,
            rx.el.div(
                button("Test", small=True, icon_name="play", on_click=F.test(row.id)),
                button("Change", small=True, icon_name="pencil", on_click=F.begin(row.id)),
                pause,
                class_name="market-facts",
            ),
        ),
        class_name="market-card",
    )


def _runs() -> rx.Component:
    nothing = empty_state("list-checks", "No runs here", "Open a task and choose a tool under AI tools.")
    rows = rx.el.ul(
        rx.foreach(
            S.runs, lambda row: run_card(row, S.approve(row.approval.id), S.refuse(row.approval.id), with_task=True)
        ),
        class_name="tool-runs",
    )
    return card(
        segmented("runs", _SHOWS, S.show, on_select=S.choose, label="Which runs"),
        rx.cond(some(S.runs), rows, nothing),
        title="Runs",
    )


def _tested() -> rx.Component:
    good = notice("It answered.", tone="success", icon_name="circle-check")
    bad = notice("It did not work.", tone="danger", icon_name="circle-alert")
    shown = rx.fragment(rx.cond(F.result_good, good, bad), preformatted(F.result, class_name="tool-output"))
    return dialog(
        "tool-test",
        "Test call",
        rx.el.p("A made-up task is given to ", rx.el.strong(F.tested), ". Nothing of it is kept."),
        rx.el.div(shown, role="status"),
        open_=F.tested != "",
        on_close=F.forget_test,
    )
