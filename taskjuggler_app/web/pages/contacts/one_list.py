"""One contact list: its people, an import, a message to all of them."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    badge,
    button,
    card,
    confirm,
    data_table,
    dialog,
    download_button,
    empty_state,
    field,
    form_error,
    icon_button,
    link_button,
    load_more,
    page_header,
    pick,
    same,
    search_input,
    segmented,
    skeleton_list,
    some,
    text_input,
    textarea,
    upload_zone,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.contacts.reaching_state import ReachingState
from taskjuggler_app.web.pages.frame.view import framed

S: Any = ReachingState  # on the class, a State's attributes are vars and its methods are handlers
_HEADINGS = ("Name", "Email", "Phone", "Notes", "Actions")


def contact_list() -> rx.Component:
    """The list's page."""
    gone = empty_state(
        "contact",
        "That list is not here",
        "It was deleted, or it belongs to another workspace.",
        action=link_button("All lists", href="/contacts"),
    )
    return framed(
        "people",
        rx.cond(S.loaded, rx.cond(S.row.id != "", _content(), gone), skeleton_list()),
        _person_form(),
        _message_form(),
        confirm(
            "list-delete",
            "Delete the list?",
            "Everybody on it is deleted with it. Opt-outs stay.",
            label="Delete",
            on_confirm=S.delete_list,
        ),
    )


def _content() -> rx.Component:
    export = download_button("Export CSV", href="/data/contacts/" + S.row.id + ".csv")
    actions = [
        rx.fragment(rx.cond(S.is_admin, button("Write to all", icon_name="send", on_click=S.open_message))),
        export,
        rx.fragment(
            rx.cond(S.row.editable, button("Add a person", kind="primary", icon_name="plus", on_click=S.open_form("")))
        ),
    ]
    nothing = empty_state("user-plus", "Nobody here", "Add a person, or import a CSV file.")
    none_found = empty_state("search", "Nobody fits", "Try fewer letters, or another word.")
    people = card(data_table(_HEADINGS, S.people, _cells, caption="People on the list"), flush=True)
    size = pick(S.row.size == 1, "1 person", S.row.size.to(str) + " people")
    side = rx.el.div(_import(), class_name="stack")
    return rx.fragment(
        page_header(
            S.row.name,
            note=rx.fragment(size, rx.cond(S.row.description != "", rx.fragment(" · ", S.row.description))),
            actions=actions,
            crumbs=[Crumb("Contacts", "/contacts"), Crumb("List")],
        ),
        rx.el.div(
            rx.el.div(
                search_input(
                    "who", "Search the list", on_change=S.find.debounce(250), placeholder="Name, email, phone"
                ),
                rx.cond(some(S.people), people, rx.cond(S.text != "", none_found, nothing)),
                rx.cond(S.more, load_more(S.show_more)),
                class_name="stack contact-people",
            ),
            rx.cond(S.row.editable, side),
            class_name="columns",
        ),
    )


def _cells(row: Any) -> tuple[Any, ...]:
    controls = rx.el.span(
        icon_button("pencil", "Change " + row.name, on_click=S.open_form(row.id)),
        icon_button("trash-2", "Remove " + row.name, on_click=S.remove(row.id), data_confirm="Take them off the list?"),
        class_name="rule-controls",
    )
    stopped = badge("no " + row.stopped, tone="warning")
    return (
        rx.el.span(rx.el.strong(row.name), rx.cond(row.stopped != "", stopped), class_name="marks"),
        row.email,
        row.phone,
        rx.el.span(row.notes, rx.el.span(" " + row.more, class_name="muted")),
        rx.cond(S.row.editable, controls, rx.fragment()),
    )


def _import() -> rx.Component:
    return card(
        rx.el.p("A CSV file with a heading line. You see what would happen before anything does.", class_name="muted"),
        upload_zone("csv", label="Choose a CSV file", on_files=S.take_file),
        rx.el.div(button("Delete this list…", kind="ghost", small=True, data_opens="#list-delete")),
        title="Import",
        class_name="workspaces",
    )


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _person_form() -> rx.Component:
    key = "-" + S.form.id
    name = text_input("name", id_="contact-name", default_value=S.form.name, key="n" + key, max_length=255)
    email = text_input("email", id_="contact-email", kind="email", default_value=S.form.email, key="e" + key)
    phone = text_input("phone", id_="contact-phone", kind="tel", default_value=S.form.phone, key="p" + key)
    notes = textarea("notes", id_="contact-notes", rows=2, default_value=S.form.notes, key="t" + key, max_length=1000)
    return dialog(
        "contact-form",
        pick(S.form.id == "", "Add a person", "Change"),
        rx.el.form(
            form_error(pick(S.error_field == "", S.error)),
            field("Name", name),
            field("Email", email, error=_error_of("email")),
            field("Phone", phone, error=_error_of("phone"), hint="With country code, or as dialled in the US."),
            field("Notes", notes, optional=True),
            _buttons("Save"),
            on_submit=S.save,
            class_name="form",
        ),
        open_=S.form_open,
        on_close=S.close_form,
    )


def _message_form() -> rx.Component:
    channels = (Choice("sms", "Text", "message-square"), Choice("email", "Mail", "mail"))
    reach = pick(S.channel == "sms", S.reach_sms.to(str), S.reach_email.to(str))
    subject = field("Subject", text_input("subject", max_length=255), error=_error_of("subject"))
    foot = pick(
        S.channel == "sms",
        "Your workspace's name and “Reply STOP to end.” are added.",
        "Your workspace's name and a link to stop such mails are added.",
    )
    return dialog(
        "message-form",
        "Write to everybody on the list",
        rx.el.form(
            form_error(pick(S.error_field == "", S.error)),
            segmented("channel", channels, S.channel, on_select=S.choose_channel, label="How"),
            rx.cond(S.channel == "email", subject),
            field("Message", textarea("body", rows=5, required=True), hint=foot, error=_error_of("body")),
            rx.el.p(rx.el.strong(reach, " people"), " get it. Whoever opted out, or has no address, does not."),
            _buttons("Send"),
            on_submit=S.send,
            class_name="form",
        ),
        open_=S.message_open,
        on_close=S.close_form,
    )


def _buttons(label: str) -> rx.Component:
    return rx.el.div(
        button("Cancel", kind="ghost", data_closes=""),
        button(label, kind="primary", submit=True),
        class_name="form-actions",
    )
