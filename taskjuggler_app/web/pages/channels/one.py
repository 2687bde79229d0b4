"""One channel's page: address and words, automatic answer and hours, how to connect it, a test."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    badge,
    button,
    card,
    checkbox,
    copy_button,
    empty_state,
    field,
    form_actions,
    form_error,
    hidden_text,
    link_button,
    notice,
    page_header,
    pick,
    select,
    skeleton_card,
    some,
    text_input,
    textarea,
    time_ago,
)
from taskjuggler_app.web.components.base import Text, native_link
from taskjuggler_app.web.pages.channels.answer import answer, keyed
from taskjuggler_app.web.pages.channels.state import ChannelState
from taskjuggler_app.web.pages.channels.view import KINDS
from taskjuggler_app.web.pages.frame.view import framed

S: Any = ChannelState  # on the class, a State's attributes are vars and its methods are handlers
_CRUMBS = (Crumb("Channels", "/channels"), Crumb("Channel"))
_CLOSED = (Choice("reopen", "Open that task again"), Choice("new", "Make a new task"))


def channel() -> rx.Component:
    """A channel, or the form of a new one."""
    missing = empty_state(
        "search",
        "There is no such channel",
        "It may belong to another workspace.",
        action=link_button("All channels", href="/channels"),
    )
    return framed("channels", rx.cond(S.loaded, rx.cond(S.missing, missing, _content()), rx.el.div(skeleton_card())))


def _content() -> rx.Component:
    title: Any = rx.match(S.kind, *[(kind, f"Connect: {label}") for kind, label, _, _ in KINDS], "Connect")
    pause = button(pick(S.channel.is_active, "Pause", "Resume"), on_click=S.set_active(~S.channel.is_active))
    state = rx.cond(S.channel.is_active, badge("Active", tone="success"), badge("Paused", tone="neutral"))
    return rx.fragment(
        page_header(
            pick(S.is_new, title.to(str), S.channel.name),
            note=rx.cond(S.is_new, rx.el.span("Its address and its words come first."), state),
            crumbs=_CRUMBS,
            actions=[rx.fragment(rx.cond(S.is_new, rx.fragment(), pause))],
        ),
        rx.el.div(
            rx.el.div(_words(), rx.cond(S.is_new, rx.fragment(), answer()), class_name="stack"),
            rx.el.div(rx.cond(S.is_new, rx.fragment(), rx.fragment(_connect(), _test())), class_name="stack"),
            class_name="columns",
        ),
    )


def _error_of(name: str) -> Text:
    return pick(S.error_field == name, S.error)


def _of(*kinds: str, shown: rx.Component) -> rx.Component:
    """Only for these kinds of channel."""
    fits: Any = S.kind == kinds[0]
    for kind in kinds[1:]:
        fits = fits | (S.kind == kind)
    return rx.cond(fits, shown)


def _words() -> rx.Component:
    number = text_input("phone_number", kind="tel", **keyed("n", S.channel.phone_number, placeholder="+1 207 555 0100"))
    address = text_input("email_address", **keyed("m", S.channel.email_address, placeholder="desk"))
    slug = text_input("slug", **keyed("s", S.channel.slug, placeholder="harbor-property-care"))
    origins = text_input("origins", **keyed("o", S.channel.origins, placeholder="https://example.com"))
    return card(
        rx.el.form(
            form_error(pick((S.error_field == "") | (S.error_field == "kind"), S.error)),
            field(
                "Name",
                text_input("name", **keyed("name", S.channel.name, required=True, max_length=50)),
                hint="How your team calls it.",
                error=_error_of("name"),
            ),
            _of("sms", "phone", shown=field("Phone number", number, error=_error_of("phone_number"))),
            _of(
                "email",
                shown=field("Address", address, hint="The part before @" + S.domain.to(str), error=_error_of("email")),
            ),
            _of("web", shown=_greeting()),
            _of("web", shown=field("Address of the form", slug, hint="After /ask/", error=_error_of("slug"))),
            _of(
                "web",
                shown=field(
                    "Sites that may show it",
                    origins,
                    hint="Addresses, separated by blanks.",
                    error=_error_of("frame_ancestors"),
                    optional=True,
                ),
            ),
            _of("sms", "phone", shown=_region()),
            _of("phone", shown=_call()),
            field(
                "A reply to a finished task",
                select("closed_reply", _CLOSED, **keyed("c", S.channel.closed_reply)),
                hint="What happens when somebody answers after the work was done.",
            ),
            form_actions(button(pick(S.is_new, "Connect", "Save"), kind="primary", submit=True)),
            on_submit=S.save,
            class_name="form",
        ),
        title="Address and words",
    )


def _greeting() -> rx.Component:
    return field(
        "Words above the form",
        textarea("greeting", rows=2, **keyed("gw", S.channel.greeting, max_length=600)),
        hint="Empty: tell us what you need, and we will get back to you.",
        error=_error_of("greeting"),
        optional=True,
    )


def _region() -> rx.Component:
    return field(
        "Country",
        text_input("region", **keyed("r", S.channel.region, max_length=2, required=True)),
        hint="Numbers written without a country code are read as from here: US, DE, …",
        error=_error_of("region"),
    )


def _call() -> rx.Component:
    seconds = text_input("ring_seconds", kind="number", **keyed("rs", S.channel.ring_seconds, min=5, max=60))
    missed = checkbox(
        "texts_missed_callers",
        "Text back who hangs up without a word",
        hint="Once a call, and never to who asked for no texts.",
        default_checked=S.channel.texts_missed_callers,
        key="missed-" + S.channel.id.to(str),
    )
    return rx.fragment(
        field(
            "Greeting",
            textarea("greeting", rows=2, **keyed("g", S.channel.greeting, max_length=600)),
            hint="Spoken when the call is answered. Empty: thanks for calling, and your workspace's name.",
            error=_error_of("greeting"),
            optional=True,
        ),
        field(
            "Before the recording",
            textarea("voicemail", rows=2, **keyed("v", S.channel.voicemail, max_length=600)),
            hint="Spoken when nothing was understood twice. The notice that it is recorded follows by itself.",
            error=_error_of("voicemail"),
            optional=True,
        ),
        field(
            "Ring first",
            text_input("ring_to", kind="tel", **keyed("rt", S.channel.ring_to, placeholder="+1 207 555 0177")),
            hint="Your own number: it rings before the receptionist answers.",
            error=_error_of("ring_to"),
            optional=True,
        ),
        field("For how many seconds", seconds),
        missed,
    )


def _connect() -> rx.Component:
    def hook(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(one.where), rx.el.p(rx.el.code(one.address), copy_button(one.address), class_name="copy-line")
        )

    secret = notice(
        "The address for mails is secret: whoever runs this installation has it, and pastes it once for everybody.",
        icon_name="lock",
    )
    return rx.cond(
        some(S.hooks),
        card(
            rx.el.ol(rx.foreach(S.hooks, hook), class_name="channel-hooks"),
            rx.cond(S.hides_secret, secret),
            _of(
                "web",
                shown=native_link(
                    "Open the form",
                    hidden_text(" (new tab)"),
                    href="/ask/" + S.channel.slug.to(str),
                    target="_blank",
                    class_name="btn btn-secondary",
                ),
            ),
            _of("api", shown=link_button("API keys", href="/settings/keys", icon_name="key")),
            title="Connect it",
            note="Paste these exactly as they are.",
        ),
    )


def _test() -> rx.Component:
    result = rx.el.p(
        rx.cond(S.channel.test_ok, badge("Works", tone="success"), badge("Does not work yet", tone="warning")),
        " ",
        S.channel.test_said,
        " ",
        time_ago(S.channel.tested_at, S.channel.tested_at),
    )
    return _of(
        "sms",
        "phone",
        "email",
        shown=card(
            rx.el.p("Sends what the vendor would send, signed, through your public address.", class_name="muted"),
            rx.el.div(rx.cond(S.channel.tested_at != "", result), aria_live="polite"),
            button("Test it", icon_name="play", loading=S.testing, on_click=S.test),
            title="Does it work?",
            class_name="channel-test",
        ),
    )
