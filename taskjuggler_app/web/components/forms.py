"""Form fields. Each control is made by its own function and given to `field`, which names and explains it.

    field("Email", text_input("email", kind="email", autocomplete="email"), hint="For signing in.", error=S.errors)

The control's id is its name unless told otherwise; `field` points label, hint and error at that id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from taskjuggler_app.web.components.base import Flag, Handler, Text, either, joined, when
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.shapes import Choice

InputKind = Literal["text", "email", "tel", "url", "search", "number", "date", "time", "datetime-local"]


@dataclass(frozen=True)
class Control:
    """A form control that waits for its field: `draw` gets the aria attributes."""

    id: Text
    tag: Any
    props: dict[str, Any]
    children: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()

    def draw(self, **aria: Any) -> rx.Component:
        """The control itself, wrapped when something stands beside it."""
        drawn: rx.Component = self.tag(*self.children, id=self.id, **self.props, **aria)
        return rx.el.div(drawn, *self.after, class_name="control-wrap") if self.after else drawn


def field(label: Text, control: Control, *, hint: Text = "", error: Text = "", optional: bool = False) -> rx.Component:
    """Label, control, hint and error, tied together (WCAG 1.3.1, 3.3.1, 3.3.2).

    error: empty while all is well; its text is announced when it appears.
    """
    has_hint = not (isinstance(hint, str) and hint == "")
    wrong = error != "" if isinstance(error, rx.Var) else bool(error)
    return rx.el.div(
        rx.el.label(
            label,
            rx.el.span("optional", class_name="field-optional") if optional else None,
            html_for=control.id,
            class_name="field-label",
        ),
        control.draw(
            aria_invalid=when(wrong, "true", "false"),
            aria_describedby=(
                joined(control.id, "-hint ", control.id, "-error") if has_hint else joined(control.id, "-error")
            ),
        ),
        rx.el.p(hint, id=joined(control.id, "-hint"), class_name="field-hint") if has_hint else None,
        rx.el.p(error, id=joined(control.id, "-error"), class_name="field-error", aria_live="polite"),
        class_name="field",
    )


def text_input(name: str, *, kind: InputKind = "text", autocomplete: str = "", id_: Text = "", **props: Any) -> Control:
    """One line of text. Other attributes (value, on_change, placeholder, required, …) go through."""
    if autocomplete:
        props["auto_complete"] = autocomplete
    return Control(_id(id_, name), rx.el.input, {"name": name, "type": kind, "class_name": "input", **props})


def password_input(name: str, *, new: bool = False, id_: Text = "", **props: Any) -> Control:
    """A password with a button that shows it (done in the page alone). new: one being chosen, not recalled."""
    control_id = _id(id_, name)
    reveal = rx.el.button(
        icon("eye", class_name="when-off"),
        icon("eye-off", class_name="when-on"),
        type="button",
        data_reveal=control_id,
        aria_label="Show password",
        aria_pressed="false",
        class_name="btn btn-icon btn-ghost control-button",
    )
    attributes = {"name": name, "type": "password", "class_name": "input", "spell_check": False}
    attributes["auto_complete"] = "new-password" if new else "current-password"
    return Control(control_id, rx.el.input, {**attributes, **props}, after=(reveal,))


def textarea(name: str, *, rows: int = 4, id_: Text = "", **props: Any) -> Control:
    """Several lines of text."""
    attributes = {"name": name, "rows": str(rows), "class_name": "input textarea"}
    return Control(_id(id_, name), rx.el.textarea, {**attributes, **props})


def select(name: str, choices: Sequence[Choice] | rx.Var[Any], *, id_: Text = "", **props: Any) -> Control:
    """One of a list: plain Choices, or a var of a list of them."""
    if isinstance(choices, rx.Var):
        options: tuple[Any, ...] = (rx.foreach(choices, lambda c: rx.el.option(c.label, value=c.value)),)
    else:
        options = tuple(rx.el.option(c.label, value=c.value) for c in choices)
    return Control(_id(id_, name), rx.el.select, {"name": name, "class_name": "input select", **props}, options)


def checkbox(name: str, label: Text, *, id_: Text = "", hint: Text = "", **props: Any) -> rx.Component:
    """A box to tick, with its label beside it."""
    return _toggle(name, label, "checkbox", id_, hint, props)


def switch(name: str, label: Text, *, id_: Text = "", hint: Text = "", **props: Any) -> rx.Component:
    """On or off, taking effect at once (a checkbox for readers, with role switch)."""
    return _toggle(name, label, "switch", id_, hint, {"role": "switch", **props})


def search_input(
    name: str, label: str, *, on_change: Handler = None, placeholder: Text = "Search", **props: Any
) -> rx.Component:
    """A search box; the / key goes there."""
    if on_change is not None:
        props["on_change"] = on_change
    return rx.el.label(
        icon("search", size=16),
        rx.el.span(label, class_name="sr-only"),
        rx.el.input(
            name=name,
            type="search",
            placeholder=placeholder,
            auto_complete="off",
            data_search="",
            class_name="input",
            **props,
        ),
        rx.el.kbd("/", aria_hidden="true"),
        class_name="search",
    )


def timezone_input(name: str = "timezone") -> rx.Component:
    """A hidden field that the page fills with the browser's IANA time zone."""
    return rx.el.input(type="hidden", name=name, default_value="", data_timezone="")


def form_error(text: Text) -> rx.Component:
    """What went wrong with the form as a whole; announced when it appears, nothing while empty."""
    message = rx.el.div(icon("circle-alert"), rx.el.p(text), class_name="form-error")
    if isinstance(text, str):
        return rx.el.div(message if text else None, role="alert")
    return rx.el.div(rx.cond(text != "", message), role="alert")


def form_actions(*buttons: rx.Component, busy: Flag = False) -> rx.Component:
    """The row of buttons under a form, the main one first in order of reading."""
    return rx.el.div(*buttons, class_name="form-actions", aria_busy=when(either(busy, False), "true", "false"))


def _toggle(name: str, label: Text, look: str, id_: Text, hint: Text, props: dict[str, Any]) -> rx.Component:
    control_id = _id(id_, name)
    has_hint = not (isinstance(hint, str) and hint == "")
    if has_hint:
        props["aria_describedby"] = joined(control_id, "-hint")
    return rx.el.div(
        rx.el.input(type="checkbox", id=control_id, name=name, class_name=look, **props),
        rx.el.div(
            rx.el.label(label, html_for=control_id),
            rx.el.p(hint, id=joined(control_id, "-hint"), class_name="field-hint") if has_hint else None,
        ),
        class_name="toggle",
    )


def _id(given: Text, name: str) -> Text:
    """The control's id: the one given, else its name."""
    return name if isinstance(given, str) and given == "" else given
