"""The workspace's plan: what counts, how much of it is used, what else there is."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    confirm,
    data_table,
    dialog,
    facts,
    native_link,
    notice,
    pick,
    skeleton_card,
    some,
    time_ago,
)
from taskjuggler_app.web.pages.settings.plan_state import PlanState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = PlanState  # on the class, a State's attributes are vars and its methods are handlers


def plan() -> rx.Component:
    """The page."""
    whole = rx.fragment(_now(), _others(), _used(), rx.cond(some(S.paid), _paid()), _asking(), _ending())
    return settings_page("plan", rx.cond(S.loaded, whole, skeleton_card()))


def _now() -> rx.Component:
    until = rx.cond(
        S.view.until != "",
        rx.el.span(pick(S.view.ends, "Ends ", "Renews "), time_ago(S.view.until, S.view.until)),
        rx.el.span("No end"),
    )
    card_button = button("Card and invoices", small=True, icon_name="credit-card", on_click=S.portal)
    fix = rx.cond(S.view.mine & S.view.has_portal, button("See to the card", small=True, on_click=S.portal))
    problem = notice(S.view.problem, tone="danger", icon_name="circle-alert", action=fix)
    return card(
        rx.cond(S.view.problem != "", problem),
        facts(("Plan", rx.el.strong(S.view.label)), ("Until", until)),
        rx.cond(
            S.view.mine,
            rx.cond(S.view.has_portal & (S.view.problem == ""), card_button),
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
            _share(row),
            row.most,
        ],
        caption="Limits",
    )
    return card(table, title="Used", flush=True)


def _share(row: Any) -> rx.Component:
    bar = rx.el.meter(value=row.share, min="0", max="100", aria_label=row.what + ", used")
    return rx.el.div(
        rx.el.span(row.used, rx.cond(row.near, badge("Nearly all", tone="warning")), class_name="marks"),
        rx.cond(row.share >= 0, bar),
        class_name=pick(row.near, "plan-used is-near", "plan-used"),
    )


def _others() -> rx.Component:
    return rx.el.ul(rx.foreach(S.plans, _offer), class_name="market-cards tool-cards plan-cards")


def _offer(row: Any) -> rx.Component:
    deed: Any = rx.match(
        row.deed,
        ("begin", button(row.button, kind="primary", on_click=S.begin(row.key))),
        ("change", button(row.button, kind="primary", on_click=S.ask(row.key))),
        ("end", button(row.button, kind="ghost", data_opens="#end-plan")),
        rx.fragment(),
    )
    return rx.el.li(
        rx.el.div(rx.el.h2(row.label), rx.el.strong(row.price), class_name="market-head"),
        rx.el.ul(rx.foreach(row.allows.to(list[str]), lambda one: rx.el.li(one)), class_name="muted"),
        rx.cond(row.now, rx.el.p(badge("Yours now", tone="success"))),
        rx.cond(S.view.mine, deed),
        class_name="market-card",
    )


def _paid() -> rx.Component:
    table = data_table(
        ("When", "What", "Amount", "Receipt"),
        S.paid,
        lambda row: [
            time_ago(row.at, row.at),
            row.what,
            row.amount,
            native_link(row.number, href=row.href, target="_blank", class_name="text-link"),
        ],
        caption="Payments",
    )
    return card(table, title="Paid for plans", flush=True)


def _asking() -> rx.Component:
    buttons = rx.el.div(
        button("Leave it", kind="ghost", on_click=S.leave),
        button(S.quote.button, kind="primary", on_click=S.change),
        class_name="form-actions",
    )
    words = rx.cond(S.quote.words != "", rx.el.p(S.quote.words))
    return dialog(
        "change-plan", S.quote.title, words, buttons, open_=S.asking, on_close=S.leave, class_name="dialog-small"
    )


def _ending() -> rx.Component:
    return confirm(
        "end-plan",
        "Go back to Free?",
        "The plan stays until what is paid for is over. Then Free's limits hold: what you have stays, more is refused.",
        label="Go back to Free",
        on_confirm=S.end,
    )
