"""The language model of the workspace."""

from typing import Any

import reflex as rx

from taskjuggler_app.domain.receptionist import assistant
from taskjuggler_app.web.components import (
    Choice,
    button,
    card,
    facts,
    field,
    form_error,
    notice,
    password_input,
    pick,
    same,
    select,
    skeleton_card,
    switch,
    text_input,
)
from taskjuggler_app.web.components.base import Text
from taskjuggler_app.web.pages.frame.state import FrameState
from taskjuggler_app.web.pages.settings.ai_state import AIState
from taskjuggler_app.web.pages.settings.tabs import settings_page

S: Any = AIState  # on the class, a State's attributes are vars and its methods are handlers
Frame: Any = FrameState
_PROVIDERS = tuple(Choice(name, label) for name, (label, _) in assistant.PROVIDERS.items())
_PROMISE = (
    "Messages are read by rules of ours in any case. A language model can add facts and a better summary. "
    "It never decides who does the work or how urgent it is, and when it fails, the rules' reading stands."
)


def ai() -> rx.Component:
    """How the model is reached, what it may cost, and whether it works."""
    others = notice("Only an admin of the workspace can set this up.", tone="info", icon_name="lock")
    inside = rx.cond(Frame.is_admin, rx.fragment(_form(), _today()), others)
    return settings_page("ai", rx.cond(S.loaded, inside, skeleton_card()))


def _error_of(name: str) -> Text:
    return pick(same(S.error_field, name), S.error)


def _form() -> rx.Component:
    address = text_input("base_url", kind="url", default_value=S.address, key="address-" + S.address, max_length=500)
    model = text_input("model", default_value=S.view.model, key="model-" + S.view.model, max_length=100)
    budget = text_input(
        "daily_budget", kind="number", default_value=S.view.daily_budget.to(str), min="0", required=True
    )
    hint = pick(S.view.has_key, "A key is stored, encrypted. Leave this empty to keep it.", "It is stored encrypted.")
    return card(
        rx.el.p(_PROMISE, class_name="muted"),
        rx.el.form(
            form_error(pick(S.error_field == "", S.error)),
            switch("is_on", "Read messages with a language model", default_checked=S.view.is_on),
            field(
                "Provider",
                select("provider", _PROVIDERS, value=S.provider, on_change=S.choose),
                error=_error_of("provider"),
            ),
            field("Address", address, hint="Any server that speaks OpenAI's protocol.", error=_error_of("base_url")),
            field("Model", model, hint="As the provider writes it.", error=_error_of("model")),
            field("Key", password_input("key", new=True), hint=hint, error=_error_of("key"), optional=True),
            field(
                "Messages a day, at most",
                budget,
                hint="After that the rules read alone.",
                error=_error_of("daily_budget"),
            ),
            rx.el.div(
                button("Save", kind="primary", submit=True),
                button("Test", kind="secondary", on_click=S.test),
                class_name="form-actions",
            ),
            rx.el.div(
                rx.cond(
                    S.result != "",
                    rx.cond(
                        S.result_good,
                        notice(S.result, tone="success", icon_name="circle-check"),
                        notice(S.result, tone="danger", icon_name="circle-alert"),
                    ),
                ),
                role="status",
            ),
            on_submit=S.save,
            class_name="form",
        ),
        title="AI",
    )


def _today() -> rx.Component:
    used = S.view.used_today.to(str) + " of " + S.view.daily_budget.to(str)
    failed = S.view.failed_today.to(str)
    last = rx.cond(S.view.last_failure != "", rx.el.p("Last: ", S.view.last_failure, class_name="muted"))
    return card(facts(("Messages sent", used), ("Of these failed", failed)), last, title="Today")
