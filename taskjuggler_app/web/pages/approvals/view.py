"""What waits for a word, shown exactly; and what became of the rest."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    data_table,
    empty_state,
    link,
    page_header,
    preformatted,
    skeleton_list,
    some,
    time_ago,
)
from taskjuggler_app.web.components.base import Handler
from taskjuggler_app.web.pages.approvals.state import ApprovalsState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = ApprovalsState  # on the class, a State's attributes are vars and its methods are handlers
_WORDS: Any = {
    "waiting": "Waiting",
    "approved": "Approved",
    "refused": "Refused",
    "used": "Done",
    "expired": "Expired",
}
_TONES: Any = {"waiting": "warning", "approved": "info", "refused": "danger", "used": "success", "expired": "neutral"}


def approvals() -> rx.Component:
    """The page."""
    quiet = empty_state(
        "shield-check",
        "Nothing waits for you",
        "Before a tool or an agent sends something out, or spends money, it asks here.",
    )
    waiting = rx.cond(
        some(S.waiting),
        rx.el.ul(
            rx.foreach(S.waiting, lambda row: asked(row, S.approve(row.id), S.refuse(row.id))),
            class_name="market-cards",
        ),
        quiet,
    )
    over = card(
        data_table(("What", "Answer", "By", "When"), S.over, _cells, caption="Answered"), title="Answered", flush=True
    )
    content = rx.el.div(waiting, rx.cond(some(S.over), over), class_name="stack")
    return framed(
        "approvals",
        page_header("Approvals", note="A yes holds once, for exactly what is shown, and for a day."),
        rx.cond(S.loaded, content, skeleton_list()),
    )


def approval_badge(state: Any) -> rx.Component:
    """Where an approval stands."""
    words: Any = rx.match(state, *_WORDS.items(), "")
    tones: Any = rx.match(state, *_TONES.items(), "neutral")
    return badge(words, tone=tones)


def asked(row: Any, approve: Handler, refuse: Handler) -> rx.Component:
    """One that waits: what, the most it may cost, the exact input, yes and no."""
    return rx.el.li(
        rx.el.div(rx.el.h2(row.tool), approval_badge(row.state), class_name="market-head"),
        rx.el.p(row.summary, class_name="wrap-anywhere"),
        rx.el.p(
            rx.el.span("Asked by ", row.proposed_by, " "),
            time_ago(row.at, row.at),
            rx.cond(row.budget != "", rx.el.span(" · at most ", rx.el.strong(row.budget))),
            rx.cond(
                row.href != "",
                rx.fragment(" · ", link("Open the task", href=row.href, class_name="text-link")),
            ),
            class_name="muted",
        ),
        rx.el.details(
            rx.el.summary("Exactly what is sent"),
            preformatted(row.given),
            rx.el.p("SHA-256 ", rx.el.code(row.fingerprint), class_name="muted wrap-anywhere"),
        ),
        rx.cond(
            row.may_decide,
            rx.el.div(
                button("Refuse", kind="ghost", on_click=refuse),
                button("Approve once", kind="primary", icon_name="check", on_click=approve),
                class_name="form-actions",
            ),
            rx.el.p("Waiting for who is asked, or an admin.", class_name="muted"),
        ),
        class_name="market-card",
    )


def _cells(row: Any) -> list[Any]:
    what = rx.cond(row.href != "", link(row.tool, href=row.href), rx.el.span(row.tool))
    return [
        rx.el.span(what, rx.el.span(" ", row.summary, class_name="muted")),
        rx.el.span(approval_badge(row.state), rx.cond(row.note != "", rx.el.span(" ", row.note, class_name="muted"))),
        rx.cond(row.decided_by != "", row.decided_by, "Nobody"),
        time_ago(row.at, row.at),
    ]
