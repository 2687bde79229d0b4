"""The network drawn: boxes that lead to the actors, lines between them, and what the lines mean."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import card, icon, link
from taskjuggler_app.web.components.base import classes, joined, when, word
from taskjuggler_app.web.pages.network.drawing import HIGH, LOW
from taskjuggler_app.web.pages.network.state import NetworkState
from taskjuggler_app.web.pages.network.tabs import ICONS, RELATIONS

N: Any = NetworkState  # on the class, a State's attributes are vars and its methods are handlers
_LEVELS = (("low", f"below {LOW}"), ("fair", f"{LOW} to {HIGH - 1}"), ("high", f"{HIGH} and more"))


def picture() -> rx.Component:
    """The picture for the room there is. The list below it says the same in words."""
    more = rx.el.p(N.wide.hidden, " more are in the list only.", class_name="muted")
    return card(
        _drawn(N.wide, "network-wide"),
        _drawn(N.narrow, "network-narrow"),
        rx.cond(N.wide.hidden > 0, more),
        _legend(),
        title="Who knows whom",
        note="Choose an actor to see it whole.",
    )


def _drawn(one: Any, name: str) -> rx.Component:
    view = joined(one.left, " 0 ", one.width, " ", one.height)
    return rx.el.svg(
        rx.foreach(one.lines, _line),
        rx.foreach(one.boxes, _box),
        view_box=view,
        class_name=classes("network-picture", name),
        role="group",
        aria_label="The network as a picture",
    )


def _line(one: Any) -> rx.Component:
    shape = classes("tie", joined("tie-", one.kind), joined("trust-", one.trust), when(one.over, "is-over"))
    return rx.el.svg.path(rx.el.svg.title(one.title), d=one.path, class_name=shape, key=one.key)


def _box(one: Any) -> rx.Component:
    drawn = rx.el.svg.g(
        rx.el.svg.title(one.title),
        rx.el.svg.rect(width=one.width, height="34", rx="9"),
        rx.el.svg.g(icon(word(one.kind, ICONS, "user"), size=16), transform="translate(11,9)"),
        rx.el.svg.text(one.name, x="35", y="22"),
        rx.el.svg.text(one.note, x=one.width - 12, y="22", class_name="box-note"),
        transform=joined("translate(", one.x, ",", one.y, ")"),
    )
    return link(
        drawn,
        href=one.href,
        class_name=classes("actor-box", joined("box-", one.kind), joined("is-", one.status)),
        key=one.key,
    )


def _legend() -> rx.Component:
    ties = [_swatch(classes("tie", f"tie-{kind}"), name) for kind, name in (*RELATIONS.items(), ("gateway", "Gateway"))]
    trust = [_swatch(classes("tie", f"trust-{level}"), f"Trust {words}") for level, words in _LEVELS]
    return rx.el.ul(*ties, *trust, class_name="network-legend", aria_label="What the lines mean")


def _swatch(shape: Any, name: str) -> rx.Component:
    line = rx.el.svg.path(d="M1,5 H31", class_name=shape)
    return rx.el.li(rx.el.svg(line, view_box="0 0 32 10", width="32", height="10", aria_hidden="true"), name)
