"""An import: which column is what, what would go wrong, how far it is, what came of it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Crumb,
    button,
    card,
    data_table,
    empty_state,
    link_button,
    notice,
    page_header,
    skeleton_list,
    some,
    stat_tile,
)
from taskjuggler_app.web.pages.contacts.importing_state import ImportState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = ImportState  # on the class, a State's attributes are vars and its methods are handlers
_KINDS = (
    ("name", "Name"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "Email"),
    ("phone", "Phone"),
    ("notes", "Notes"),
    ("keep", "Keep as a note of its own"),
    ("skip", "Leave out"),
)


def contact_import() -> rx.Component:
    """The import's page."""
    gone = empty_state("upload", "That import is not here", "Start again from the list.")
    return framed("people", rx.cond(S.loaded, rx.cond(S.row.id != "", _content(), gone), skeleton_list()))


def _content() -> rx.Component:
    return rx.fragment(
        page_header(
            "Import into " + S.row.list_name,
            note=S.row.file_name + " · " + S.row.total.to(str) + " rows",
            crumbs=[Crumb("Contacts", "/contacts"), Crumb("Import")],
        ),
        rx.el.div(rx.cond(S.row.started, _going(), _before()), _errors(), class_name="stack"),
    )


def _before() -> rx.Component:
    country = rx.el.label(
        "Numbers without a country code are from ",
        rx.el.select(
            rx.foreach(S.regions, lambda code: rx.el.option(code, value=code)),
            value=S.region,
            on_change=S.set_region,
            aria_label="Country of the numbers",
            class_name="input select import-country",
        ),
        class_name="marks",
    )
    tiles = rx.el.div(
        stat_tile("Ready", S.good, note="rows can go in", icon_name="circle-check"),
        stat_tile("Repeated", S.repeated, note="are merged with a row above", icon_name="copy"),
        stat_tile("Not usable", S.bad, note="rows are left out", icon_name="circle-alert"),
        class_name="tiles",
    )
    return rx.fragment(
        card(
            data_table(("Column", "Holds", "Is"), S.columns, _column, caption="Columns of the file"),
            title="Which column is what?",
            note="We have guessed. Change what is wrong.",
            flush=True,
        ),
        country,
        rx.cond(S.problem != "", notice(S.problem, tone="warning", icon_name="triangle-alert"), tiles),
        rx.el.div(
            button(
                "Import",
                kind="primary",
                icon_name="upload",
                on_click=S.start,
                disabled=(S.problem != "") | (S.good == 0),
            ),
            link_button("Back to the list", href="/contacts/" + S.row.list_id, kind="ghost"),
            class_name="form-actions",
        ),
    )


def _column(row: Any) -> tuple[Any, ...]:
    kind = rx.el.select(
        *[rx.el.option(text, value=value) for value, text in _KINDS],
        value=row.kind,
        on_change=lambda value: S.set_column(row.heading, value),
        aria_label="What the column " + row.heading + " is",
        class_name="input select",
    )
    return (rx.el.strong(row.heading), rx.el.span(row.sample, class_name="muted"), kind)


def _going() -> rx.Component:
    bar = rx.el.progress(value=S.row.percent.to(str), max="100", aria_label="Progress", class_name="import-bar")
    running = rx.fragment(
        bar, rx.el.p(S.row.percent, " % done. You can leave this page: it goes on.", class_name="muted")
    )
    done = notice("Done. Everybody who could be read is on the list.", tone="success", icon_name="circle-check")
    parts = notice("Some rows could not be put in after several tries.", tone="danger", icon_name="triangle-alert")
    tiles = rx.el.div(
        stat_tile("Added", S.row.added, icon_name="user-plus"),
        stat_tile("Merged", S.row.merged, note="were on the list already", icon_name="copy"),
        stat_tile("Left out", S.row.refused, icon_name="circle-alert"),
        class_name="tiles",
    )
    return rx.fragment(
        rx.cond(S.row.finished, rx.cond(S.row.failed > 0, parts, done), running),
        tiles,
        rx.el.div(
            link_button("Open the list", href="/contacts/" + S.row.list_id, kind="primary"), class_name="form-actions"
        ),
    )


def _errors() -> rx.Component:
    table = data_table(
        ("Line", "Row", "What is wrong"),
        S.errors,
        lambda row: (row.line, rx.el.span(row.text, class_name="muted"), row.reason),
        caption="Rows that are left out",
    )
    return rx.cond(
        some(S.errors),
        card(
            table,
            title="Rows that are left out",
            note="Correct them in the file and import it again: nobody is added twice.",
            flush=True,
        ),
    )
