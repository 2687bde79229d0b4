"""The messages page: a list of people and one conversation; on a phone one of the two."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    avatar,
    button,
    empty_state,
    file_list,
    form_error,
    hidden_text,
    link,
    search_input,
    skeleton_list,
    some,
    time_ago,
    upload_zone,
    when,
)
from taskjuggler_app.web.components.base import classes
from taskjuggler_app.web.components.chips import count
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.messages.state import MessagesState

S: Any = MessagesState  # on the class, a State's attributes are vars and its methods are handlers


def messages() -> rx.Component:
    """Conversations with colleagues."""
    return framed(
        "messages",
        rx.el.h1("Messages", class_name="talk-title"),
        rx.el.div(
            rx.el.section(_people(), class_name="talk-people", aria_label="Conversations"),
            rx.el.section(_conversation(), class_name="talk-thread", aria_label="Conversation"),
            class_name=classes("talk", when(S.person.person_id != "", "has-person")),
        ),
    )


def _people() -> rx.Component:
    alone = empty_state("users", "Nobody to write to yet", "Invite somebody to your team, and write to them here.")
    listed = rx.el.ul(rx.foreach(S.people, _person), class_name="talk-list", data_nav_list="", aria_label="People")
    found = rx.cond(
        some(S.found),
        rx.el.ul(rx.foreach(S.found, _hit), class_name="talk-list", aria_label="Found messages"),
        rx.el.p("Nothing found. Try another word.", class_name="muted talk-none"),
    )
    return rx.fragment(
        search_input("words", "Search messages", on_change=S.find.debounce(250), placeholder="Search messages"),
        rx.cond(S.loaded, rx.cond(S.words != "", found, rx.cond(some(S.people), listed, alone)), skeleton_list()),
    )


def _person(row: Any) -> rx.Component:
    last = rx.el.span(when(row.mine, "You: "), row.last, class_name="talk-last")
    return rx.el.li(
        avatar(row.name, size="m", picture=row.picture),
        rx.el.div(
            link(row.name, href="/messages/" + row.person_id, class_name="row-link", data_nav_item=""),
            rx.cond(row.at != "", last, rx.el.span(row.email, class_name="talk-last")),
            class_name="row-main",
        ),
        rx.el.div(
            rx.cond(row.at != "", time_ago(row.at, row.at)), count(row.unread, spoken="unread"), class_name="talk-side"
        ),
        key=row.person_id,
        class_name=classes("talk-person", when(row.person_id == S.person.person_id, "is-here")),
    )


def _hit(row: Any) -> rx.Component:
    return rx.el.li(
        avatar(row.name, size="m", picture=row.picture),
        rx.el.div(
            link(row.name, href="/messages/" + row.person_id, class_name="row-link"),
            rx.el.span(when(row.mine, "You: "), row.text, class_name="talk-last"),
            class_name="row-main",
        ),
        rx.el.div(time_ago(row.at, row.at), class_name="talk-side"),
        class_name="talk-person",
    )


def _conversation() -> rx.Component:
    choose = empty_state("message-circle", "Choose somebody", "Direct messages are between the two of you alone.")
    gone = empty_state(
        "lock", "You cannot write to them", "You have no workspace and no task in common with that person."
    )
    return rx.cond(S.person.person_id != "", _thread(), rx.cond(S.missing, gone, choose))


def _thread() -> rx.Component:
    older = button("Show older", kind="ghost", small=True, on_click=S.older)
    nothing = rx.el.p("Nothing said yet. Start with a hello.", class_name="muted talk-none")
    box = rx.el.textarea(
        name="message",
        rows="2",
        placeholder="Write a message",
        aria_label="Message to " + S.person.name,
        class_name="input textarea",
        enter_key_submit=True,
    )
    return rx.fragment(
        rx.el.header(
            link(
                icon("arrow-left"),
                hidden_text("All conversations"),
                href="/messages",
                class_name="btn btn-icon btn-ghost talk-back",
            ),
            avatar(S.person.name, size="m", picture=S.person.picture),
            rx.el.div(rx.el.h2(S.person.name, data_names_tab=""), rx.el.p(S.person.email, class_name="muted")),
            class_name="talk-head",
        ),
        rx.el.div(
            rx.cond(S.cursor != "", older),
            rx.cond(some(S.messages), rx.el.ol(rx.foreach(S.messages, _message), class_name="talk-messages"), nothing),
            class_name="talk-scroll",
            tab_index=0,
            role="log",
            aria_label="Messages",
        ),
        rx.el.form(
            form_error(S.error),
            box,
            rx.el.div(
                upload_zone("files", label="Attach"),
                button("Send", kind="primary", icon_name="send", submit=True),
                class_name="talk-send",
            ),
            on_submit=S.send,
            reset_on_submit=True,
            key="draft-" + S.draft.to(str) + S.person.person_id,
            class_name="talk-form",
        ),
    )


def _message(row: Any) -> rx.Component:
    seen = rx.el.span(icon("check-check", size=14), "Seen", class_name="talk-seen")
    return rx.el.li(
        rx.el.div(
            hidden_text(when(row.mine, "You: ")),
            rx.cond(row.text != "", rx.el.p(row.text, class_name="talk-text")),
            rx.cond(some(row.files), file_list(row.files)),
            class_name="talk-bubble",
        ),
        rx.el.p(time_ago(row.at, row.at), rx.cond(row.seen_at != "", seen), class_name="talk-when"),
        key=row.id,
        class_name=classes("talk-message", when(row.mine, "is-mine")),
    )
