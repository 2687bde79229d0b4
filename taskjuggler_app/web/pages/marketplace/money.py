"""The payments of a workspace with receipts, and the operators' desk."""

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
    facts,
    field,
    link,
    native_link,
    page_header,
    select,
    skeleton_list,
    some,
    text_input,
    textarea,
    time_ago,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.marketplace.money_state import DeskState, PaymentsState
from taskjuggler_app.web.pages.marketplace.parts import CRUMB, money_badge, stars, vendor_name

P: Any = PaymentsState  # on the class, a State's attributes are vars and its methods are handlers
D: Any = DeskState


def payments() -> rx.Component:
    """What the workspace pays and is paid."""
    nothing = empty_state("credit-card", "No payments yet", "Choose a bid on a listing, or win a job.")
    listed = card(
        data_table(
            ("Job", "With", "When", "Buyer pays", "Vendor gets", "Status", "Receipt"),
            P.rows,
            _cells,
            caption="Payments",
        ),
        flush=True,
    )
    return framed(
        "marketplace",
        page_header("Payments", note="Money is held until the work is accepted or proved.", crumbs=[CRUMB]),
        rx.cond(P.loaded, rx.cond(some(P.rows), listed, nothing), skeleton_list()),
        _receipt(),
    )


def _cells(row: Any) -> list[Any]:
    return [
        link(row.title, href="/marketplace/listings/" + row.listing_id),
        rx.el.span(row.vendor, rx.cond(row.incoming, rx.fragment(" ", badge("Incoming", tone="accent")))),
        time_ago(row.at, row.at),
        row.total,
        row.vendor_gets,
        rx.el.span(money_badge(row.status), rx.cond(row.disputed, badge("Disputed", tone="danger"))),
        button("Receipt", kind="ghost", small=True, on_click=P.receipt(row.id)),
    ]


def _receipt() -> rx.Component:
    row = P.chosen
    moved = rx.el.ol(
        rx.foreach(
            P.movements,
            lambda one: rx.el.li(
                rx.el.span(one.what, rx.cond(one.memo != "", rx.el.span(": ", one.memo, class_name="muted"))),
                rx.el.strong(one.amount),
                time_ago(one.at, one.at),
            ),
        ),
        class_name="market-moved",
    )
    return dialog(
        "receipt",
        "Receipt",
        facts(
            ("Job", row.title),
            ("Vendor", row.vendor),
            ("Price", row.price),
            ("Fee", row.fee),
            ("Buyer pays", row.total),
            ("Vendor gets", row.vendor_gets),
            ("Status", money_badge(row.status)),
            ("Number", row.number),
            ("Provider's number", rx.cond(P.reference != "", P.reference, "None yet")),
        ),
        rx.el.h3("What moved", class_name="market-moved-head"),
        rx.cond(some(P.movements), moved, rx.el.p("Nothing has moved yet.")),
        rx.cond(
            row.printable,
            rx.el.p(
                native_link(
                    "Open to print", href="/receipts/payment/" + row.id.to(str), target="_blank", class_name="text-link"
                )
            ),
        ),
        open_=P.receipt_open,
        on_close=P.close,
    )


def desk() -> rx.Component:
    """Disputes, verifications, troubles."""
    refused = empty_state("lock", "Not for you", "Only who runs this installation decides here (OPERATOR_EMAILS).")
    quiet = rx.el.p("Nothing waits.", class_name="muted")
    content = rx.el.div(
        card(
            rx.cond(some(D.disputes), rx.el.ul(rx.foreach(D.disputes, _dispute), class_name="market-bids"), quiet),
            title="Disputes",
        ),
        card(
            rx.cond(some(D.waiting), rx.el.ul(rx.foreach(D.waiting, _waiting), class_name="market-bids"), quiet),
            title="Verification",
        ),
        card(
            rx.cond(
                some(D.troubles),
                data_table(
                    ("What", "Problem", "When", "Next"), D.troubles, _trouble_cells, caption="What does not add up"
                ),
                quiet,
            ),
            title="What does not add up",
        ),
        class_name="stack",
    )
    return framed(
        "marketplace",
        page_header("Operators' desk", note="Disputes, verification, reconciliation.", crumbs=[CRUMB]),
        rx.cond(D.loaded, rx.cond(D.refused, refused, content), skeleton_list()),
    )


def _dispute(row: Any) -> rx.Component:
    choices = (Choice("release", "To the vendor"), Choice("refund", "Back to the buyer"), Choice("split", "Split"))
    form = rx.el.form(
        field("The money goes", select("decision", choices, id_="decision-" + row.id)),
        field(
            "Back to the buyer",
            text_input("amount", id_="amount-" + row.id, max_length=20),
            optional=True,
            hint="Of the price, when it is split.",
        ),
        field("Why", textarea("note", id_="note-" + row.id, rows=2, required=True)),
        button("Decide", kind="primary", submit=True),
        on_submit=D.decide(row.id),
        class_name="form",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.strong(row.title),
            rx.cond(row.state == "open", badge("Open", tone="warning"), badge("Decided")),
            class_name="market-head",
        ),
        rx.el.p(row.buyer, " and ", row.vendor, " · ", row.price, ", held ", row.held, " · ", time_ago(row.at, row.at)),
        rx.el.p(rx.el.strong(row.opened_by), ": ", row.reason, class_name="wrap-anywhere"),
        rx.cond(row.answer != "", rx.el.p(rx.el.strong("Answer"), ": ", row.answer, class_name="wrap-anywhere")),
        rx.cond(row.note != "", rx.el.p(rx.el.strong("Decision"), ": ", row.note, class_name="wrap-anywhere")),
        rx.cond(row.state == "open", form),
        class_name="market-bid",
    )


def _waiting(row: Any) -> rx.Component:
    refuse = rx.el.form(
        field("What is missing", text_input("note", id_="refuse-" + row.id, max_length=500)),
        button("Refuse", kind="danger", small=True, submit=True),
        on_submit=D.verify(row.id, False),
        class_name="form",
    )
    return rx.el.li(
        rx.el.div(
            vendor_name(row.name, row.id, row.verified, row.kind),
            stars(row.stars, row.ratings),
            class_name="market-head",
        ),
        rx.el.p(row.description, class_name="wrap-anywhere"),
        button("Verify", kind="primary", small=True, on_click=D.verify(row.id, True, {})),
        refuse,
        class_name="market-bid",
    )


def _trouble_cells(row: Any) -> list[Any]:
    again = button("Order again", kind="ghost", small=True, on_click=D.again(row.operation_id))
    return [row.what, row.problem, time_ago(row.at, row.at), rx.cond(row.operation_id != "", again)]
