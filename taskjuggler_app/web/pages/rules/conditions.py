"""The "when" half of the rule editor: a line for each condition, groups as indented lines."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.routing import saying
from taskjuggler_app.web.components import Choice, button, card, icon_button, pick, segmented, some, when
from taskjuggler_app.web.components.base import classes, joined
from taskjuggler_app.web.pages.rules import vocabulary
from taskjuggler_app.web.pages.rules.editor_state import RuleState

S: Any = RuleState  # on the class, a State's attributes are vars and its methods are handlers
_MATCH = (Choice("all", "All of these"), Choice("any", "Any of these"))
_GROUPS = (
    Choice("all", "all of these hold"),
    Choice("any", "any of these holds"),
    Choice("not", "not all of these hold"),
)


def condition_lines() -> rx.Component:
    """The conditions, with what adds to them."""
    return card(
        segmented("match", _MATCH, S.match_type, on_select=S.set_match_type, label="How the conditions combine"),
        rx.el.ol(rx.foreach(S.rows, _line), class_name="when-lines", aria_label="Conditions"),
        rx.cond(some(S.rows), rx.fragment(), rx.el.p("A rule needs at least one condition.", class_name="muted")),
        rx.el.div(
            button("Condition", kind="secondary", small=True, icon_name="plus", on_click=S.add("", False)),
            button("Group", kind="ghost", small=True, icon_name="layers", on_click=S.add("", True)),
            class_name="when-add",
        ),
        _senders(),
        title="When",
        note="Capitals do not matter. Times are on the workspace's clock.",
    )


def _line(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.joint, class_name="when-joint"),
        rx.cond(row.is_group, _group(row), _condition(row)),
        rx.cond(row.error != "", rx.el.p(row.error, class_name="field-error when-error", role="alert")),
        key=row.id,
        data_moves="",
        class_name=classes(
            "when-line",
            joined("depth-", row.depth.to(str)),
            when(row.is_group, "is-group"),
            when(row.error != "", "is-wrong"),
        ),
    )


def _group(row: Any) -> rx.Component:
    return rx.el.div(
        _select(row, "match_type", [_option(one) for one in _GROUPS], row.match_type, "How the group combines"),
        button("Condition", kind="ghost", small=True, icon_name="plus", on_click=S.add(row.id, False)),
        button("Group", kind="ghost", small=True, icon_name="layers", on_click=S.add(row.id, True)),
        _tools(row, "Remove this group"),
        class_name="when-parts",
    )


def _condition(row: Any) -> rx.Component:
    topics = [
        rx.el.optgroup(*[rx.el.option(saying.field(name), value=name) for name in names], label=topic)
        for topic, names in vocabulary.TOPICS
    ]
    own = rx.el.option("a field of our own…", value=vocabulary.CUSTOM)
    shown = pick(row.field.startswith("custom."), vocabulary.CUSTOM, row.field)
    operators = rx.foreach(S.comparisons[row.kind], _option)
    return rx.el.div(
        _select(row, "field", [*topics, own], shown, "Field", "when-field"),
        rx.cond(
            row.field.startswith("custom."),
            _text(row, "custom", row.custom, "Name of the field", placeholder="name", max_length=90),
        ),
        _select(row, "operator", [operators], row.operator, "Comparison", "when-operator"),
        rx.el.div(_value(row), class_name="when-value"),
        _tools(row, "Remove this condition"),
        class_name="when-parts",
    )


def _tools(row: Any, remove: str) -> rx.Component:
    """To another place among its likes (Alt with an arrow does the same), and away."""

    def moving(name: str, label: str, step: int, key: str) -> rx.Component:
        return icon_button(name, label, on_click=S.shift(row.id, step), data_move=key, class_name="when-move")

    return rx.el.div(
        moving("arrow-up", "Move up", -1, "ArrowUp"),
        moving("arrow-down", "Move down", 1, "ArrowDown"),
        icon_button("trash-2", remove, on_click=S.remove(row.id)),
        class_name="when-tools",
    )


def _value(row: Any) -> Any:
    """The input that fits the field and the comparison."""
    choices = S.choices[row.pick]

    def picked(part: str, value: Any, label: str) -> rx.Component:
        options = [rx.el.option("choose…", value=""), rx.foreach(choices, _option)]
        return _select(row, part, options, value, label)

    def span(kind: str) -> rx.Component:
        return rx.fragment(
            _text(row, "value", row.value, "From", type=kind),
            rx.el.span("and"),
            _text(row, "until", row.until, "To", type=kind),
        )

    text = rx.cond(
        row.field == "from",
        _text(row, "value", row.value, "Value", list="senders"),
        _text(row, "value", row.value, "Value", max_length=500),
    )
    lines = rx.el.textarea(
        default_value=row.value,
        key=_key("lines", row),
        on_change=lambda value: S.set_row(row.id, "value", value),
        rows="2",
        placeholder="one a line",
        id=joined("value-", row.id),
        aria_label="Values, one a line",
        class_name="input textarea",
    )
    return rx.match(
        row.input,
        ("nothing", rx.fragment()),
        ("one", picked("value", row.value, "Value")),
        ("some", rx.el.div(rx.foreach(choices, lambda one: _tick(row, one)), role="group", aria_label="Values")),
        ("number", _text(row, "value", row.value, "Value", input_mode="decimal")),
        ("date", _text(row, "value", row.value, "Day", type="date")),
        ("time", _text(row, "value", row.value, "Time", type="time")),
        ("lines", lines),
        ("numbers", span("text")),
        ("texts", span("text")),
        ("dates", span("date")),
        ("times", span("time")),
        (
            "picks",
            rx.fragment(picked("value", row.value, "From"), rx.el.span("and"), picked("until", row.until, "To")),
        ),
        text,
    )


def _tick(row: Any, one: Choice) -> rx.Component:
    picked: Any = row.picked
    return rx.el.button(
        one.label,
        type="button",
        aria_pressed=when(picked.contains(one.value), "true", "false"),
        on_click=S.toggle(row.id, one.value),
        class_name="tick",
    )


def _select(row: Any, part: str, options: list[Any], value: Any, label: str, class_name: str = "") -> rx.Component:
    return rx.el.select(
        *options,
        value=value,
        on_change=lambda chosen: S.set_row(row.id, part, chosen),
        id=joined(f"{part}-", row.id),
        aria_label=label,
        class_name=f"input select {class_name}",
    )


def _text(row: Any, part: str, value: Any, label: str, **props: Any) -> rx.Component:
    return rx.el.input(
        default_value=value,
        key=_key(part, row),
        on_change=lambda entered: S.set_row(row.id, part, entered),
        id=joined(f"{part}-", row.id),
        aria_label=label,
        class_name="input",
        auto_complete="off",
        **props,
    )


def _key(part: str, row: Any) -> Any:
    """What is typed is the browser's own; an input of another visit, line or kind is another input."""
    return joined(f"{part}-", S.arrivals, "-", row.id, "-", row.input, "-", row.pick)


def _option(one: Choice) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _senders() -> rx.Component:
    """Who wrote lately, for the field that asks for a sender."""
    return rx.el.datalist(rx.foreach(S.senders, _option), id="senders")
