"""What lies over the page: dialogs, menus, toasts. assets/js/app.js opens and closes them."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from taskjuggler_app.web.components.base import Child, Flag, Handler, Text, classes, hidden_text, link, when, word
from taskjuggler_app.web.components.buttons import button, icon_button
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.shapes import ToastLine


def dialog(
    id_: str,
    title: Text,
    *children: Child,
    actions: Sequence[rx.Component] = (),
    open_: Flag | None = None,
    on_close: Handler = None,
    class_name: str = "",
) -> rx.Component:
    """A native modal dialog: focus stays inside, Escape and a press outside close it.

    Opened by anything with `data_opens="#id"`, closed by anything inside with `data_closes=""`. With `open_`
    (a var) the page's state decides instead, and `on_close` tells the state that the person closed it.
    """
    props: dict[str, Any] = {} if open_ is None else {"data_open": when(open_, "true", "false")}
    told = rx.el.button("Closed", type="button", hidden=True, data_closed="", on_click=on_close) if on_close else None
    return rx.el.dialog(
        rx.el.div(
            rx.el.div(
                rx.el.h2(title, id=f"{id_}-title"),
                icon_button("x", "Close", data_closes=""),
                class_name="dialog-head",
            ),
            rx.el.div(*children, class_name="dialog-body"),
            rx.el.div(*actions, class_name="dialog-actions") if actions else None,
            class_name="dialog-box",
        ),
        told,
        id=id_,
        aria_labelledby=f"{id_}-title",
        class_name=classes("dialog", class_name),
        **props,
    )


def confirm(
    id_: str, title: Text, text: Text, *, label: Text, on_confirm: Handler, danger: bool = True
) -> rx.Component:
    """Asks before something that cannot be taken back. Open it with `data_opens="#id"`."""
    return dialog(
        id_,
        title,
        rx.el.p(text),
        actions=[
            button("Go back", kind="ghost", data_closes="", auto_focus=True),
            button(label, kind="danger" if danger else "primary", on_click=on_confirm, data_closes=""),
        ],
        class_name="dialog-small",
    )


def menu(
    trigger: Child, *items: Child, label: Text, align: str = "end", class_name: str = "", wide: bool = False
) -> rx.Component:
    """A button that discloses a panel of links and buttons; the arrows move, Escape closes.

    align: the edge it hangs from, start or end; up for a menu at the foot of the page.
    """
    return rx.el.details(
        rx.el.summary(trigger, hidden_text(label), title=label, class_name=classes("menu-trigger", class_name)),
        rx.el.div(*items, class_name=f"menu-panel menu-{align}{' menu-wide' if wide else ''}"),
        class_name="menu",
        data_menu="",
    )


def menu_item(
    label: Text,
    *,
    icon_name: str = "",
    href: Text = "",
    on_click: Handler = None,
    danger: bool = False,
    **props: Any,
) -> rx.Component:
    """A line of a menu: a link when href is given, else a button."""
    inside = (icon(icon_name, size=16) if icon_name else None, rx.el.span(label))
    look = "menu-item is-danger" if danger else "menu-item"
    if not (isinstance(href, str) and href == ""):
        return link(*inside, href=href, class_name=look, **props)
    if on_click is not None:
        props["on_click"] = on_click
    props.setdefault("type", "button")
    return rx.el.button(*inside, class_name=look, **props)


def menu_divider() -> rx.Component:
    """A line between groups of a menu."""
    return rx.el.hr(class_name="menu-divider")


def offline_notice() -> rx.Component:
    """Says so while the page has lost the server; Reflex dials again by itself. In place of its own toasts."""
    line = rx.el.div(icon("wifi-off", size=16), rx.el.p("Connection lost. Trying again…"), class_name="offline")
    return rx.el.div(rx.cond(has_connection_errors, line), role="status")


def toast_stack(toasts: Any, *, on_dismiss: Handler, on_undo: Handler = None) -> rx.Component:
    """Messages from the state, newest last. Handlers get the toast's id.

    Each leaves after six seconds (an error after twelve) unless pointed at or focused; then `on_dismiss` is told.
    """

    def draw(toast: ToastLine) -> rx.Component:
        undo: rx.Component = rx.fragment()
        if on_undo is not None:
            press = {"on_click": on_undo(toast.id), "data_toast_undo": ""}
            undoing = rx.el.button(toast.undo, type="button", class_name="toast-undo", **press)
            undo = rx.cond(toast.undo != "", undoing)
        return rx.el.li(
            icon(word(toast.kind, {"success": "circle-check", "error": "circle-alert"}, "info")),
            rx.el.p(toast.text),
            undo,
            icon_button("x", "Dismiss", on_click=on_dismiss(toast.id), data_toast_close=""),
            key=toast.id,
            class_name=classes("toast", "toast-" + toast.kind),
            data_toast=toast.kind,
        )

    return rx.el.div(
        rx.el.ul(rx.foreach(toasts, draw), class_name="toasts"),
        role="status",
        aria_live="polite",
        aria_atomic="false",
    )
