"""The marketplace's front: what is open, what is one's own, who offers work; and the form of a new listing."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    button,
    card,
    category_chip,
    checkbox,
    empty_state,
    field,
    form_error,
    link,
    link_button,
    notice,
    page_header,
    pick,
    same,
    segmented,
    select,
    skeleton_list,
    some,
    text_input,
    textarea,
    time_ago,
)
from taskjuggler_app.web.components.icons import icon
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.marketplace.parts import (
    CATEGORY_CHOICES,
    CRUMB,
    CURRENCY_CHOICES,
    listing_badge,
    stars,
    vendor_name,
)
from taskjuggler_app.web.pages.marketplace.state import MarketState, NewListingState

S: Any = MarketState  # on the class, a State's attributes are vars and its methods are handlers
N: Any = NewListingState
_SHOWS = (
    Choice("open", "Open jobs", "briefcase"),
    Choice("mine", "My listings", "list-checks"),
    Choice("bidding", "My bids", "hand"),
    Choice("vendors", "Vendors", "users"),
)


def market() -> rx.Component:
    """Listings and vendors."""
    nothing = empty_state(
        "briefcase",
        "Nothing here",
        pick(
            S.searched,
            "No listing matches. Drop a word, or widen the distance.",
            "Say what you need done; vendors that fit are told at once and bid.",
        ),
        action=link_button("Ask for work", href="/marketplace/new", kind="primary"),
    )
    nobody = empty_state("users", "Nobody found", "No vendor matches. Widen the distance or drop a word.")
    listed = rx.cond(some(S.rows), rx.el.ul(rx.foreach(S.rows, _listing), class_name="market-cards"), nothing)
    people = rx.cond(some(S.vendors), rx.el.ul(rx.foreach(S.vendors, _vendor), class_name="market-cards"), nobody)
    return framed(
        "marketplace",
        page_header(
            "Marketplace",
            note="People and AI tools compete for the work; what you pay is held until it is done.",
            actions=[
                rx.fragment(
                    rx.cond(S.operator, link_button("Operators' desk", href="/marketplace/desk", kind="ghost"))
                ),
                link_button("Payments", href="/marketplace/payments", kind="ghost", icon_name="credit-card"),
                link_button("Offer work", href="/marketplace/vendor", icon_name="wrench"),
                link_button("Ask for work", href="/marketplace/new", kind="primary", icon_name="plus"),
            ],
        ),
        rx.el.div(
            segmented("show", _SHOWS, S.show, on_select=S.choose, label="What to show"),
            _search(),
            rx.cond(S.error != "", notice(S.error, tone="warning")),
            rx.cond(S.loaded, rx.cond(S.show == "vendors", people, listed), skeleton_list()),
            class_name="stack",
        ),
    )


def _search() -> rx.Component:
    kinds = (Choice("", "Any kind of work"), *CATEGORY_CHOICES)
    miles = (Choice("", "Any distance"), *(Choice(str(n), f"Within {n} miles") for n in (10, 25, 50, 100)))
    return rx.el.form(
        field("Words", text_input("text", id_="market-text", kind="search", max_length=100)),
        field("Kind of work", select("category", kinds, id_="market-category")),
        field("Near", text_input("near", id_="market-near", placeholder="Portland, Maine, or 04101", max_length=100)),
        field("Distance", select("within", miles, id_="market-within")),
        button("Search", submit=True, icon_name="search"),
        on_submit=S.search,
        role="search",
        aria_label="Search the marketplace",
        class_name="market-search",
    )


def _listing(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h2(link(row.title, href="/marketplace/listings/" + row.id)),
            listing_badge(row.status),
            class_name="market-head",
        ),
        rx.cond(row.description != "", rx.el.p(row.description, class_name="market-text")),
        rx.el.div(
            category_chip(row.category),
            rx.el.span(icon("credit-card", size=14), row.budget),
            rx.cond(row.place != "", rx.el.span(icon("map-pin", size=14), row.place)),
            rx.cond(row.miles != "", rx.el.span(row.miles, " away")),
            rx.el.span(icon("hand", size=14), row.bids, pick(row.bids == 1, " bid", " bids")),
            rx.cond(row.needed_by != "", rx.el.span("Needed ", time_ago(row.needed_by, row.needed_by))),
            rx.cond(row.business != "", rx.el.span(icon("building-2", size=14), row.business)),
            class_name="market-facts",
        ),
        class_name="market-card",
    )


def _vendor(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h2(vendor_name(row.name, row.id, row.verified, row.kind)),
            stars(row.stars, row.ratings),
            class_name="market-head",
        ),
        rx.cond(row.description != "", rx.el.p(row.description, class_name="market-text")),
        rx.el.div(
            rx.foreach(row.categories, category_chip),
            rx.el.span(row.rate),
            rx.el.span(row.completion),
            rx.cond(row.place != "", rx.el.span(icon("map-pin", size=14), row.place)),
            rx.cond(row.miles != "", rx.el.span(row.miles)),
            class_name="market-facts",
        ),
        class_name="market-card",
    )


def new_listing() -> rx.Component:
    """Ask for work."""
    return framed(
        "marketplace",
        page_header(
            "Ask for work",
            note="Vendors that fit are told at once and bid. You choose; nothing is paid before that.",
            crumbs=[CRUMB],
        ),
        rx.cond(N.loaded, card(_form(), class_name="market-form"), skeleton_list()),
    )


def _wrong(name: str) -> Any:
    return pick(same(N.error_field, name), N.error)


def _form() -> rx.Component:
    budgets = (Choice("fixed", "A fixed sum"), Choice("hourly", "An hourly rate"), Choice("quote", "By quote"))
    carried = notice("The task's words are carried over. Its doer will be whom you choose.", icon_name="list-checks")
    return rx.el.form(
        rx.cond(N.task_id != "", carried),
        form_error(pick(N.error_field == "", N.error)),
        field(
            "What is to be done",
            text_input("title", default_value=N.title, required=True, max_length=500),
            error=_wrong("title"),
        ),
        field(
            "Details",
            textarea("description", rows=5, default_value=N.description),
            optional=True,
            hint="What you see, what you tried, what done looks like.",
        ),
        field("Kind of work", select("category", CATEGORY_CHOICES, default_value=N.category), error=_wrong("category")),
        rx.el.div(
            field("Budget", select("budget_type", budgets, id_="budget-type", default_value=N.budget_type)),
            field(
                "From",
                text_input("budget_min", default_value=N.budget_min, input_mode="decimal", max_length=20),
                optional=True,
                error=_wrong("budget_min"),
            ),
            field(
                "To",
                text_input("budget_max", default_value=N.budget_max, input_mode="decimal", max_length=20),
                optional=True,
                error=_wrong("budget_max"),
            ),
            field("Currency", select("currency", CURRENCY_CHOICES)),
            class_name="form-row",
        ),
        checkbox("on_site", "Somebody has to come", hint="Only vendors within reach are told."),
        rx.el.div(
            field(
                "Where",
                text_input("place", placeholder="Portland, Maine, or 04101", max_length=200),
                optional=True,
                error=_wrong("place"),
            ),
            field("Within miles", text_input("radius", input_mode="numeric", max_length=5), optional=True),
            class_name="form-row",
        ),
        rx.el.div(
            field("Needed by", text_input("needed_by", kind="date"), optional=True, error=_wrong("needed_by")),
            field(
                "Bids until",
                text_input("expires_at", kind="date"),
                optional=True,
                error=_wrong("expires_at"),
                hint="Two weeks when empty.",
            ),
            class_name="form-row",
        ),
        rx.el.div(
            link_button("Cancel", href="/marketplace", kind="ghost"),
            button("Publish", kind="primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=N.publish,
        key=N.task_id,
        class_name="form",
    )
