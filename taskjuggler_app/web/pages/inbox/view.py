"""The inbox."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    empty_state,
    inbox_row,
    link_button,
    load_more,
    notice,
    page_header,
    row_list,
    search_input,
    skeleton_list,
    some,
    tab_panel,
    tabs,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.inbox.state import InboxState

S: Any = InboxState  # on the class, a State's attributes are vars and its methods are handlers
_FOLDERS = (
    Choice("all", "All"),
    Choice("unprocessed", "New"),
    Choice("created_task", "Task made"),
    Choice("processed", "Kept"),
    Choice("dismissed", "Dismissed"),
    Choice("failed", "Failed"),
)


def inbox() -> rx.Component:
    """Every message that reached the workspace."""
    return framed(
        "inbox",
        page_header("Inbox", note="Everything that reaches you, and what became of it."),
        rx.el.div(search_input("search", "Search messages", on_change=S.search.debounce(200)), class_name="toolbar"),
        tabs(_FOLDERS, S.folder, on_select=S.show_folder, panel_id="inbox-list", label="Folder"),
        _failed(),
        tab_panel(rx.cond(S.loaded, _rows(), skeleton_list()), panel_id="inbox-list", active=S.folder),
    )


def _failed() -> rx.Component:
    """In the folder of failures: try all of them again, and how far that is."""
    again = button("Try all again", kind="secondary", icon_name="refresh-cw", on_click=S.retry_all)
    words = rx.fragment(S.batch_done, " of ", S.batch_total, " tried again.")
    bar = rx.el.progress(value=S.batch_done, max=S.batch_total, aria_label="Tried again")
    done = rx.el.div(notice(words), bar, class_name="stack")
    asked = rx.cond(some(S.rows), again)
    return rx.cond(S.folder == "failed", rx.el.div(asked, rx.cond(S.batch_total > 0, done), class_name="stack panel"))


def _rows() -> rx.Component:
    listed = rx.fragment(row_list(S.rows, inbox_row, label="Messages"), rx.cond(S.next_cursor != "", load_more(S.more)))
    filtered = empty_state("search", "No message matches", "Try other words, or look in another folder.")
    nothing = empty_state(
        "inbox",
        "Nothing here yet",
        "Connect a phone number, and every text to it arrives here within a second.",
        action=link_button("Connect a channel", href="/channels"),
    )
    elsewhere = (S.text != "") | (S.folder != "all")
    return rx.cond(some(S.rows), listed, rx.cond(elsewhere, filtered, nothing))
