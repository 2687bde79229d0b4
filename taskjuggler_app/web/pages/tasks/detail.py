"""A task's page: what it is, who does it, where it came from and why it is here."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    avatar,
    badge,
    button,
    card,
    category_chip,
    empty_state,
    facts,
    link,
    link_button,
    menu,
    menu_item,
    page_header,
    person,
    pick,
    priority_chip,
    segmented,
    skeleton_card,
    status_chip,
    time_ago,
    timeline,
)
from taskjuggler_app.web.components.base import joined
from taskjuggler_app.web.components.forms import field, select
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.aitools.task_card import tools_card
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.why import why_panel
from taskjuggler_app.web.pages.tasks.parts import attachments_card, checklist_card, dialogs, invitations_card, talk_card
from taskjuggler_app.web.pages.tasks.talk_state import TaskDeeds

S: Any = TaskDeeds  # on the class, a State's attributes are vars and its methods are handlers
_STORIES = (Choice("all", "Everything"), Choice("changes", "Changes"))
_CRUMBS = (Crumb("Tasks", "/tasks"), Crumb("Task"))


def task() -> rx.Component:
    """One task."""
    waiting = rx.el.div(skeleton_card(), skeleton_card(), class_name="stack")
    missing = empty_state(
        "search",
        "There is no such task",
        "It may have been removed, or it belongs to another workspace.",
        action=link_button("All tasks", href="/tasks"),
    )
    shown = rx.cond(S.missing, missing, _content())
    return framed("tasks", rx.cond(S.loaded, shown, waiting))


def _content() -> rx.Component:
    return rx.fragment(
        page_header(S.task.title, crumbs=_CRUMBS, note=_marks(), actions=_moves()),
        rx.el.div(
            rx.el.div(
                _message(), checklist_card(), talk_card(), tools_card(), why_panel(), _history(), class_name="stack"
            ),
            rx.el.div(_facts(), attachments_card(), invitations_card(), class_name="stack"),
            class_name="columns",
        ),
        dialogs(),
    )


def _marks() -> rx.Component:
    return rx.el.span(
        status_chip(S.task.status),
        priority_chip(S.task.priority),
        rx.cond(S.task.category != "", category_chip(S.task.category)),
        rx.foreach(S.tags, lambda tag: badge("#" + tag.to(str))),
        class_name="marks",
    )


def _moves() -> list[rx.Component]:
    status = S.task.status
    start = button("Start", kind="secondary", on_click=S.set_status("in_progress"))
    begin = button(pick(S.task.doer != "", "Start", "Take it"), kind="primary", on_click=S.accept)
    finish = S.set_status("completed")
    done = button("Mark done", kind="primary", icon_name="check", on_click=finish)
    done_at_once = button("Mark done", kind="secondary", icon_name="check", on_click=finish)
    cancel = button("Cancel task", kind="ghost", on_click=S.set_status("cancelled"))
    reopen = button("Reopen", kind="secondary", icon_name="undo-2", on_click=S.set_status("pending"))
    waiting = rx.cond(S.may_accept, rx.fragment(cancel, done_at_once, begin), rx.fragment(cancel, start, done))
    moves = rx.match(status, ("pending", waiting), ("in_progress", rx.fragment(cancel, done)), reopen)
    more = menu(
        icon("ellipsis"),
        rx.cond(S.may_edit, menu_item("Edit", icon_name="pencil", on_click=S.begin_edit)),
        rx.cond(S.may_decline, menu_item("Give it back", icon_name="undo-2", data_opens="#decline-task")),
        rx.cond(
            S.may_edit,
            menu_item("Put on the marketplace", icon_name="briefcase", href="/marketplace/new?task=" + S.task.id),
        ),
        menu_item("Put into the bin", icon_name="trash-2", on_click=S.remove, danger=True),
        label="More",
    )
    return [rx.fragment(moves, more)]


def _message() -> rx.Component:
    words = rx.cond(
        S.description != "",
        rx.html(S.html, class_name="markdown"),
        rx.el.p("Nothing more was said.", class_name="muted"),
    )
    source = rx.cond(
        S.item_href != "",
        rx.el.div(
            link_button("Open the message", href=S.item_href, small=True, icon_name="inbox"), class_name="task-message"
        ),
    )
    return card(words, source, title="What it is about")


def _history() -> rx.Component:
    which = segmented(
        "which", _STORIES, pick(S.only_changes, "changes", "all"), on_select=S.tell, label="What of the story"
    )
    return card(
        rx.cond(S.only_changes, timeline(S.events), timeline(S.story)),
        title="The story",
        note="From the first message to now.",
        actions=[which],
    )


def _facts() -> rx.Component:
    doer = select("doer", S.members, value=S.doer_member_id, on_change=S.assign)
    inside = rx.el.div(
        rx.el.div(
            rx.cond(S.task.doer != "", avatar(S.task.doer, picture=S.task.doer_picture)),
            field("Who does it", doer),
            class_name="task-doer",
        ),
        rx.cond(
            (S.doer_member_id == "") & (S.task.doer != ""),
            rx.el.p(S.task.doer, ", a vendor, has it.", class_name="muted"),
        ),
        facts(
            ("Asked by", person(S.requestor, picture=S.requestor_picture)),
            ("From", pick(S.sender != "", S.sender, "—")),
            ("Due", rx.cond(S.task.due_at != "", time_ago(S.task.due_at, S.task.due), "No date")),
            ("Repeats", pick(S.recurrence != "", S.recurrence, "No")),
            (
                "Project",
                rx.cond(
                    S.project != "",
                    link(S.project, href=joined("/tasks/projects/", S.project_id), class_name="text-link"),
                    "None",
                ),
            ),
            ("Came in", time_ago(S.task.at, S.task.when)),
            ("Source", pick(S.source != "", S.source, "Written down by hand")),
        ),
        class_name="stack",
    )
    return card(inside, title="Details")
