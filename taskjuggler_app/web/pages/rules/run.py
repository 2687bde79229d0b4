"""One run of the time machine: progress, figures, and message by message what would change."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.routing.runs import ChangeRow
from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    button,
    card,
    data_table,
    empty_state,
    hidden_text,
    link,
    link_button,
    load_more,
    notice,
    page_header,
    pick,
    segmented,
    skeleton_card,
    some,
    stat_tile,
)
from taskjuggler_app.web.components.base import word
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.machine import STATUSES
from taskjuggler_app.web.pages.rules.machine_state import RunState
from taskjuggler_app.web.pages.rules.undoing import undo_notice

S: Any = RunState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
_KINDS = (
    Choice("", "All"),
    Choice("assignee", "Assignee"),
    Choice("priority", "Priority"),
    Choice("reply", "Reply"),
    Choice("place", "Kept or put away"),
    Choice("rule", "Rule only"),
)


def run() -> rx.Component:
    """A run."""
    missing = empty_state(
        "search",
        "There is no such run",
        "Only the last runs are kept.",
        action=link_button("The time machine", href="/rules/time-machine"),
    )
    return framed("rules", rx.cond(S.loaded, rx.cond(S.missing, missing, _content()), skeleton_card()))


def _content() -> rx.Component:
    crumbs = (Crumb("Rules", "/rules"), Crumb("Time machine", "/rules/time-machine"), Crumb("Run"))
    beside = pick(S.run.against == "now", "Compared with the rules as they are.", "Compared with what happened.")
    use = button("Use these rules", kind="primary", icon_name="check", on_click=S.put_to_work)
    stop = button("Cancel", kind="secondary", icon_name="x", on_click=S.cancel)
    buttons = rx.fragment(rx.cond(S.is_open, stop), rx.cond(S.run.usable & ~S.is_open, use))
    return rx.fragment(
        page_header(S.run.title, crumbs=crumbs, note=beside, actions=[rx.fragment(rx.cond(Frame.is_admin, buttons))]),
        undo_notice(S),
        rx.el.div(_progress(), _figures(), _changes(), class_name="stack"),
    )


def _progress() -> rx.Component:
    bar = rx.el.progress(value=S.percent.to(str), max="100", aria_label="Progress", class_name="import-bar")
    said = rx.el.p(
        word(S.run.status, STATUSES, "Waiting"),
        ": ",
        S.run.done,
        " of ",
        S.run.total,
        " messages. ",
        class_name="muted",
    )
    going = rx.el.span("You can leave this page: it goes on.", class_name="muted")
    failed = notice(S.run.error, tone="danger", icon_name="triangle-alert")
    return rx.fragment(rx.cond(S.is_open, card(bar, said, going), said), rx.cond(S.run.error != "", failed))


def _figures() -> rx.Component:
    counts = S.run.counts
    return rx.el.div(
        stat_tile("Messages that change", counts["changed"], icon_name="split"),
        stat_tile("Other assignee", counts["assignee"], icon_name="user"),
        stat_tile("Other priority", counts["priority"], icon_name="flag"),
        stat_tile("Other reply", counts["reply"], icon_name="message-square"),
        stat_tile(
            "Unrouted",
            rx.fragment(counts["unrouted_before"], " → ", counts["unrouted_after"]),
            note="before and after",
            icon_name="circle-dashed",
        ),
        class_name="tiles",
    )


def _changes() -> rx.Component:
    same = empty_state("check-check", "Nothing would change", "Every message looked at goes as it did.")
    waiting = rx.el.p("What changes appears here.", class_name="muted")
    table = rx.fragment(
        data_table(("Message", "Rule", "Goes to", "Priority", "Reply"), S.changes, _cells, caption="What would change"),
        rx.cond(S.has_more, load_more(S.more)),
    )
    return card(
        segmented("kind", _KINDS, S.kind, on_select=S.show, label="Kind of change"),
        rx.cond(some(S.changes), table, rx.cond(S.is_open, waiting, same)),
        title="Message by message",
        note="The first 2,000 changes are listed; all are counted.",
    )


def _cells(row: ChangeRow) -> list[Any]:
    message = rx.el.span(
        link(row.text, href="/inbox/" + row.item_id, class_name="text-link"),
        rx.el.span(row.sender, class_name="muted"),
        class_name="change-message",
    )
    return [message, _pair(row.rule), _pair(row.doer), _pair(row.priority), _pair(row.reply)]


def _pair(said: Any) -> rx.Component:
    """Before and after; a dash for what stays."""
    both = rx.el.span(
        hidden_text("before: "),
        rx.el.span(said[0], class_name="change-before"),
        hidden_text(", after: "),
        rx.el.span(said[1], class_name="change-after"),
        class_name="change-pair",
    )
    stays = rx.el.span("as before", class_name="muted")
    return rx.cond(some(said), rx.cond(said[0] == said[1], rx.el.span(said[0]), both), stays)
