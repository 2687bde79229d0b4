"""Pieces that several pages of the marketplace share."""

from typing import Any

import reflex as rx

from taskjuggler_app.core.money import CURRENCIES
from taskjuggler_app.domain.marketplace.vendors import CATEGORIES
from taskjuggler_app.web.components import (
    Choice,
    Crumb,
    avatar,
    badge,
    button,
    dialog,
    field,
    hidden_text,
    link,
    textarea,
)
from taskjuggler_app.web.components.base import Child, Handler, Text
from taskjuggler_app.web.components.chips import CATEGORIES as CATEGORY_WORDS
from taskjuggler_app.web.components.icons import icon

CATEGORY_CHOICES = tuple(Choice(one, CATEGORY_WORDS[one]) for one in CATEGORIES)
CURRENCY_CHOICES = tuple(Choice(one, one) for one in CURRENCIES)
CRUMB = Crumb("Marketplace", "/marketplace")
_STATUS_TONES: Any = {"open": "success", "assigned": "info", "completed": "neutral", "cancelled": "warning"}
_STATUS_WORDS: Any = {"open": "Open", "assigned": "Awarded", "completed": "Finished", "cancelled": "Closed"}
_MONEY_WORDS: Any = {
    "pending": "Not paid yet",
    "processing": "Held",
    "completed": "Paid out",
    "failed": "Not paid",
    "refunded": "Refunded",
}
_MONEY_TONES: Any = {
    "pending": "warning",
    "processing": "info",
    "completed": "success",
    "failed": "neutral",
    "refunded": "neutral",
}
_KINDS: Any = {"human": "Person", "ai": "AI tool", "hybrid": "Person with AI"}


def worded(value: Any, words: Any) -> Any:
    """The word for a var's value."""
    return rx.match(value, *words.items(), "")


def listing_badge(status: Any) -> rx.Component:
    """Where a listing stands."""
    return badge(worded(status, _STATUS_WORDS), tone=worded(status, _STATUS_TONES))


def money_badge(status: Any) -> rx.Component:
    """Where a payment stands."""
    return badge(worded(status, _MONEY_WORDS), tone=worded(status, _MONEY_TONES))


def vendor_name(name: Any, vendor_id: Any, verified: Any, kind: Any) -> rx.Component:
    """A vendor's name, which leads to the profile, with the marks behind it."""
    mark = badge("Verified", tone="success", icon_name="shield-check")
    return rx.el.span(
        avatar(name, size="s"),
        link(name, href="/marketplace/vendors/" + vendor_id, class_name="text-link"),
        rx.cond(verified, mark),
        kind_badge(kind),
        class_name="market-name",
    )


def kind_badge(kind: Any) -> rx.Component:
    """What does the work, where that is no person alone."""
    return rx.cond(kind != "human", badge(worded(kind, _KINDS), tone="accent", icon_name="bot"), rx.fragment())


def stars(value: Any, number: Any = None) -> rx.Component:
    """The mean of a vendor's ratings."""
    said = rx.el.span(icon("star", size=14), hidden_text("Rating "), value, class_name="market-stars")
    count = rx.el.span(" (", number, ")") if number is not None else None
    return rx.cond(value != "", rx.el.span(said, count), rx.el.span("No ratings yet", class_name="muted"))


def score(points: Any, parts: Any) -> rx.Component:
    """A score of 100 that opens into its parts, each with its reason."""
    rows = rx.foreach(
        parts,
        lambda part: rx.el.li(
            rx.el.span(part.name, class_name="market-part"),
            rx.el.span(part.points, " of ", part.of, class_name="market-points"),
            rx.el.span(part.said, class_name="muted"),
        ),
    )
    return rx.el.details(
        rx.el.summary(rx.el.strong(points), hidden_text(" of 100"), " fit", icon("chevron-down", size=14)),
        rx.el.ul(rows, class_name="market-parts"),
        class_name="market-score",
    )


def words_dialog(
    id_: str, title: str, note: Child, label: str, on_submit: Handler, *, ask: Text = "", danger: bool = False
) -> rx.Component:
    """Asks before something is done, with room for a few words where `ask` names them."""
    box = field(ask, textarea("words", id_=f"{id_}-words", rows=3, max_length=2000)) if ask else None
    form = rx.el.form(
        rx.el.p(note),
        box,
        rx.el.div(
            button("Go back", kind="ghost", data_closes=""),
            button(label, kind="danger" if danger else "primary", submit=True, data_closes=""),
            class_name="form-actions",
        ),
        on_submit=on_submit,
        class_name="form",
    )
    return dialog(id_, title, form, class_name="dialog-small")
