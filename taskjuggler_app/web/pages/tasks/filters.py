"""What narrows tasks, in the list and on the board."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import Choice
from taskjuggler_app.web.components.base import when

SCOPES = (
    Choice("all", "Everybody's"),
    Choice("mine", "Mine"),
    Choice("asked", "I asked for"),
    Choice("unassigned", "Nobody's yet"),
)
SORTS = (Choice("newest", "Newest first"), Choice("due", "Soonest due first"))
PRIORITIES = (
    Choice("", "Any priority"),
    *(
        Choice(value, word)
        for value, word in (("urgent", "Urgent"), ("high", "High"), ("normal", "Normal"), ("low", "Low"))
    ),
)
DUE = (
    Choice("", "Any date"),
    Choice("overdue", "Overdue"),
    Choice("today", "Due today"),
    Choice("week", "Due within a week"),
    Choice("none", "No date"),
)
GROUPS = (
    Choice("", "No groups"),
    Choice("status", "By status"),
    Choice("priority", "By priority"),
    Choice("doer", "By person"),
    Choice("due", "By due date"),
)


def chooser(state: Any, name: str, label: str, choices: Any, any_: str = "") -> rx.Component:
    """A select in the toolbar of a state with `wanted` and `choose`, named for readers; marked while it narrows."""
    first = [rx.el.option(any_, value="")] if any_ else []
    if isinstance(choices, rx.Var):
        options, usual = [*first, rx.foreach(choices, lambda one: rx.el.option(one.label, value=one.value))], ""
    else:
        options, usual = [rx.el.option(one.label, value=one.value) for one in choices], choices[0].value
    return rx.el.select(
        *options,
        name=name,
        aria_label=label,
        value=state.wanted[name],
        on_change=lambda value: state.choose(name, value),
        class_name=when(state.wanted[name] != usual, "input select is-set", "input select"),
    )
