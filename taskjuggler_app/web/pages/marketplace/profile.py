"""A vendor's profile: inside the product, and as a page that anybody may open."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    avatar,
    badge,
    card,
    category_chip,
    copy_button,
    empty_state,
    facts,
    link_button,
    mark,
    page_header,
    pick,
    skeleton_card,
    some,
    time_ago,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.marketplace.parts import CRUMB, kind_badge, stars
from taskjuggler_app.web.pages.marketplace.profile_state import PublicVendorState
from taskjuggler_app.web.pages.marketplace.vendor_state import VendorState

V: Any = VendorState  # on the class, a State's attributes are vars and its methods are handlers
P: Any = PublicVendorState
GONE = ("users", "No such vendor", "The profile was taken away, or its vendor has paused.")


def vendor() -> rx.Component:
    """The profile for those signed in."""
    row = V.row
    share = card(
        rx.el.div(
            rx.el.p("Anybody can open it, without an account.", class_name="muted"),
            rx.el.div(
                link_button("Open it", href="/vendors/" + row.id, icon_name="external-link", small=True),
                copy_button(V.address, label="Copy the address"),
                class_name="market-facts",
            ),
            class_name="vendor-about",
        ),
        title="Public page",
    )
    aside = rx.el.div(_glance(row), rx.cond(row.active, share), class_name="stack")
    content = rx.el.div(rx.el.div(_about(row), _ratings(V.ratings), class_name="stack"), aside, class_name="columns")
    return framed(
        "marketplace",
        page_header(pick(row.name != "", row.name, "Vendor"), note=row.business, crumbs=[CRUMB], actions=[_marks(row)]),
        rx.cond(V.loaded, rx.cond(V.missing, empty_state(*GONE), content), skeleton_card()),
    )


def public_vendor() -> rx.Component:
    """The profile for anybody."""
    row = P.row
    head = rx.el.header(
        avatar(row.name, size="l"),
        rx.el.div(
            rx.el.h1(row.name),
            rx.cond((row.business != "") & (row.business != row.name), rx.el.p(row.business, class_name="muted")),
            rx.el.div(_marks(row), stars(row.stars, row.ratings), class_name="market-facts"),
            class_name="vendor-title",
        ),
        link_button("Ask for work", href="/marketplace/new", kind="primary", icon_name="briefcase"),
        class_name="vendor-head",
    )
    page = rx.fragment(
        head,
        rx.el.div(
            rx.el.div(_about(row), _ratings(P.ratings), class_name="stack"),
            rx.el.div(_glance(row), _promise(), class_name="stack"),
            class_name="columns",
        ),
    )
    return rx.el.div(
        rx.el.main(
            rx.cond(P.loaded, rx.cond(P.missing, empty_state(*GONE), page), skeleton_card()),
            id="main",
            class_name="vendor-page",
        ),
        rx.el.footer(mark(size=18), rx.el.span("On the marketplace of TaskJuggler"), class_name="ask-foot"),
        class_name="ask-shell",
    )


def _marks(row: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(row.verified, badge("Verified", tone="success", icon_name="shield-check")),
        kind_badge(row.kind),
        rx.cond(row.active, rx.fragment(), badge("Paused", tone="warning")),
        class_name="market-name",
    )


def _about(row: Any) -> rx.Component:
    services = rx.el.ul(
        rx.foreach(row.services, lambda one: rx.el.li(one, class_name="chip")),
        class_name="vendor-services",
        aria_label="Services",
    )
    inside = rx.el.div(
        rx.cond(
            row.description != "",
            rx.el.p(row.description, class_name="wrap-anywhere"),
            rx.el.p("Nothing was said yet.", class_name="muted"),
        ),
        rx.el.div(rx.foreach(row.categories, category_chip), class_name="market-facts"),
        rx.cond(some(row.services), services),
        class_name="vendor-about",
    )
    return card(inside, title="What they do")


def _glance(row: Any) -> rx.Component:
    everywhere = pick(row.place != "", "Any distance", "Everywhere")
    return card(
        facts(
            ("Rating", stars(row.stars, row.ratings)),
            ("Jobs", row.completion),
            ("Charges", row.rate),
            ("Based in", pick(row.place != "", row.place, "Works from anywhere")),
            ("Travels", pick(row.radius != "", row.radius + " miles", everywhere)),
            ("Joined", time_ago(row.since, row.since)),
        ),
        title="At a glance",
    )


def _promise() -> rx.Component:
    steps = ("You say what is needed; they bid.", "What you pay is held.", "They are paid when you accept the work.")
    return card(rx.el.ol(*[rx.el.li(one) for one in steps], class_name="vendor-steps"), title="How it works")


def _ratings(rows: Any) -> rx.Component:
    inside = rx.cond(
        some(rows),
        rx.el.ul(rx.foreach(rows, _rating), class_name="market-bids"),
        empty_state("star", "No ratings yet", "They come from customers whose job is finished."),
    )
    return card(inside, title="Ratings")


def _rating(row: Any) -> rx.Component:
    reply = rx.el.blockquote(rx.el.p(rx.el.strong("Reply"), ": ", row.reply), class_name="vendor-reply wrap-anywhere")
    return rx.el.li(
        rx.el.p(
            rx.el.span(row.shown, aria_hidden="true", class_name="vendor-stars"),
            rx.el.span(row.stars, " of 5 stars", class_name="sr-only"),
            " ",
            rx.cond(row.title != "", rx.el.strong(row.title), category_chip(row.category)),
        ),
        rx.cond(row.words != "", rx.el.p(row.words, class_name="wrap-anywhere")),
        rx.el.p(row.who, " · ", time_ago(row.at, row.at), class_name="muted"),
        rx.cond(row.reply != "", reply),
        class_name="market-bid",
    )
