"""Things to press."""

from typing import Any, Literal

import reflex as rx

from taskjuggler_app.web.components.base import Child, Flag, Handler, Text, classes, either, link, native_link, when
from taskjuggler_app.web.components.icons import icon

Kind = Literal["primary", "secondary", "ghost", "danger"]


def button(
    label: Child,
    *,
    kind: Kind = "secondary",
    icon_name: str = "",
    on_click: Handler = None,
    loading: Flag = False,
    disabled: Flag = False,
    submit: bool = False,
    small: bool = False,
    wide: bool = False,
    **props: Any,
) -> rx.Component:
    """A button. While `loading` it keeps its width, shows a spinner and cannot be pressed again."""
    if on_click is not None:
        props["on_click"] = on_click
    return rx.el.button(
        *_inside(label, icon_name),
        rx.el.span(class_name="spinner", aria_hidden="true"),
        type="submit" if submit else "button",
        disabled=either(loading, disabled),
        aria_busy=when(loading, "true", "false"),
        class_name=classes(_look(kind, small, wide), when(loading, "is-loading")),
        **props,
    )


def link_button(
    label: Child, *, href: Text, kind: Kind = "secondary", icon_name: str = "", small: bool = False, **props: Any
) -> rx.Component:
    """A link that looks like a button: it goes somewhere instead of doing something."""
    return link(*_inside(label, icon_name), href=href, class_name=_look(kind, small, wide=False), **props)


def download_button(label: Child, *, href: Text) -> rx.Component:
    """Keeps what the server answers there as a file."""
    return native_link(
        *_inside(label, "arrow-down"), href=href, download="", class_name=_look("secondary", True, wide=False)
    )


def icon_button(
    name: Text, label: Text, *, on_click: Handler = None, kind: Kind = "ghost", **props: Any
) -> rx.Component:
    """A square button with an icon; `label` is its name for readers and its tooltip."""
    if on_click is not None:
        props["on_click"] = on_click
    return rx.el.button(
        icon(name),
        type="button",
        aria_label=label,
        title=label,
        class_name=classes("btn", "btn-icon", "btn-" + kind, props.pop("class_name", "")),
        **props,
    )


def copy_button(text: Text, *, label: Text = "Copy") -> rx.Component:
    """Puts `text` on the clipboard and says so."""
    return rx.el.button(
        icon("copy", size=16),
        rx.el.span(label, data_copy_label=""),
        type="button",
        data_copy=text,
        class_name="btn btn-secondary btn-small",
    )


def _inside(label: Child, icon_name: str) -> list[rx.Component]:
    text = rx.el.span(label, class_name="btn-label")
    return [icon(icon_name, size=16), text] if icon_name else [text]


def _look(kind: Kind, small: bool, wide: bool) -> str:
    return f"btn btn-{kind}{' btn-small' if small else ''}{' btn-wide' if wide else ''}"
