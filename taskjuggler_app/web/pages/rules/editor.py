"""The rule editor: sentences made of selects."""

from typing import Any

import reflex as rx

from taskjuggler_app.models.tasks import Priority
from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    button,
    card,
    field,
    form_error,
    icon_button,
    link_button,
    page_header,
    pick,
    segmented,
    select,
    skeleton_card,
    text_input,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.draft import FIELDS, OPERATORS
from taskjuggler_app.web.pages.rules.state import RuleState

S: Any = RuleState  # on the class, a State's attributes are vars and its methods are handlers
_MATCH = (Choice("all", "All of these"), Choice("any", "Any of these"))
_PRIORITIES = tuple(Choice(priority.value, priority.value.capitalize()) for priority in Priority)


def rule() -> rx.Component:
    """One rule."""
    title = pick(S.rule_id == "new", "New rule", "Change the rule")
    return framed(
        "rules",
        page_header(title, crumbs=(Crumb("Rules", "/rules"), Crumb("Rule"))),
        rx.cond(S.loaded, _form(), skeleton_card()),
    )


def _form() -> rx.Component:
    return rx.el.div(
        form_error(S.error),
        card(
            field("Name", text_input("name", value=S.name, on_change=S.set_name, max_length=100)),
        ),
        card(
            rx.el.div(
                segmented(
                    "match", _MATCH, S.match_type, on_select=S.set_match_type, label="How the conditions combine"
                ),
                rx.el.div(rx.foreach(S.conditions, _condition), class_name="stack"),
                rx.el.div(
                    button("Add a condition", kind="secondary", small=True, icon_name="plus", on_click=S.add_condition)
                ),
                class_name="stack",
            ),
            title="When",
            note="Text is compared without regard to upper and lower case. Separate several values with commas.",
        ),
        card(
            rx.el.div(
                field("Give the task to", select("member", S.members, value=S.member_id, on_change=S.set_member)),
                field("With priority", select("priority", _PRIORITIES, value=S.priority, on_change=S.set_priority)),
                class_name="form-row",
            ),
            field(
                "Tags",
                text_input("tags", value=S.tags, on_change=S.set_tags),
                hint="Separate with commas.",
                optional=True,
            ),
            title="Then",
        ),
        rx.el.div(
            link_button("Cancel", href="/rules", kind="ghost"),
            button("Save rule", kind="primary", on_click=S.save),
            class_name="form-actions",
        ),
        class_name="stack",
    )


def _condition(one: Any) -> rx.Component:
    def changed(part: str) -> Any:
        return lambda value: S.set_condition(one.id, part, value)

    return rx.el.div(
        field("Field", select("field", FIELDS, id_="field-" + one.id, value=one.field, on_change=changed("field"))),
        field(
            "Comparison",
            select("operator", OPERATORS, id_="operator-" + one.id, value=one.operator, on_change=changed("operator")),
        ),
        field(
            "Value",
            text_input("value", id_="value-" + one.id, value=one.value, on_change=changed("value"), max_length=500),
        ),
        icon_button("trash-2", "Remove this condition", on_click=S.remove_condition(one.id)),
        key=one.id,
        class_name="condition-form",
    )
