"""Settings → Audit log: who did what, when, and through which door."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.cases.audit import DOORS
from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    data_table,
    download_button,
    empty_state,
    field,
    form_error,
    link,
    load_more,
    pick,
    select,
    skeleton_list,
    some,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.settings.audit_state import AuditState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = AuditState  # on the class, a State's attributes are vars and its methods are handlers
_DOORS = (Choice("", "Any door"), *(Choice(door.value, label) for door, label in DOORS.items()))


def audit_log() -> rx.Component:
    """The events with their filters."""
    refused = empty_state("lock", "Only for admins", "The audit log tells what everybody did in this workspace.")
    inside = rx.cond(S.refused, refused, rx.fragment(_filters(), _events()))
    return settings_page("audit", rx.cond(S.loaded, inside, skeleton_list()), wide=True)


def _filters() -> rx.Component:
    def chosen(name: str) -> Any:
        return lambda value: S.choose(name, value)

    def day(name: str, value: Text) -> Any:
        return text_input(name, kind="date", id_=f"audit-{name}", value=value, on_change=chosen(name))

    return rx.el.div(
        field("Who", select("who", S.people, id_="audit-who", value=S.who, on_change=chosen("who"))),
        field("Door", select("door", _DOORS, id_="audit-door", value=S.door, on_change=chosen("door"))),
        field("About", select("kind", S.kinds, id_="audit-kind", value=S.kind, on_change=chosen("kind"))),
        field("From", day("since", S.since)),
        field("Until", day("until", S.until)),
        rx.el.div(
            rx.cond(S.filtered, button("Show all", kind="ghost", icon_name="x", on_click=S.show_all)),
            download_button("Export", href=S.sheet),
            class_name="audit-deeds",
        ),
        class_name="audit-filters",
        role="search",
        aria_label="Filters",
    )


def _events() -> rx.Component:
    nothing = empty_state(
        "clock",
        pick(S.filtered, "Nothing like that happened", "Nothing happened yet"),
        pick(S.filtered, "Choose another person, door or day.", "Everything that is done here is written down."),
    )
    listed = card(
        data_table(("When", "Who", "What", "Door"), S.rows, _cells, caption="Events, newest first"),
        rx.cond(S.next_cursor != "", load_more(S.more)),
        flush=True,
    )
    return rx.fragment(form_error(S.error), rx.cond(some(S.rows), listed, nothing))


def _cells(row: Any) -> tuple[Any, ...]:
    subject = rx.cond(row.href != "", link(row.subject, href=row.href, class_name="text-link"), rx.el.span(row.subject))
    what = rx.el.div(
        rx.el.span(row.text, " ", subject),
        rx.cond(row.refused != "", rx.el.span(badge("Refused", tone="danger"), " ", row.refused)),
        rx.cond(
            row.detail != "",
            rx.el.details(rx.el.summary("Details"), rx.el.p(row.detail, class_name="muted"), rx.el.code(row.kind)),
        ),
        class_name="audit-what",
    )
    door = rx.el.span(row.door, rx.cond(row.key != "", rx.el.code(row.key, "…")), class_name="audit-door")
    return (time_ago(row.at, row.at), row.who, what, door)
