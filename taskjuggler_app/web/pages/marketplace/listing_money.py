"""The payment of a listing: paid, held, disputed."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    card,
    facts,
    notice,
    time_ago,
    when,
)
from taskjuggler_app.web.pages.marketplace.listing_state import ListingDeeds
from taskjuggler_app.web.pages.marketplace.parts import (
    money_badge,
)

S: Any = ListingDeeds  # on the class, a State's attributes are vars and its methods are handlers


def payment() -> rx.Component:
    """What is paid for the job, where it is, and what the two sides may do about it."""
    again = S.payment.status == "failed"
    pay = button(
        rx.fragment(when(again, "Try again: pay ", "Pay "), S.payment.total), kind="primary", wide=True, on_click=S.pay
    )
    recorded = button("I have paid directly", kind="primary", wide=True, on_click=S.act("paid", {}))
    unpaid = rx.cond(S.payment.method == "directly", recorded, pay)
    confirm = button("The money is here", kind="primary", wide=True, on_click=S.act("confirm", {}))
    dispute = button("Something is wrong", kind="ghost", small=True, icon_name="flag", data_opens="#dispute")
    held = (S.payment.status == "processing") & (S.payment.held != "")
    directly = (S.payment.status == "processing") & (S.payment.method == "directly")
    inside = rx.el.div(
        facts(
            ("Now", money_badge(S.payment.status)),
            ("Price", S.payment.price),
            ("Fee", S.payment.fee),
            ("Buyer pays", S.payment.total),
            ("Vendor gets", S.payment.vendor_gets),
        ),
        rx.cond(held, rx.el.p(S.payment.held, " are held until the work is accepted or proved.")),
        rx.cond(
            S.payment.release_at != "",
            rx.el.p("Released by itself ", time_ago(S.payment.release_at, S.payment.release_at)),
        ),
        rx.cond(S.payment.problem != "", notice(S.payment.problem, tone="warning")),
        rx.cond(S.payment.payable & again, rx.el.p("Nothing was taken. The job waits for the payment.")),
        rx.cond(S.payment.payable & S.row.may_manage, unpaid),
        rx.cond(directly & S.is_vendor, confirm),
        rx.cond(held & ~S.payment.disputed, dispute),
        rx.cond(S.dispute.id != "", _dispute()),
        class_name="stack",
    )
    return rx.cond(S.payment.id != "", card(inside, title="Payment"))


def _dispute() -> rx.Component:
    row = S.dispute
    opened = rx.cond(
        row.mine,
        button("Take the dispute back", kind="ghost", small=True, on_click=S.act("take-back", {})),
        button("Answer", small=True, data_opens="#answer"),
    )
    return rx.el.section(
        rx.el.h3("Dispute"),
        rx.el.p(rx.el.strong(row.opened_by), ": ", row.reason, class_name="wrap-anywhere"),
        rx.cond(row.answer != "", rx.el.p(rx.el.strong("Answer"), ": ", row.answer, class_name="wrap-anywhere")),
        rx.cond(row.note != "", rx.el.p(rx.el.strong("Decision"), ": ", row.note, class_name="wrap-anywhere")),
        rx.cond(row.state == "open", opened),
    )
