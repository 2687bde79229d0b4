"""The bar over the list while tasks are chosen."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import Choice, button, icon_button, some
from taskjuggler_app.web.pages.tasks.list_state import NOBODY, ListDeeds

S: Any = ListDeeds  # on the class, a State's attributes are vars and its methods are handlers
_STATUSES = (
    Choice("pending", "To do"),
    Choice("in_progress", "In progress"),
    Choice("completed", "Done"),
    Choice("cancelled", "Cancelled"),
)
_PRIORITIES = (Choice("urgent", "Urgent"), Choice("high", "High"), Choice("normal", "Normal"), Choice("low", "Low"))
_DATES = (
    Choice("today", "Today"),
    Choice("tomorrow", "Tomorrow"),
    Choice("week", "In a week"),
    Choice("none", "No date"),
)


def bulk_bar() -> rx.Component:
    """One change to all that are chosen."""
    tag = rx.el.form(
        rx.el.input(name="tag", placeholder="#tag", aria_label="Add a tag", max_length=40, class_name="input"),
        on_submit=S.bulk_tag,
        reset_on_submit=True,
    )
    bar = rx.el.div(
        rx.el.strong(S.chosen.length(), " chosen", role="status"),
        button("All shown", kind="ghost", small=True, on_click=S.tick_all, data_key="*"),
        button("Done", small=True, icon_name="check", on_click=S.bulk("status", "completed"), data_key="e"),
        _change("status", "Status", "s", _options(_STATUSES)),
        _change("doer", "Give to", "d", [rx.el.option("Nobody", value=NOBODY), _options_of(S.members)]),
        _change("priority", "Priority", "p", _options(_PRIORITIES)),
        _change("due_date", "Due", "t", _options(_DATES)),
        rx.cond(
            some(S.projects),
            _change("project_id", "Project", "", [rx.el.option("None", value=NOBODY), _options_of(S.projects)]),
        ),
        tag,
        icon_button("trash-2", "Into the bin", on_click=S.bulk("remove", ""), data_key="#"),
        icon_button("x", "Let them go", on_click=S.tick_none, data_key="Escape"),
        role="region",
        aria_label="Change the chosen tasks",
        class_name="bulk-bar",
    )
    return rx.cond(some(S.chosen), bar)


def _change(deed: str, label: str, key: str, options: list[rx.Component]) -> rx.Component:
    named: dict[str, Any] = {"data_key": key} if key else {}
    return rx.el.select(
        rx.el.option(label, value=""),
        *options,
        value="",
        aria_label=label,
        on_change=lambda value: S.bulk(deed, value),
        class_name="input select",
        **named,
    )


def _options(choices: tuple[Choice, ...]) -> list[rx.Component]:
    return [rx.el.option(choice.label, value=choice.value) for choice in choices]


def _options_of(choices: Any) -> Any:
    return rx.foreach(choices, lambda choice: rx.el.option(choice.label, value=choice.value))
