"""The inbox in three panes: folders, the list, the open message; on a phone one of them at a time."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    button,
    empty_state,
    hidden_text,
    inbox_row_with,
    link,
    link_button,
    load_more,
    menu,
    menu_item,
    notice,
    search_input,
    skeleton_list,
    some,
    when,
)
from taskjuggler_app.web.components.base import classes
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.overlays import menu_divider
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.inbox.chosen_state import ChosenState
from taskjuggler_app.web.pages.inbox.item import open_item
from taskjuggler_app.web.pages.inbox.item_state import ItemState
from taskjuggler_app.web.pages.inbox.state import InboxState

S: Any = InboxState  # on the class, a State's attributes are vars and its methods are handlers
C: Any = ChosenState
I: Any = ItemState  # noqa: E741  # the open item
_FOLDERS = (
    ("all", "All", "inbox"),
    ("unprocessed", "New", "sparkles"),
    ("processed", "Kept", "archive"),
    ("created_task", "Task made", "list-checks"),
    ("snoozed", "Snoozed", "clock"),
    ("dismissed", "Dismissed", "circle-x"),
    ("failed", "Failed", "triangle-alert"),
    ("spam", "Spam", "shield"),
)
_MARKS = (("unread", "Unread"), ("mine", "Mine"), ("files", "With files"))
_VIAS = (
    ("", "Any kind"),
    ("sms", "Texts"),
    ("phone", "Calls"),
    ("email", "Mails"),
    ("web", "Web forms"),
    ("api", "API"),
)
_HELP = "from:rosa  subject:invoice  has:attachment  is:unread  is:mine  via:email  before:2026-03-01  after:2026-02-01"


def inbox() -> rx.Component:
    """Every message that reached the workspace, and the one that is open."""
    return framed(
        "inbox",
        rx.el.h1("Inbox", class_name="sr-only"),
        rx.el.div(
            rx.el.nav(_folders(), class_name="mailroom-folders", aria_label="Folders"),
            rx.el.section(_list(), class_name="mailroom-list", aria_label="Messages"),
            rx.el.section(open_item(), class_name="mailroom-item", aria_label="Message", id="open-message"),
            class_name=classes("mailroom", when(I.item_id != "", "has-item")),
        ),
    )


def _folders() -> rx.Component:
    def folder(key: str, label: str, sign: str) -> rx.Component:
        here = S.folder == key
        number = rx.el.span(S.counts[key], hidden_text(" messages"), class_name="mailroom-count")
        return rx.el.li(
            link(
                icon(sign, size=16),
                rx.el.span(label),
                rx.cond(S.loaded, number),
                href=f"/inbox?folder={key}",
                aria_current=when(here, "true", "false"),
                class_name=classes("mailroom-folder", when(here, "is-here")),
            )
        )

    return rx.el.ul(*[folder(*one) for one in _FOLDERS])


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            search_input(
                "search", "Search messages", on_change=S.search.debounce(200), title=_HELP, default_value=S.text
            ),
            rx.el.div(
                rx.el.input(
                    type="checkbox",
                    checked=some(C.ids),
                    on_change=C.choose_all,
                    aria_label="Choose all shown",
                    data_key="*",
                    class_name="checkbox",
                ),
                *[_mark(*one) for one in _MARKS],
                rx.el.select(
                    *[rx.el.option(label, value=value) for value, label in _VIAS],
                    value=S.via,
                    on_change=S.show_via,
                    aria_label="Kind of message",
                    class_name="mailroom-via",
                ),
                class_name="mailroom-filters",
            ),
            rx.cond(some(C.ids), _bulk()),
            class_name="mailroom-tools",
        ),
        rx.el.div(_failed(), _blocked(), rx.cond(S.loaded, _rows(), skeleton_list()), class_name="mailroom-rows"),
    )


def _mark(name: str, label: str) -> rx.Component:
    on = S.marks.contains(name)
    return rx.el.button(
        label,
        type="button",
        aria_pressed=when(on, "true", "false"),
        on_click=S.mark(name),
        class_name="mailroom-mark",
    )


def _bulk() -> rx.Component:
    """What can be done to the chosen messages."""
    chosen = C.ids.length()
    away = button(
        "Dismiss", kind="secondary", small=True, icon_name="circle-x", on_click=C.act("dismiss"), data_key="e"
    )
    back = button("Bring back", kind="secondary", small=True, icon_name="undo-2", on_click=C.act("restore"))
    spam = button("Spam", kind="secondary", small=True, icon_name="shield", on_click=C.act("spam"), data_key="#")
    ham = button("No spam", kind="secondary", small=True, icon_name="shield-check", on_click=C.act("not_spam"))
    more = menu(
        icon("ellipsis", size=16),
        menu_item("Mark read", icon_name="check-check", on_click=C.act("read")),
        menu_item("Mark unread", icon_name="mail", on_click=C.act("unread")),
        menu_divider(),
        *[menu_item(label, icon_name="clock", on_click=C.snooze(key)) for key, label in _snoozes()],
        menu_divider(),
        rx.foreach(C.people, lambda one: menu_item("To " + one.label, icon_name="user", on_click=C.assign(one.value))),
        menu_item("To nobody", icon_name="user", on_click=C.assign("")),
        label="More for the chosen ones",
        class_name="btn btn-icon btn-ghost",
    )
    return rx.el.div(
        rx.el.span(chosen, " chosen", aria_live="polite", class_name="mailroom-chosen"),
        rx.cond(S.folder == "dismissed", back, away),
        rx.cond(S.folder == "spam", ham, spam),
        more,
        button("Let go", kind="ghost", small=True, on_click=C.let_go, data_key="Escape"),
        class_name="mailroom-bulk",
        role="group",
        aria_label="Chosen messages",
    )


def _snoozes() -> tuple[tuple[str, str], ...]:
    return (("later", "In three hours"), ("tomorrow", "Tomorrow at 9:00"), ("monday", "Next Monday at 9:00"))


def _failed() -> rx.Component:
    """In the folder of failures: try all of them again, and how far that is."""
    again = button("Try all again", kind="secondary", small=True, icon_name="refresh-cw", on_click=S.retry_all)
    words = rx.fragment(S.batch_done, " of ", S.batch_total, " tried again.")
    bar = rx.el.progress(value=S.batch_done, max=S.batch_total, aria_label="Tried again")
    done = rx.el.div(notice(words), bar, class_name="stack")
    asked = rx.cond(some(S.rows), again)
    return rx.cond(
        S.folder == "failed", rx.el.div(asked, rx.cond(S.batch_total > 0, done), class_name="stack mailroom-note")
    )


def _blocked() -> rx.Component:
    """In the spam folder: who is blocked, and how to let them in again."""

    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(one.label),
            button("Unblock", kind="ghost", small=True, on_click=S.unblock(one.value)),
        )

    shown = rx.el.details(
        rx.el.summary("Blocked senders (", S.blocked.length(), ")"),
        rx.el.ul(rx.foreach(S.blocked, line)),
        class_name="mailroom-note mailroom-blocked",
    )
    return rx.cond((S.folder == "spam") & some(S.blocked), shown)


def _rows() -> rx.Component:
    listed = rx.fragment(
        rx.el.ul(
            rx.foreach(S.rows, _row),
            class_name="rows",
            data_nav_list="",
            data_nav_follow="",
            aria_label="Messages",
        ),
        rx.cond(S.next_cursor != "", load_more(S.more)),
    )
    filtered = empty_state("search", "No message matches", "Try other words, or look in another folder.")
    nothing = empty_state(
        "inbox",
        "Nothing here yet",
        "Connect a phone number or a mail address, and every message to it arrives here within a second.",
        action=link_button("Connect a channel", href="/channels"),
    )
    elsewhere = (S.text != "") | (S.folder != "all") | some(S.marks) | (S.via != "")
    return rx.cond(some(S.rows), listed, rx.cond(elsewhere, filtered, nothing))


def _row(row: Any) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        checked=C.ids.contains(row.id),
        on_change=C.choose(row.id),
        aria_label="Choose the message of " + row.sender.to(str),
        data_row_key="x",
        class_name="checkbox row-choose",
    )
    return inbox_row_with(row, choose=box, here=row.id == I.item_id)
