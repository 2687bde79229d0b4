"""The open message: what was said, what was read out of it, the answers, and everything that happened."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    category_chip,
    channel_icon,
    dialog,
    empty_state,
    field,
    form_actions,
    hidden_text,
    icon_button,
    link,
    menu,
    menu_item,
    notice,
    pick,
    skeleton_card,
    text_input,
    time_ago,
)
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.overlays import menu_divider
from taskjuggler_app.web.pages.inbox.chosen_state import ChosenState
from taskjuggler_app.web.pages.inbox.facts import facts_panel
from taskjuggler_app.web.pages.inbox.item_state import ItemDeeds, ItemState
from taskjuggler_app.web.pages.inbox.letters import message, reply_box, timeline_of
from taskjuggler_app.web.pages.inbox.offer import offer_times
from taskjuggler_app.web.pages.rules.why import why_panel

S: Any = ItemState  # on the class, a State's attributes are vars and its methods are handlers
D: Any = ItemDeeds
C: Any = ChosenState
_SNOOZES = (
    ("later", "In three hours"),
    ("tomorrow", "Tomorrow at 9:00"),
    ("monday", "Next Monday at 9:00"),
    ("week", "In a week at 9:00"),
)


def open_item() -> rx.Component:
    """The third pane."""
    choose = empty_state("inbox", "Choose a message", "j and k move through the list, e dismisses, # is for spam.")
    missing = empty_state("search", "There is no such message", "It may belong to another workspace.", action=_back())
    waiting = rx.el.div(skeleton_card(), skeleton_card(), class_name="stack mailroom-body")
    shown = rx.cond(S.loaded, rx.cond(S.missing, missing, _content()), waiting)
    return rx.cond(S.item_id != "", shown, choose)


def _back() -> rx.Component:
    return link(
        icon("arrow-left"),
        hidden_text("All messages"),
        href="/inbox",
        class_name="btn btn-icon btn-ghost mailroom-back",
    )


def _content() -> rx.Component:
    return rx.fragment(
        rx.el.header(
            _back(),
            rx.el.div(rx.el.h2(S.item.summary, data_names_tab=""), _marks(), class_name="mailroom-title"),
            _actions(),
            class_name="mailroom-head",
        ),
        rx.el.div(
            _notices(),
            timeline_of(S.before),
            message(),
            timeline_of(S.after),
            facts_panel(S.item_id.to(str) + S.item.state),
            offer_times(),
            rx.el.div(why_panel(), key="why-" + S.item_id.to(str) + S.item.state),
            class_name="stack mailroom-body",
            tab_index=0,
            role="region",
            aria_label="Conversation",
        ),
        reply_box(),
        _snooze_dialog(),
    )


def _marks() -> rx.Component:
    """Who wrote, through what, when, and where it stands."""
    return rx.el.div(
        channel_icon(S.item.channel),
        rx.el.span(S.item.sender),
        rx.cond(S.row.sender_id != S.item.sender, rx.el.span(S.row.sender_id, class_name="muted")),
        time_ago(S.item.at, S.item.when),
        rx.cond(S.item.category != "", category_chip(S.item.category)),
        rx.cond(S.around.code != "", badge("#" + S.around.code.to(str), tone="neutral")),
        rx.cond(S.row.assigned_to != "", badge(S.row.assigned_to, tone="accent", icon_name="user")),
        rx.cond(S.row.task_id != "", _task()),
        class_name="marks",
    )


def _task() -> rx.Component:
    named = pick(S.task_title == S.item.summary, "Open its task", S.task_title)
    return link(icon("list-checks", size=14), named, href="/tasks/" + S.row.task_id.to(str), class_name="mailroom-task")


def _actions() -> rx.Component:
    back = {"dismissed": "restore", "spam": "not_spam", "snoozed": "unsnooze"}
    returns = [
        (folder, icon_button("undo-2", "Bring back", on_click=D.bring_back(verb), data_key="e"))
        for folder, verb in back.items()
    ]
    dismiss = icon_button("circle-x", "Dismiss (e)", on_click=D.put_away("dismiss"), data_key="e")
    return rx.el.div(
        rx.match(S.row.folder, *returns, ("created_task", rx.fragment()), dismiss),
        menu(
            icon("clock"),
            *[menu_item(label, on_click=D.snooze(key)) for key, label in _SNOOZES],
            menu_item("Pick a time…", data_opens="#snooze"),
            label="Snooze",
            class_name="btn btn-icon btn-ghost",
        ),
        menu(
            icon("user-plus"),
            rx.foreach(C.people, lambda one: menu_item(one.label, on_click=D.assign(one.value))),
            menu_divider(),
            menu_item("Nobody", on_click=D.assign("")),
            label="Assign",
            class_name="btn btn-icon btn-ghost",
        ),
        menu(icon("ellipsis"), *_more(), label="More", class_name="btn btn-icon btn-ghost"),
        class_name="mailroom-actions",
    )


def _more() -> list[rx.Component]:
    task = menu_item("Make a task of it", icon_name="list-checks", on_click=D.make_task)
    spam = menu_item("Move to spam", icon_name="shield", on_click=D.put_away("spam"), data_key="#")
    blocked = menu_item("Block sender", icon_name="hand", danger=True, on_click=D.block)
    split = menu_item("Split from its case", icon_name="split", on_click=D.split)
    return [
        rx.cond(S.row.task_id == "", task),
        rx.cond(S.around.is_in_case, split),
        menu_item("Mark unread", icon_name="mail", on_click=D.unread, data_key="u"),
        menu_divider(),
        rx.cond((S.row.folder != "spam") & (S.row.folder != "created_task"), spam),
        rx.cond(~S.around.is_blocked, blocked),
    ]


def _notices() -> rx.Component:
    again = button("Try again", kind="secondary", small=True, icon_name="refresh-cw", on_click=D.retry)
    join = button("Join it", kind="secondary", small=True, icon_name="link", on_click=D.join)
    split = button("Split again", kind="ghost", small=True, icon_name="split", on_click=D.split)
    suggestion = rx.fragment(
        "This may belong to the open case ",
        link(S.around.suggested_title, href="/inbox/" + S.around.suggested.to(str), class_name="text-link"),
        ".",
    )
    return rx.fragment(
        rx.cond(S.item.state == "failed", notice(S.error, tone="danger", icon_name="circle-alert", action=again)),
        rx.cond(S.around.suggested != "", notice(suggestion, icon_name="link", action=join)),
        rx.cond(
            S.around.is_in_case, notice("This message is part of an older case.", icon_name="layers", action=split)
        ),
        rx.cond(S.around.is_blocked, notice("Its sender is blocked.", tone="warning", icon_name="hand")),
        rx.cond(
            S.around.kept_raw != "",
            notice(S.around.kept_raw, tone="warning", icon_name="triangle-alert"),
        ),
    )


def _snooze_dialog() -> rx.Component:
    when_ = text_input("until", kind="datetime-local", required=True, id_="snooze-until")
    return dialog(
        "snooze",
        "Snooze until",
        rx.el.form(
            field("Day and time", when_, hint="On your own clock."),
            form_actions(
                button("Cancel", kind="ghost", data_closes=""),
                button("Snooze", kind="primary", submit=True),
            ),
            on_submit=D.snooze_until,
            data_closes_on_submit="",
            class_name="form",
        ),
    )
