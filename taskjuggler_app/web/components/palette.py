"""The command palette (Ctrl/⌘-K) and the sheet of keys (?)."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Handler, Text, link
from taskjuggler_app.web.components.chips import kbd
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.overlays import dialog
from taskjuggler_app.web.components.shapes import NavItem, PaletteLine

KEYS = (
    ("Anywhere", (("Open the palette", ("Ctrl", "K")), ("Search", ("/",)), ("These keys", ("?",)))),
    ("Lists", (("Next", ("j",)), ("Previous", ("k",)), ("Open", ("Enter",)))),
)


def command_palette(
    results: Any, *, on_query: Handler, commands: Sequence[PaletteLine], query: Text | None = None
) -> rx.Component:
    """Search and commands in one place (WAI-ARIA combobox with a listbox).

    commands: fixed ones, narrowed in the page as the person types. results: a var of a list of PaletteLine that
    `on_query` fills (debounced 150 ms; called with the text). Arrows and Enter are handled in the page.
    """
    box: dict[str, Any] = {} if query is None else {"value": query}
    search = rx.el.input(
        type="text",
        id="palette-input",
        role="combobox",
        aria_label="Search or go to",
        aria_expanded="true",
        aria_controls="palette-list",
        aria_autocomplete="list",
        auto_complete="off",
        spell_check=False,
        placeholder="Search or jump to…",
        class_name="palette-input",
        on_change=on_query.debounce(150) if hasattr(on_query, "debounce") else on_query,
        **box,
    )
    return rx.el.dialog(
        rx.el.div(icon("search"), search, kbd("Esc"), class_name="palette-head"),
        rx.el.div(
            rx.foreach(results, _option) if isinstance(results, rx.Var) else None,
            *[_option(command, fixed=True) for command in commands],
            role="listbox",
            id="palette-list",
            aria_label="Results",
            class_name="palette-list",
        ),
        rx.el.p("Nothing found. Try another word.", class_name="palette-none", data_palette_none="", hidden=True),
        id="palette",
        aria_label="Search or go to",
        class_name="dialog palette",
    )


def go_commands(items: Sequence[NavItem]) -> list[PaletteLine]:
    """The navigation as palette commands."""
    return [PaletteLine(title=f"Go to {item.label}", note="", icon=item.icon, href=item.href) for item in items]


def keys_sheet(items: Sequence[NavItem]) -> rx.Component:
    """Every key the page listens to."""
    go = tuple((item.label, ("g", item.shortcut)) for item in items if item.shortcut)
    groups = [
        rx.el.section(
            rx.el.h3(title),
            rx.el.dl(*[rx.el.div(rx.el.dt(text), rx.el.dd(kbd(*keys))) for text, keys in lines]),
        )
        for title, lines in (("Go to", go), *KEYS)
    ]
    return dialog("keys", "Keyboard", rx.el.div(*groups, class_name="keys-sheet"))


def _option(line: PaletteLine, *, fixed: bool = False) -> rx.Component:
    props = {"data_fixed": ""} if fixed else {}
    return link(
        icon(line.icon, size=16),
        rx.el.span(line.title, class_name="palette-title"),
        rx.el.span(line.note, class_name="palette-note"),
        href=line.href,
        role="option",
        aria_selected="false",
        tab_index=-1,
        class_name="palette-option",
        **props,
    )
