"""The workspace's plan: what counts, how much of it is used, what else there is."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    data_table,
    facts,
    notice,
    pick,
    skeleton_card,
    time_ago,
)
from taskjuggler_app.web.pages.settings.plan_state import PlanState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = PlanState  # on the class, a State's attributes are vars and its methods are handlers


def plan() -> rx.Component:
    """The page."""
    return settings_page("plan", rx.cond(S.loaded, rx.fragment(_now(), _used(), _others()), skeleton_card()))


def _now() -> rx.Component:
    until = rx.cond(
        S.view.until != "",
        rx.el.span(pick(S.view.ends, "Ends ", "Renews "), time_ago(S.view.until, S.view.until)),
        rx.el.span("No end"),
    )
    return card(
        rx.cond(S.view.problem != "", notice(S.view.problem, tone="danger", icon_name="circle-alert")),
        facts(("Plan", rx.el.strong(S.view.label)), ("Until", until)),
        rx.cond(
            S.view.mine,
            rx.cond(
                S.view.has_portal,
                button("Card and invoices", small=True, icon_name="credit-card", on_click=S.portal),
            ),
            rx.el.p("Who made the workspace chooses and pays its plan.", class_name="muted"),
        ),
        title="Plan",
    )


def _used() -> rx.Component:
    table = data_table(
        ("What", "Used", "The plan has"),
        S.limits,
        lambda row: [
            row.what,
            rx.el.span(row.used, rx.cond(row.near, badge("Nearly all", tone="warning"))),
            row.most,
        ],
        caption="Limits",
    )
    return card(table, title="Used", flush=True)


def _others() -> rx.Component:
    return rx.el.ul(rx.foreach(S.plans, _offer), class_name="market-cards tool-cards")


def _offer(row: Any) -> rx.Component:
    move = rx.cond(
        row.now,
        rx.el.p(badge("Yours now", tone="success")),
        rx.cond(
            row.key == "free",
            rx.cond(S.view.paid, button("Go back to Free", kind="ghost", on_click=S.choose(row.key))),
            button("Choose " + row.label.to(str), kind="primary", on_click=S.choose(row.key)),
        ),
    )
    return rx.el.li(
        rx.el.div(rx.el.h2(row.label), rx.el.strong(row.price), class_name="market-head"),
        rx.el.ul(rx.foreach(row.allows.to(list[str]), lambda one: rx.el.li(one)), class_name="muted"),
        rx.cond(S.view.mine, move),
        class_name="market-card",
    )
