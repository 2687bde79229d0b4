"""The flight simulator's page: a storm over the demo workspace, and what came of it."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Crumb,
    badge,
    button,
    card,
    empty_state,
    field,
    form_actions,
    link_button,
    notice,
    page_header,
    skeleton_card,
    some,
    text_input,
    time_ago,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.simulator.state import SimulatorState

S: Any = SimulatorState  # on the class, a State's attributes are vars and its methods are handlers


def simulator() -> rx.Component:
    """A storm on order."""
    away = empty_state(
        "zap",
        "Not here",
        "The simulator flies only where PUBLIC_URL is this machine: it would fill a real inbox.",
        action=link_button("Channels", href="/channels"),
    )
    return framed(
        "channels",
        page_header(
            "Flight simulator",
            note="A storm of callers, texts and mails through the real webhooks, with real signatures.",
            crumbs=(Crumb("Channels", "/channels"), Crumb("Flight simulator")),
        ),
        rx.cond(S.loaded, rx.cond(S.possible, _content(), away), skeleton_card()),
    )


def _content() -> rx.Component:
    form = rx.el.form(
        field(
            "Events",
            text_input("events", kind="number", default_value="200", min=10, max=1000, required=True),
            hint="A fifth of them is delivered twice, as carriers do.",
        ),
        form_actions(button("Let it loose", kind="primary", icon_name="zap", submit=True, loading=S.state == "flying")),
        on_submit=S.fly,
        class_name="form",
    )
    what = (
        "Callers, bursts of one sender, spam and bounces.",
        "Robots that answer every reply of ours: nothing may go round in a circle.",
        "Words that give orders to machines: nothing may obey them.",
        "Broken texts and broken mails: nothing may be lost.",
    )
    return rx.el.div(
        rx.el.div(card(form, title="The next storm"), _report(), class_name="stack"),
        rx.el.div(card(rx.el.ul(*[rx.el.li(one) for one in what]), title="What is in it"), class_name="stack"),
        class_name="columns",
    )


def _report() -> rx.Component:
    def figure(pair: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(pair[0]), rx.el.dd(pair[1]))

    verdict = rx.cond(S.clean, badge("All well", tone="success"), badge("Look at this", tone="danger"))
    landed = card(
        rx.el.p(verdict, " ", S.note, " ", time_ago(S.at, S.at)),
        rx.el.dl(rx.foreach(S.figures, figure), class_name="facts flight-figures"),
        link_button("Look at the inbox", href="/inbox", icon_name="inbox"),
        title="The last storm",
        class_name="channel-test",
    )
    flying = notice("It is in the air. The inbox, the tasks and the bell fill while you watch.", icon_name="zap")
    return rx.el.div(
        rx.cond(S.state == "flying", flying),
        rx.cond(S.state == "failed", notice(S.note, tone="danger", icon_name="circle-alert")),
        rx.cond(some(S.figures), landed),
        aria_live="polite",
        class_name="stack",
    )
