"""The letters of a case: the open message with its files, the ones around it, our answers, and the box for the next."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    channel_icon,
    form_error,
    hidden_text,
    link,
    pick,
    some,
    time_ago,
    when,
)
from taskjuggler_app.web.components.base import classes, native_link
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.inbox.item_state import ItemState, ReplyState

S: Any = ItemState  # on the class, a State's attributes are vars and its methods are handlers
R: Any = ReplyState


def message() -> rx.Component:
    """What was said: its words with what was recognised marked, or the mail as it was designed."""
    return rx.el.article(
        rx.el.div(
            rx.cond(S.subject != "", rx.el.strong(S.subject)),
            rx.cond(S.around.forwarded_by != "", badge("Forwarded by " + S.around.forwarded_by.to(str))),
            rx.cond(S.around.has_html, _views()),
            class_name="letter-head",
        ),
        rx.cond(S.as_sent & S.around.has_html, _designed(), _words()),
        rx.cond(some(S.files), rx.el.ul(rx.foreach(S.files, _file), class_name="letter-files", aria_label="Files")),
        class_name="card letter-open",
    )


def _views() -> rx.Component:
    def view(label: str, yes: bool) -> rx.Component:
        on = S.as_sent if yes else ~S.as_sent
        return rx.el.button(
            label,
            type="button",
            aria_pressed=when(on, "true", "false"),
            on_click=S.show_as_sent(yes),
            class_name="mailroom-mark",
        )

    return rx.el.div(
        view("Text", False),
        view("As sent", True),
        role="group",
        aria_label="Show the mail as",
        class_name="letter-views",
    )


def _words() -> rx.Component:
    def piece(one: Any) -> rx.Component:
        marked = rx.el.mark(one.text, title=one.title, class_name="found")
        return rx.cond(one.kind != "", marked, rx.el.span(one.text))

    quoted = rx.el.details(
        rx.el.summary(icon("ellipsis", size=16), "Show quoted text"),
        rx.el.p(S.around.quoted, class_name="message muted"),
        class_name="letter-quoted",
    )
    return rx.fragment(
        rx.el.p(rx.foreach(S.pieces, piece), class_name="message"), rx.cond(S.around.quoted != "", quoted)
    )


def _designed() -> rx.Component:
    """The mail's own HTML, in a frame that runs nothing; pictures from elsewhere wait until they are asked for."""
    address = "/data/inbox/" + S.item_id.to(str) + "/html" + pick(S.pictures, "?pictures=1")
    held = rx.el.div(
        icon("eye-off", size=16),
        rx.el.p("Pictures from elsewhere are not loaded: they would tell the sender that you read this."),
        button("Load pictures", kind="ghost", small=True, on_click=S.show_pictures),
        class_name="letter-held",
    )
    return rx.fragment(
        rx.cond((S.around.remote_blocked > 0) & ~S.pictures, held),
        rx.el.iframe(
            src=address,
            title="The mail as it was sent",
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox",
            class_name="letter-frame",
            custom_attrs={"data-fit": "", "referrerPolicy": "no-referrer"},
        ),
    )


def _file(file: Any) -> rx.Component:
    picture = rx.el.img(src=file.href, alt="", loading="lazy", class_name="letter-picture")
    sound = rx.el.audio(src=file.href, controls=True, preload="metadata", aria_label=file.name)
    kept = rx.fragment(
        rx.cond(file.is_image, picture, icon("paperclip", size=16)),
        native_link(
            file.name,
            hidden_text(" (new tab)"),
            href=file.href,
            target="_blank",
            rel="noopener",
            class_name="text-link",
        ),
        rx.el.span(file.size, class_name="muted"),
    )
    skipped = rx.fragment(
        icon("triangle-alert", size=16), rx.el.span(file.name), rx.el.span(file.reason, class_name="letter-reason")
    )
    return rx.el.li(
        rx.cond(file.href != "", rx.cond(file.is_audio, sound, kept), skipped),
        class_name=classes("letter-file", when(file.href == "", "is-skipped"), when(file.is_audio, "is-sound")),
    )


def timeline_of(rows: Any) -> rx.Component:
    """Letters and events, in the order in which they happened."""
    return rx.cond(some(rows), rx.el.ol(rx.foreach(rows, _line), class_name="letters", aria_label="What happened"))


def _line(row: Any) -> rx.Component:
    event = rx.el.li(
        icon(row.icon, size=14),
        rx.el.p(
            rx.el.strong(row.who),
            " ",
            row.text,
            " ",
            time_ago(row.at, row.when),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="letters-note")),
        ),
        key=row.id,
        class_name="letters-event",
    )
    return rx.cond(row.kind == "event", event, _letter(row))


def _letter(row: Any) -> rx.Component:
    undo = button("Undo", kind="secondary", small=True, icon_name="undo-2", on_click=R.cancel(row.id))
    state = rx.el.span(
        icon(_state_icon(row.state), size=14),
        row.state_said,
        class_name=classes("letter-state", "is-" + row.state.to(str)),
    )
    return rx.el.li(
        rx.el.p(
            channel_icon(row.via),
            rx.el.strong(row.who),
            rx.cond(row.label != "", badge(row.label)),
            time_ago(row.at, row.when),
            rx.cond(row.href != "", link("Open", hidden_text(" this message"), href=row.href, class_name="text-link")),
            class_name="letter-by",
        ),
        rx.el.p(row.text, class_name="letter-text"),
        rx.el.p(
            rx.cond(row.state_said != "", state),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="letter-reason")),
            rx.cond(row.waits, undo),
            class_name="letter-foot",
        ),
        key=row.id,
        class_name=classes("letter", "is-" + row.kind.to(str), when(row.state == "withheld", "is-withheld")),
    )


def _state_icon(state: Any) -> Any:
    signs: Any = rx.match(
        state,
        ("queued", "clock"),
        ("sent", "check"),
        ("delivered", "check-check"),
        ("failed", "triangle-alert"),
        ("withheld", "hand"),
        "undo-2",
    )
    return signs.to(str)


def reply_box() -> rx.Component:
    """Writing back, by the way the message came; or why that cannot be done."""
    by = pick(S.around.answer_by == "sms", "Text ", "Mail to ") + S.around.answer_to.to(str)
    form = rx.el.form(
        form_error(R.error),
        rx.el.textarea(
            name="reply",
            rows="3",
            max_length=5000,
            required=True,
            placeholder=by,
            aria_label=by,
            data_submits="",
            class_name="input textarea",
        ),
        rx.el.div(
            rx.el.span("You can take it back for ten seconds.", class_name="muted"),
            button("Send", kind="primary", icon_name="send", submit=True),
            class_name="reply-foot",
        ),
        on_submit=R.send,
        reset_on_submit=True,
        key="reply-" + S.item_id.to(str) + R.draft.to(str),
        class_name="reply",
    )
    none = rx.el.p(icon("info", size=16), S.around.no_answer, class_name="reply reply-none")
    return rx.cond(S.around.answer_by != "", form, none)
