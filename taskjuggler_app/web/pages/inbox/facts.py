"""The facts of a message: how sure each is, the words it comes from, and a person's last word."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    badge,
    button,
    card,
    dialog,
    field,
    form_error,
    icon_button,
    pick,
    some,
    text_input,
)
from taskjuggler_app.web.components.base import Flag
from taskjuggler_app.web.pages.inbox.facts_state import FactsState

S: Any = FactsState  # on the class, a State's attributes are vars and its methods are handlers


def facts_panel(stage: Any) -> rx.Component:
    """The panel; it reads anew when `stage`, how far the message is, changes."""
    nothing = rx.el.p("Nothing has been read out of it yet.", class_name="muted")
    listed = rx.el.dl(rx.foreach(S.rows, _line), class_name="facts facts-list")
    panel = card(
        rx.cond(some(S.rows), listed, nothing),
        rx.cond(S.reader != "", rx.el.p(S.reader, class_name="muted")),
        title="Facts",
        note="What was read out of it. Wrong? The pencil corrects it, and both stay.",
    )
    return rx.el.div(panel, _form(), key="facts-" + stage, on_mount=S.load)


def _line(one: Any) -> rx.Component:
    sure = rx.el.span(
        rx.cond(one.words != "", rx.fragment("“", one.words, "” · ")),
        one.confidence,
        "\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}sure ",
        rx.cond(one.by_ai, badge("AI")),
        class_name="fact-note",
    )
    read = rx.el.span(
        rx.el.span(one.shown, class_name=pick(one.corrected, "fact-old", "")), sure, class_name="fact-read"
    )
    said = rx.el.span(
        rx.cond(one.correction != "", rx.el.strong(one.correction_shown), rx.el.strong("none")),
        rx.el.span("says ", one.person, class_name="fact-note"),
        class_name="fact-read",
    )
    change = icon_button(
        "pencil", "Correct " + one.label + " " + one.shown, on_click=S.edit(one.key), class_name="fact-change"
    )
    words = rx.el.div(rx.cond(one.corrected, said), read)
    return rx.el.div(rx.el.dt(one.label), rx.el.dd(words, change), key=one.key)


def _form() -> rx.Component:
    is_open: Flag = S.editing != ""
    chosen = rx.el.div(
        rx.el.label(S.label, html_for="fact-choice", class_name="field-label"),
        rx.el.select(
            rx.foreach(S.choices, lambda one: rx.el.option(one.label, value=one.value)),
            id="fact-choice",
            name="value",
            default_value=S.value,
            key="choice-" + S.editing,
            class_name="input select",
        ),
        class_name="field",
    )
    typed = field(S.label, text_input("value", id_="fact-value", default_value=S.value, key="value-" + S.editing))
    none = rx.cond(some(S.choices), rx.fragment(), button("It says no such thing", kind="secondary", on_click=S.deny))
    return dialog(
        "fact-form",
        "What does the message say?",
        rx.el.form(
            form_error(S.error),
            rx.cond(some(S.choices), chosen, rx.cond(S.editing != "", typed)),
            rx.el.div(none, button("Save", kind="primary", submit=True), class_name="form-actions"),
            on_submit=S.save,
            class_name="form",
        ),
        open_=is_open,
        on_close=S.close,
    )
