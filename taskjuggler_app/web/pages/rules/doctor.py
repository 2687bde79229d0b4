"""The check-up: rules that cannot do what they were written for, each with a message that shows it."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.receptionist.ruledoctor import FindingRow, Said
from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    empty_state,
    link,
    link_button,
    page_header,
    skeleton_card,
    some,
)
from taskjuggler_app.web.components.base import word
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.doctor_state import DoctorState
from taskjuggler_app.web.pages.rules.undoing import rule_tabs, undo_notice

S: Any = DoctorState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
_KINDS = {
    "contradictory": "Contradicts itself",
    "duplicate": "Duplicate",
    "shadowed": "Never reached",
    "dead": "Unused",
    "looping": "Answers itself",
    "unreadable": "Passed over",
}
_TONES = {"contradictory": "danger", "looping": "danger", "unreadable": "danger", "dead": "neutral"}


def doctor() -> rx.Component:
    """What is wrong with the rules, and what to do about it."""
    well = empty_state(
        "shield-check",
        "The rules are well",
        "Every active rule can match, is reached, and does something that no other rule does.",
        action=link_button("The rules", href="/rules"),
    )
    found = rx.el.ul(rx.foreach(S.rows, _finding), class_name="findings", aria_label="Findings")
    return framed(
        "rules",
        page_header("Check-up", note="Rules that cannot do what they were written for. Each claim was tried out."),
        rule_tabs("doctor"),
        undo_notice(S),
        rx.cond(S.loaded, rx.cond(some(S.rows), found, well), skeleton_card()),
    )


def _finding(row: FindingRow) -> rx.Component:
    fix = button(row.fix_label, kind="primary", small=True, icon_name="wrench", on_click=S.mend(row.id))
    change = link_button("Open the rule", href="/rules/" + row.rule_id, kind="secondary", small=True)
    other = link(row.other, href="/rules/" + row.other_id, class_name="text-link")
    witness = rx.el.div(
        rx.el.h2("For example this message"),
        rx.el.dl(rx.foreach(row.witness, _field), class_name="facts witness"),
        rx.cond(row.shown != "", rx.el.p(row.shown, class_name="muted")),
    )
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.p(
                    badge(word(row.kind, _KINDS, "Problem"), tone=word(row.kind, _TONES, "warning")),
                    link(row.rule, href="/rules/" + row.rule_id, class_name="finding-rule"),
                    class_name="finding-head",
                ),
                rx.el.p(row.sentence),
                rx.cond(row.other != "", rx.el.p("The other rule: ", other, class_name="muted")),
                rx.cond(some(row.witness), witness),
                rx.el.div(rx.cond(Frame.is_admin & (row.fix != ""), fix), change, class_name="finding-do"),
                class_name="stack finding",
            )
        ),
        key=row.id,
    )


def _field(one: Said) -> rx.Component:
    return rx.el.div(rx.el.dt(one.name), rx.el.dd(one.value))
