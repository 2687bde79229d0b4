"""Choosing among a few: tabs, links as tabs, a segmented control, the theme."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from taskjuggler_app.web.components.base import Handler, Text, joined, link, same, when
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.components.shapes import Choice


def tabs(choices: Sequence[Choice], active: Text, *, on_select: Handler, panel_id: str, label: str) -> rx.Component:
    """Tabs over one panel (WAI-ARIA tabs pattern). on_select gets the value; the panel is `tab_panel`."""

    def draw(choice: Choice) -> rx.Component:
        chosen = same(active, choice.value)
        return rx.el.button(
            icon(choice.icon, size=16) if choice.icon else None,
            choice.label,
            type="button",
            role="tab",
            id=f"{panel_id}-{choice.value}",
            aria_selected=when(chosen, "true", "false"),
            aria_controls=panel_id,
            custom_attrs={"tabIndex": when(chosen, "0", "-1")},
            on_click=on_select(choice.value),
            class_name="tab",
        )

    return rx.el.div(*[draw(c) for c in choices], role="tablist", aria_label=label, class_name="tabs", data_tabs="")


def tab_panel(*children: Any, panel_id: str, active: Text) -> rx.Component:
    """What the tabs of the same panel_id show."""
    return rx.el.div(
        *children,
        id=panel_id,
        role="tabpanel",
        tab_index=0,
        aria_labelledby=joined(f"{panel_id}-", active),
        class_name="panel",
    )


def tab_links(choices: Sequence[Choice], active: str, *, label: str) -> rx.Component:
    """Pages of one place (settings: profile, security, devices) as links that look like tabs."""
    items = [
        link(
            icon(choice.icon, size=16) if choice.icon else None,
            choice.label,
            href=choice.href,
            aria_current="page" if choice.value == active else "false",
            class_name="tab",
        )
        for choice in choices
    ]
    return rx.el.nav(*items, aria_label=label, class_name="tabs", data_shows="[aria-current=page]")


def segmented(name: str, choices: Sequence[Choice], active: Text, *, on_select: Handler, label: str) -> rx.Component:
    """A few exclusive choices in a row (radio buttons for readers). on_select gets the value."""
    items = [
        rx.el.label(
            rx.el.input(
                type="radio",
                name=name,
                value=choice.value,
                checked=same(active, choice.value),
                on_change=on_select(choice.value),
                class_name="sr-only",
            ),
            rx.el.span(icon(choice.icon, size=16) if choice.icon else None, choice.label, _count(choice.count)),
        )
        for choice in choices
    ]
    return rx.el.fieldset(rx.el.legend(label, class_name="sr-only"), *items, class_name="segmented")


def theme_control() -> rx.Component:
    """Light, dark or as the system is; kept in this browser only."""
    choices = (("light", "Light", "sun"), ("dark", "Dark", "moon"), ("system", "System", "monitor"))
    return rx.el.div(
        *[
            rx.el.button(
                icon(sign, size=16),
                rx.el.span(text),
                type="button",
                data_theme_choice=value,
                aria_pressed="false",
                class_name="theme-choice",
            )
            for value, text, sign in choices
        ],
        role="group",
        aria_label="Theme",
        class_name="theme-control",
    )


def _count(number: int) -> rx.Component | None:
    return rx.el.span(str(number), class_name="segment-count") if number else None
