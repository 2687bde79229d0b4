"""The rule editor: a sentence made of selects, what follows, and what recent messages say to it."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.marketplace.vendors import CATEGORIES as WORK
from taskjuggler_app.models.tasks import Priority
from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    button,
    card,
    empty_state,
    field,
    form_error,
    link_button,
    notice,
    page_header,
    pick,
    segmented,
    select,
    skeleton_card,
    switch,
    text_input,
    textarea,
)
from taskjuggler_app.web.components.base import joined
from taskjuggler_app.web.components.forms import Control
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.rules.actions_form import OUTCOMES
from taskjuggler_app.web.pages.rules.conditions import condition_lines
from taskjuggler_app.web.pages.rules.editor_state import RuleState
from taskjuggler_app.web.pages.rules.preview import preview_card

S: Any = RuleState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
_PRIORITIES = tuple(Choice(priority.value, priority.value.capitalize()) for priority in Priority)
_WORK = (Choice("", "As the message says"), *(Choice(one, one.replace("_", " ").capitalize()) for one in WORK))
_VIEWS = (Choice("sentences", "Sentences", "list-checks"), Choice("json", "JSON", "code"))


def rule() -> rx.Component:
    """One rule."""
    title = pick(S.rule_id == "new", "New rule", "Change the rule")
    missing = empty_state(
        "search",
        "There is no such rule",
        "It may have been deleted.",
        action=link_button("All rules", href="/rules"),
    )
    view = segmented("view", _VIEWS, pick(S.as_json, "json", "sentences"), on_select=S.show_as, label="Shown as")
    form = rx.fragment(
        page_header(title, crumbs=(Crumb("Rules", "/rules"), Crumb("Rule")), actions=[view]),
        rx.cond(S.problem != "", notice("This rule is passed over: " + S.problem, tone="warning")),
        rx.el.div(_form(), preview_card(), class_name="columns rule-editor", on_unmount=S.leave),
    )
    return framed("rules", rx.cond(S.loaded, rx.cond(S.missing, missing, form), skeleton_card()))


def _form() -> rx.Component:
    tried = button("Try on the past", kind="secondary", icon_name="rotate-ccw", on_click=S.try_it)
    return rx.el.div(
        rx.cond(S.as_json, _json(), _sentences()),
        form_error(S.error),
        rx.el.div(
            link_button("Cancel", href="/rules", kind="ghost"),
            rx.cond(Frame.is_admin, rx.fragment(tried, button("Save rule", kind="primary", on_click=S.save))),
            class_name="form-actions rule-save",
        ),
        class_name="stack",
    )


def _json() -> rx.Component:
    return card(
        field(
            "The rule as JSON",
            textarea(
                "json", rows=24, spell_check=False, class_name="input code", **_typed("json", S.json_text, S.set_json)
            ),
            hint="Conditions and actions, as the API and the command `taskjuggler route` take them.",
        ),
    )


def _sentences() -> rx.Component:
    return rx.fragment(
        card(
            rx.el.div(
                field("Name", _line("name", S.name, S.set_name, max_length=100)),
                field(
                    "What it is for",
                    _line("note", S.note, S.set_note, max_length=500),
                    optional=True,
                ),
                class_name="stack",
            ),
        ),
        condition_lines(),
        _then(),
    )


def _line(name: str, value: Any, on_change: Any, **props: Any) -> Control:
    return text_input(name, **_typed(name, value, on_change), **props)


def _typed(name: str, value: Any, on_change: Any) -> dict[str, Any]:
    """An input that keeps what is typed in the browser, however fast; each visit to the page has inputs of its own."""
    return {"default_value": value, "on_change": on_change, "key": joined(f"{name}-", S.arrivals)}


def _then() -> rx.Component:
    inside = rx.el.div(
        segmented("outcome", OUTCOMES, S.outcome, on_select=_setter("outcome"), label="What becomes of the message"),
        rx.cond(S.outcome == "task", _task()),
        field(
            "Reply",
            textarea("reply", rows=3, max_length=1600, **_typed("reply", S.reply, _setter("reply"))),
            hint="Sent at once, on the channel that the message came by. Empty for no reply of this rule.",
            optional=True,
        ),
        field(
            "Put the sender on a list",
            select("list", S.lists, value=S.list_id, on_change=_setter("list_id")),
            optional=True,
        ),
        switch(
            "goes_on",
            "Then go on with the next rules",
            checked=S.goes_on,
            on_change=lambda on: S.set_flag("goes_on", on),
            hint="What this rule says first has the word; tags add up. Off: the search ends here.",
        ),
        class_name="stack",
    )
    return card(inside, title="Then")


def _task() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            field("Give it to", select("target", S.targets, value=S.target, on_change=_setter("target"))),
            field("Priority", select("priority", _PRIORITIES, value=S.priority, on_change=_setter("priority"))),
            class_name="form-row",
        ),
        rx.cond(S.target == "marketplace", _listing()),
        rx.cond(
            S.target.startswith("vendor:"),
            rx.el.p(
                "They get a link to the task. Should they take no work then, the channel's owner gets it, "
                "and the task says so.",
                class_name="muted",
            ),
        ),
        rx.el.div(
            field(
                "Due after, in hours",
                _line("due", S.due, _setter("due"), input_mode="numeric", max_length=5),
                optional=True,
            ),
            field(
                "Tags",
                _line("tags", S.tags, _setter("tags"), placeholder="repair, roof"),
                optional=True,
            ),
            class_name="form-row",
        ),
        field(
            "Title",
            _line("title", S.title, _setter("title"), max_length=500),
            hint="Empty: the message's own summary.",
            optional=True,
        ),
        switch("notify", "Tell who gets it", checked=S.notify, on_change=lambda on: S.set_flag("notify", on)),
        class_name="stack",
    )


def _listing() -> rx.Component:
    """What the rule says of the listing; all else comes from the task."""
    return rx.el.div(
        rx.el.div(
            field(
                "Kind of work", select("kind_of_work", _WORK, value=S.kind_of_work, on_change=_setter("kind_of_work"))
            ),
            field(
                "Budget at most",
                _line("most", S.most, _setter("most"), input_mode="decimal", max_length=12),
                optional=True,
            ),
            class_name="form-row",
        ),
        switch(
            "publishes",
            "Publish it at once",
            checked=S.publishes,
            on_change=lambda on: S.set_flag("publishes", on),
            hint="What the sender wrote is then for everybody to read. Off: it waits as a draft, and you are told.",
        ),
        class_name="stack",
    )


def _setter(part: str) -> Any:
    return lambda value: S.set_action(part, value)
