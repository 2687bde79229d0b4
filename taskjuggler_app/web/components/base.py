"""What every component is made of: the types of their arguments, links, native forms, words for a value."""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

import reflex as rx
from reflex_base.components.component import field as prop
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.react_router import link as router_link

Text: TypeAlias = str | rx.Var[str]
"""Words known at build time, or a state's var."""
Flag: TypeAlias = bool | rx.Var[bool]
Number: TypeAlias = int | rx.Var[int]
Handler: TypeAlias = Any
"""An event handler, an event with its arguments, or a list of them."""
Child: TypeAlias = rx.Component | rx.Var[Any] | str | None

_cond: Any = rx.cond  # its overloads speak of components only; it chooses between any two values


class NativeForm(BaseHTML):
    """A `<form>` that the browser itself sends; Reflex's own form element always prevents that."""

    tag = "form"
    action: rx.Var[str] = prop(doc="Where the browser sends the form")
    method: rx.Var[str] = prop(doc="get or post")
    no_validate: rx.Var[bool] = prop(doc="Leave validation to the server")
    enc_type: rx.Var[str] = prop(doc="multipart/form-data for a form with files")


class NativeLink(BaseHTML):
    """An `<a>` that the browser itself follows; Reflex turns its own into the router's, which moves no focus."""

    tag = "a"
    href: rx.Var[str] = prop(doc="Where it leads")
    target: rx.Var[str] = prop(doc="_blank for a new tab")
    rel: rx.Var[str] = prop(doc="What the other side is to us")
    download: rx.Var[str] = prop(doc="Kept as a file; the name, empty for the server's")


def native_form(*children: Child, action: str, method: str = "post", **props: Any) -> rx.Component:
    """A form that navigates: sign-in, sign-out, anything that sets a cookie."""
    return NativeForm.create(*children, action=action, method=method, **props)


def native_link(*children: Child, href: Text, **props: Any) -> rx.Component:
    """An `<a>` to what is no page of the app: a file, another site."""
    return NativeLink.create(*children, href=href, **props)


def link(*children: Child, href: Text, **props: Any) -> rx.Component:
    """An `<a>`: inside the app without a page load; a full address or a fragment as the browser does it."""
    if isinstance(href, str) and not href.startswith("/"):
        return NativeLink.create(*children, href=href, **props)
    return router_link(*children, to=href, **props)


def word(value: Text, words: Mapping[str, str], otherwise: str) -> Text:
    """The word for a value, for a plain string now or for a var in the browser."""
    if isinstance(value, str):
        return words.get(value, otherwise)
    matched: Any = rx.match(value, *words.items(), otherwise)
    return cast("rx.Var[str]", matched.to(str))


def when(flag: Flag, yes: str, no: str = "") -> Text:
    """`yes` or `no`, decided now for a bool and in the browser for a var."""
    if isinstance(flag, bool):
        return yes if flag else no
    return cast("rx.Var[str]", _cond(flag, yes, no).to(str))


def pick(flag: Flag, yes: Text, no: Text = "") -> Text:
    """As `when`, for texts that may be vars themselves."""
    if isinstance(flag, bool):
        return yes if flag else no
    return cast("rx.Var[str]", _cond(flag, yes, no).to(str))


def some(rows: Any) -> Flag:
    """Whether a list has anything in it, now or in the browser."""
    return cast("rx.Var[bool]", rows.to(list).length() > 0) if isinstance(rows, rx.Var) else bool(rows)


def either(one: Flag, other: Flag) -> Flag:
    """True when at least one is, now or in the browser."""
    if isinstance(one, bool):
        return True if one else other
    if isinstance(other, bool):
        return True if other else one
    return cast("rx.Var[bool]", _cond(one, True, other))


def joined(*parts: Text) -> Text:
    """The parts one after the other, now or in the browser."""
    whole: Any = ""
    for part in parts:
        whole = whole + (part if isinstance(part, str) else part.to(str))
    return cast("Text", whole)


def same(value: Text, other: Text) -> Flag:
    """Whether two texts are equal, now or in the browser."""
    equal: Flag = value == other
    return equal


def classes(*names: Text) -> Any:
    """The value of a class attribute; empty names are dropped."""
    kept = [name for name in names if not (isinstance(name, str) and not name)]
    if all(isinstance(name, str) for name in kept):
        return " ".join(str(name) for name in kept)
    return kept


def hidden_text(*children: Child) -> rx.Component:
    """Read aloud, not shown."""
    return rx.el.span(*children, class_name="sr-only")
